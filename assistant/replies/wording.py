"""Every sentence that the assistant says of itself, and the names of things, in one place.

Facts of procedures are not here: they come from the catalogue.
"""

from __future__ import annotations

from typing import Final

from knowledge_base.schema import Aspect, Audience, FeeState, Level, Method, Relation, TimeUnit

ASPECT_TITLES: Final = {
    Aspect.OVERVIEW: "Tóm tắt",
    Aspect.DOCUMENTS: "Giấy tờ cần có",
    Aspect.FEES: "Phí, lệ phí",
    Aspect.STEPS: "Các bước",
    Aspect.PROCESSING_TIME: "Thời gian giải quyết",
    Aspect.WHERE: "Nơi làm thủ tục",
    Aspect.ONLINE: "Làm trực tuyến",
    Aspect.FORMS: "Mẫu đơn, tờ khai",
    Aspect.CONDITIONS: "Điều kiện",
    Aspect.RESULT: "Kết quả nhận được",
    Aspect.LEGAL_BASIS: "Căn cứ pháp lý",
}

NOT_STATED: Final = {
    Aspect.DOCUMENTS: "Dữ liệu chính thức chưa nêu giấy tờ cần nộp.",
    Aspect.FEES: "Dữ liệu chính thức chưa nêu mức phí, lệ phí. Chưa nêu không có nghĩa là miễn phí.",
    Aspect.STEPS: "Dữ liệu chính thức chưa nêu các bước thực hiện.",
    Aspect.PROCESSING_TIME: "Dữ liệu chính thức chưa nêu thời gian giải quyết.",
    Aspect.WHERE: "Dữ liệu chính thức chưa nêu nơi nộp hồ sơ.",
    Aspect.ONLINE: "Dữ liệu chính thức chưa nêu cách nộp hồ sơ.",
    Aspect.FORMS: "Dữ liệu chính thức chưa nêu mẫu đơn, tờ khai.",
    Aspect.CONDITIONS: "Dữ liệu chính thức không nêu điều kiện riêng cho thủ tục này.",
    Aspect.RESULT: "Dữ liệu chính thức chưa nêu kết quả.",
    Aspect.LEGAL_BASIS: "Dữ liệu chính thức chưa nêu căn cứ pháp lý.",
}

METHODS: Final = {
    Method.IN_PERSON: "Trực tiếp",
    Method.ONLINE: "Trực tuyến",
    Method.POST: "Qua bưu chính",
}

LEVELS: Final = {
    Level.COMMUNE: "cấp xã",
    Level.PROVINCE: "cấp tỉnh",
    Level.MINISTRY: "cấp bộ",
    Level.OTHER: "cơ quan khác",
}

AUDIENCES: Final = {
    Audience.CITIZEN: "công dân",
    Audience.OVERSEAS_VIETNAMESE: "người Việt Nam ở nước ngoài",
    Audience.FOREIGNER: "người nước ngoài",
    Audience.HOUSEHOLD: "hộ gia đình",
    Audience.BUSINESS: "doanh nghiệp",
    Audience.FOREIGN_BUSINESS: "doanh nghiệp có vốn nước ngoài",
    Audience.COOPERATIVE: "hợp tác xã",
    Audience.ORGANISATION: "tổ chức",
    Audience.FOREIGN_ORGANISATION: "tổ chức nước ngoài",
    Audience.OFFICIAL: "cán bộ, công chức, viên chức",
    Audience.STATE_BODY: "cơ quan nhà nước",
}

FEE_STATES: Final = {
    FeeState.FREE: "Miễn phí",
    FeeState.SET_BY_PROVINCE: "Do Hội đồng nhân dân cấp tỉnh quyết định, mỗi tỉnh một khác",
    FeeState.NOT_STATED: "Chưa nêu số tiền",
}

TIME_UNITS: Final = {
    TimeUnit.MINUTE: "phút",
    TimeUnit.HOUR: "giờ",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.WEEK: "tuần",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
}
SET_BY_PROVINCE_SHORT: Final = "do từng tỉnh, thành phố quyết định"
IMMEDIATELY: Final = "Giải quyết ngay"

RELATIONS: Final = {
    Relation.BEFORE: "Trước đó",
    Relation.AFTER: "Sau đó",
    Relation.SEE_ALSO: "Xem thêm",
    Relation.INSTEAD: "Có thể thay bằng",
}

CARD_MISSING: Final = (
    "Tôi mới có dữ liệu tóm tắt của thủ tục này, nên phần chưa nêu bạn xem ở trang chính thức."
)
SOURCE_LINE: Final = "Căn cứ: {numbers}. Kiểm tra lần cuối: {checked}."
SOURCE_LINE_NO_LAW: Final = "Kiểm tra lần cuối: {checked}."
MORE_LAWS: Final = "{numbers} và {count} văn bản khác"
OFFICIAL_PAGE: Final = "Trang chính thức"
FULL_PAGE: Final = "Xem đầy đủ"
SUPERSEDED: Final = "Lưu ý: thủ tục này không còn hiệu lực. {reason}"
SUPERSEDED_BY: Final = "Thủ tục thay thế: {title}."

CLARIFY: Final = "Có vài thủ tục gần với câu hỏi của bạn. Bạn muốn hỏi thủ tục nào?"
WHICH_CASE: Final = "Bạn cần làm theo trường hợp nào: {ways}?"
CASES: Final = {
    "cancel": "thôi, chấm dứt",
    "suspend": "tạm ngừng",
    "resume": "làm tiếp sau khi tạm ngừng",
    "extract": "xin bản sao, trích lục",
    "extend": "gia hạn",
    "reissue": "làm lại vì mất, hỏng",
    "exchange": "đổi",
    "change": "sửa, thay đổi thông tin",
    "confirm": "xin xác nhận",
    "report": "báo, thông báo",
}
USUAL_CASE: Final = "làm mới"
WHICH_SIDE: Final = "Việc của bạn thuộc trường hợp nào: {ways}?"
SIDES: Final = {
    "border": "ở khu vực biên giới",
    "foreign": "có người nước ngoài hoặc ở nước ngoài",
}
USUAL_SIDE: Final = "trong nước"
WHICH_APPLICANT: Final = "Bạn hỏi cho ai: {ways}?"
APPLICANTS: Final = {
    "household_business": "hộ kinh doanh",
    "cooperative": "hợp tác xã",
    "branch": "chi nhánh, văn phòng đại diện",
    "business": "doanh nghiệp",
}
WHICH_LEVEL: Final = "Bạn hỏi thủ tục do cấp nào giải quyết: {ways}?"
NONE_OF_THESE: Final = (
    "Nếu không có thủ tục nào đúng, bạn nói rõ hơn: làm giấy gì, cho ai, vì sao cần."
)
PROBABLY: Final = "Tôi hiểu bạn hỏi về: {title}."
OTHER_OPTIONS: Final = "Nếu không phải, có thể bạn cần:"

LIST_FIELD: Final = "Lĩnh vực {field} có {count} thủ tục. Các thủ tục hay gặp:"
LIST_MORE: Final = "Còn {count} thủ tục khác. Bạn gõ điều muốn làm, tôi tìm giúp."
LIST_FIELDS: Final = "Tôi có thông tin của {count} thủ tục. Bạn chọn một lĩnh vực:"

GREETING: Final = (
    "Chào bạn. Tôi là trợ lý tự động về thủ tục hành chính. Bạn muốn làm giấy tờ gì? "
    "Ví dụ: “làm giấy khai sinh cho con cần gì”, “đăng ký tạm trú bao nhiêu tiền”, “làm căn cước ở đâu”."
)
THANKS: Final = "Không có gì ạ. Bạn cần hỏi thêm thủ tục nào cứ nhắn."
GOODBYE: Final = "Chào bạn. Khi cần hỏi thủ tục, bạn cứ nhắn lại."
ABILITIES: Final = (
    "Tôi là trợ lý tự động, không phải cán bộ. Tôi trả lời về thủ tục hành chính: cần giấy tờ gì, "
    "phí bao nhiêu, các bước, bao lâu xong, nộp ở đâu, có làm trực tuyến được không. "
    "Câu trả lời lấy từ dữ liệu công bố chính thức, có ghi căn cứ và ngày kiểm tra. "
    "Tôi không nộp hồ sơ, không thu tiền và không quyết định thay cơ quan."
)
ASK_AWAY: Final = "Bạn gõ điều muốn làm, có dấu hay không dấu đều được."
OFFICE_UNKNOWN: Final = (
    "Tôi chưa có địa chỉ và giờ làm việc của cơ quan nơi bạn ở. Bạn hỏi tổng đài "
    "{portal} hoặc đến trụ sở Ủy ban nhân dân xã, phường."
)
OUT_OF_SCOPE: Final = "Câu này nằm ngoài phạm vi của tôi. Tôi chỉ trả lời về thủ tục hành chính."
NOT_KNOWN: Final = "Tôi chưa có thông tin chắc chắn về thủ tục bạn hỏi, nên không trả lời đoán."
NOT_KNOWN_FIELD: Final = "Lĩnh vực gần nhất tôi có là {field}."
WHO_KNOWS: Final = "Bạn hỏi giúp nơi này để được trả lời chính xác:"
REFUSE: Final = (
    "Tôi không làm thay được việc này: tôi không nộp hồ sơ, không thanh toán, không đăng nhập "
    "tài khoản và không làm theo yêu cầu thay đổi quy định trả lời."
)
REFUSE_HELP: Final = (
    "Tôi có thể chỉ cần giấy tờ gì, phí bao nhiêu và nộp ở đâu để bạn tự làm hoặc nhờ cán bộ giúp."
)
DISTRESS: Final = (
    "Nếu bạn hoặc ai đó đang gặp nguy hiểm, hãy gọi ngay, các số này gọi được cả ngày đêm:"
)
DISTRESS_END: Final = (
    "Tôi là trợ lý tự động, không xử lý được việc khẩn cấp. Bạn báo ngay cho người thân, "
    "hàng xóm hoặc công an nơi gần nhất."
)
SCAM: Final = (
    "Bạn đừng đưa mã OTP, mật khẩu, số căn cước, số tài khoản cho bất kỳ ai qua điện thoại, tin nhắn "
    "hay ở đây; đừng bấm vào đường link lạ và đừng cài ứng dụng theo lời người gọi. "
    "Nghi bị lừa hoặc lỡ chuyển tiền thì báo ngay công an nơi gần nhất và ngân hàng của bạn."
)
DENOUNCE: Final = (
    "Tố cáo, tố giác tội phạm và khiếu nại quyết định hành chính phải gửi đến người có thẩm quyền để được "
    "bảo vệ và giải quyết theo luật, tôi không nhận thay được. Bạn có thể đến nơi tiếp công dân của Ủy ban "
    "nhân dân hoặc công an nơi gần nhất."
)
FEEDBACK: Final = "Cảm ơn bạn đã góp ý. Bạn gửi phản ánh, kiến nghị về việc giải quyết thủ tục tại nơi này để được trả lời:"
LOOK_UP: Final = (
    "Tôi không xem được hồ sơ của riêng ai. Bạn tra bằng mã hồ sơ ghi trên giấy hẹn tại Cổng dịch vụ công "
    "quốc gia, mục Tra cứu hồ sơ, hoặc hỏi nơi đã nhận hồ sơ."
)
LOOK_UP_FEEDBACK: Final = (
    "Nếu bạn có mã góp ý dạng MC-XXXX-XXXX, bạn gửi mã vào đây để xem kết quả."
)
DENIED: Final = (
    "Xin lỗi, tôi hiểu chưa đúng. Bạn nói rõ hơn giúp tôi: làm giấy gì, cho ai, vì sao cần?"
)
STARTED_OVER: Final = "Vâng, mình bắt đầu lại. Bạn muốn hỏi thủ tục nào?"
FORGOTTEN: Final = "Tôi đã xóa cuộc trò chuyện này khỏi hệ thống."
NOTHING_TO_CHOOSE: Final = (
    "Hiện không có danh sách nào có số đó. Bạn gõ tên thủ tục hoặc việc muốn làm nhé."
)

EMPTY: Final = "Tôi chưa thấy nội dung câu hỏi. Bạn gõ điều muốn hỏi về thủ tục hành chính nhé."
TOO_LONG: Final = "Tin nhắn dài quá nên tôi chưa đọc hết được. Bạn viết ngắn lại trong {limit} ký tự, mỗi lần hỏi một việc."
TOO_FAST: Final = "Bạn gửi hơi nhanh, tôi chưa kịp trả lời. Bạn chờ một phút rồi hỏi tiếp nhé."
FAILED: Final = (
    "Hệ thống gặp lỗi khi trả lời câu này. Bạn thử lại sau ít phút, hoặc hỏi trực tiếp nơi này:"
)
NOT_TEXT: Final = (
    "Tôi chỉ đọc được chữ. Bạn gõ câu hỏi giúp tôi, ví dụ: “đăng ký tạm trú cần giấy tờ gì”."
)

COMPARE: Final = "So sánh hai thủ tục:"
NOT_STATED_SHORT: Final = "chưa nêu"

WAYS_OF_SUBMISSION: Final = "Cách nộp hồ sơ"
OTHER_WAYS: Final = "Cách nộp khác"
SUBMIT_AT: Final = "Nộp tại"
SUBMISSION_SITE: Final = "Cổng nộp hồ sơ"
BY_METHOD: Final = {
    Method.IN_PERSON: "Nộp trực tiếp",
    Method.ONLINE: "Nộp trực tuyến",
    Method.POST: "Gửi qua bưu chính",
}
"""How one hands in, as the label of where."""

POSSIBLE: Final = "được"
AGENCY: Final = "Cơ quan giải quyết"
PLACE_NOT_STATED: Final = "Dữ liệu chính thức chưa nêu cơ quan tiếp nhận."
ONLINE_YES: Final = "Có, nộp trực tuyến được."
ONLINE_NO: Final = "Dữ liệu chính thức không ghi cách nộp trực tuyến cho thủ tục này."
ONLINE_YES_SHORT: Final = "được"
ONLINE_NO_SHORT: Final = "dữ liệu chính thức không ghi"
FORM_FROM: Final = "ban hành kèm theo {source}"
CHOOSE_ONE: Final = "chỉ cần một trong các giấy sau"
SHOW_ONLY: Final = "chỉ xuất trình"
ORIGINALS: Final = "{count} bản chính"
COPIES: Final = "{count} bản sao"
IF_THERE_IS_ONE: Final = "nếu có"
IN_SOME_CASES: Final = "tùy trường hợp"
"""Stands for a remark that was left out and says when a paper is needed."""

EVERYONE: Final = "Mọi trường hợp"
"""Title of the papers that everyone brings, shown when other cases follow."""

SHORTENED: Final = "Bản rút gọn: chọn “Xem đầy đủ” để đọc hết."
SHOW_WHOLE: Final = "Xem đầy đủ"
SHOW_WHOLE_OF: Final = "Xem đầy đủ: {title}"
MORE_CASES: Final = "Còn giấy tờ riêng cho {count} trường hợp khác"
MORE: Final = "Còn {count} {unit} nữa."
SO_MANY_FIGURES: Final = "{count} {unit}, tùy trường hợp"
SO_MANY: Final = "{count} loại {unit}"
NAME_ONLY: Final = "Dữ liệu tôi có mới nêu tên và lĩnh vực của thủ tục này."
BY_WAYS: Final = "nộp {ways}"
AND_MORE: Final = "và {count} {unit} khác"
LINES: Final = "mức"
PAPERS: Final = "giấy tờ"
UNITS: Final = {
    Aspect.DOCUMENTS: PAPERS,
    Aspect.FEES: "mức thu",
    Aspect.STEPS: "bước",
    Aspect.PROCESSING_TIME: "thời hạn",
    Aspect.WHERE: "nơi nộp",
    Aspect.ONLINE: "cách nộp",
    Aspect.FORMS: "mẫu",
    Aspect.CONDITIONS: "điều kiện",
    Aspect.RESULT: "kết quả",
    Aspect.LEGAL_BASIS: "văn bản",
}
"""What a shortened list counts."""

UNTIL: Final = "đến hết {date}"
FROM: Final = "từ {date}"
ACCORDING_TO: Final = "Theo {source}."
WHEN_SUBMITTED: Final = "khi nộp {ways}"
LOCAL_FIGURE: Final = "Mức thu trên là của riêng {province}, theo {document}."
LOCAL_SECONDARY: Final = "Số liệu này lấy qua nguồn tổng hợp, nên hỏi lại nơi nộp hồ sơ."
ASK_PROVINCE: Final = "Mức thu tùy tỉnh. Bạn ở tỉnh, thành phố nào? Tôi mới có mức của các nơi sau:"
NO_LOCAL_FIGURE: Final = "Tôi chưa có mức thu riêng của {province}; bạn hỏi nơi nộp hồ sơ."

ADDRESS: Final = "Địa chỉ"
HOURS: Final = "Giờ làm việc"
TELEPHONE: Final = "Điện thoại"
DISTANCE: Final = "Cách bạn"
AS_THE_CROW_FLIES: Final = "khoảng {distance} theo đường thẳng"
ON_THE_MAP: Final = "Xem trên bản đồ"
NEAR: Final = "Tôi không lưu vị trí của bạn. Nơi tiếp nhận hồ sơ gần bạn mà tôi biết:"
BEFORE_GOING: Final = (
    "Có thủ tục phải nộp đúng nơi cư trú: trước khi đi, bạn hỏi tôi nơi nộp của thủ tục cần làm."
)
NOTHING_NEAR: Final = (
    "Tôi không lưu vị trí của bạn. Tôi chưa có địa chỉ nơi tiếp nhận hồ sơ nào gần đó. Bạn đến trụ sở Ủy ban "
    "nhân dân xã, phường nơi bạn ở, hoặc hỏi:"
)
TAKEN_FOR: Final = "Tôi hiểu bạn ở {place}."
TAKEN_FOR_NEW: Final = "Tôi hiểu bạn ở {place} (trước khi sắp xếp là {before})."
DIVIDED: Final = (
    "Nơi cũ nay chia về nhiều xã, phường; nếu bạn ở phần khác, bạn nhắn tên mới giúp tôi."
)
ASK_WHICH_PROVINCE: Final = (
    "Nhiều tỉnh có nơi tên như vậy. Bạn ở tỉnh, thành phố nào? Bạn chọn hoặc gõ tên tỉnh:"
)
