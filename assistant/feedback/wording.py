"""Every sentence that feedback says to a citizen."""

from __future__ import annotations

from typing import Final

# --- votes ------------------------------------------------------------------------------------

VOTED_USEFUL: Final = "Cảm ơn bạn đã cho biết. Bạn cần hỏi thêm thủ tục nào cứ nhắn."
VOTED_NOT_USEFUL: Final = (
    "Xin lỗi vì câu trả lời chưa đúng ý bạn. Cán bộ sẽ xem lại, mã theo dõi là {code}. "
    "Câu trả lời chưa đúng ở điểm nào? Bạn cũng có thể hỏi lại rõ hơn."
)
BLAME_TAKEN: Final = (
    "Xin lỗi vì câu trả lời chưa đúng ý bạn. Tôi đã chuyển cho cán bộ xem lại. Gửi mã {code} vào "
    "đây bất cứ lúc nào để xem kết quả. Bạn cũng có thể hỏi lại rõ hơn."
)
VOTE_UNKNOWN: Final = (
    "Tôi không tìm thấy câu trả lời này trong cuộc trò chuyện của bạn, có thể vì đã quá lâu. "
    "Bạn hỏi lại rồi đánh giá giúp tôi nhé."
)
ASK_COMMENT: Final = (
    "Cảm ơn bạn. Bạn viết thêm một câu cho cán bộ dễ sửa nhé, ví dụ thông tin đúng là gì. "
    "Không cần thì chọn “{skip}”."
)
COMMENT_TAKEN: Final = (
    "Cảm ơn bạn, tôi đã chuyển cho cán bộ. Gửi mã {code} vào đây bất cứ lúc nào để xem kết quả."
)

# --- suggestions and complaints ---------------------------------------------------------------

ASK_KIND: Final = "Cảm ơn bạn đã góp ý. Bạn muốn gửi gì?"
KIND_CHOICES: Final = {
    "suggestion": "Kiến nghị: đề xuất làm tốt hơn",
    "complaint": "Phản ánh: việc chưa tốt đã gặp",
}
NOTED: Final = (
    "Cảm ơn bạn, tôi đã ghi lại nội dung. Bạn cho biết thêm một hai ý ngắn để chuyển đúng nơi."
)
ALSO: Final = "Bạn cũng có thể gửi tới hệ thống chung của cả nước:"
ASK_ABOUT: Final = "Về việc gì?"
ASK_PLACE: Final = "Ở cơ quan, nơi nào? Bạn gõ tên, ví dụ: UBND phường, quầy số mấy."
ASK_TEXT: Final = (
    "Bạn viết nội dung giúp tôi, càng cụ thể càng dễ xử lý. Không cần ghi số căn cước hay số điện "
    "thoại ở đây."
)
TEXT_TOO_SHORT: Final = "Nội dung ngắn quá. Bạn viết rõ hơn việc gì, xảy ra khi nào nhé."
TAKEN: Final = "Đã tiếp nhận {kind} của bạn. Mã theo dõi: {code}."
HOW_TO_FOLLOW: Final = "Gửi mã này vào đây bất cứ lúc nào để xem trạng thái và trả lời của cơ quan."
ASK_CONTACT: Final = (
    "Bạn có muốn để lại số điện thoại hoặc e-mail không? Không bắt buộc. Cơ quan chỉ dùng để trả "
    "lời việc này; liên hệ được mã hóa và xóa khi bạn yêu cầu."
)
CONSENT: Final = "Tôi đồng ý để lại liên hệ"
NO_CONTACT: Final = "Không cần"
ASK_CONTACT_VALUE: Final = "Bạn gõ số điện thoại hoặc e-mail:"
CONFIRM_CONTACT: Final = "Bạn đồng ý cho cơ quan dùng liên hệ vừa gõ để trả lời việc này chứ?"
CONTACT_UNREADABLE: Final = (
    "Tôi chưa đọc được số điện thoại hay e-mail. Bạn gõ lại, ví dụ 09xx xxx xxx, hoặc chọn “{no}”."
)
CONTACT_TAKEN: Final = "Đã lưu liên hệ của bạn. Cảm ơn bạn đã góp ý, mã theo dõi là {code}."
NO_CONTACT_TAKEN: Final = "Vâng. Cảm ơn bạn đã góp ý, mã theo dõi là {code}."
STOP: Final = "Thôi, không gửi"
SKIP: Final = "Bỏ qua"
STOPPED: Final = "Vâng, tôi không gửi gì cả. Bạn cần hỏi thủ tục nào cứ nhắn."
SKIPPED: Final = "Vâng. Bạn cần hỏi thủ tục nào cứ nhắn."
LEFT: Final = "(Phần góp ý đang viết dở tôi đã bỏ lại; gõ “góp ý” khi muốn viết tiếp.)"
SENT_ON_LEAVING: Final = "(Tôi đã gửi phần góp ý của bạn, mã theo dõi {code}.)"
POINTED: Final = "Nội dung bạn viết cần nơi có thẩm quyền giải quyết:"
TOO_MANY: Final = "Bạn gửi nhiều góp ý trong thời gian ngắn. Bạn chờ một lúc rồi gửi tiếp nhé."

# --- satisfaction -----------------------------------------------------------------------------

ASK_RATING: Final = "Bạn hài lòng đến đâu với lần hỏi đáp này? (Không bắt buộc.)"
SCORES: Final = {
    1: "Rất không hài lòng",
    2: "Không hài lòng",
    3: "Bình thường",
    4: "Hài lòng",
    5: "Rất hài lòng",
}
RATED: Final = "Cảm ơn bạn đã đánh giá."
ASK_RATING_COMMENT: Final = "Cảm ơn bạn đã nói thật. Điều gì làm bạn chưa hài lòng?"
RATING_COMMENT_TAKEN: Final = "Cảm ơn bạn, tôi đã chuyển cho cán bộ. Mã theo dõi: {code}."

# --- looking up -------------------------------------------------------------------------------

STATUS: Final = "Mã {code} ({kind}), gửi ngày {day}."
STATE_LABEL: Final = "Trạng thái"
REPLY_LABEL: Final = "Trả lời của cơ quan"
RESOLVED_BY_RELEASE: Final = (
    "Câu trả lời đã được sửa và kiểm tra. Bạn hỏi lại câu cũ để xem câu trả lời mới."
)
NO_REPLY_YET: Final = "Cơ quan chưa trả lời. Bạn gửi lại mã này vào lúc khác để xem."
CODE_UNKNOWN: Final = (
    "Tôi không tìm thấy mã {code}. Bạn xem lại từng ký tự: mã gồm MC và 8 chữ, số, không có chữ O, "
    "chữ I, chữ L và chữ U. Mã hồ sơ trên giấy hẹn thì tra ở Cổng dịch vụ công quốc gia."
)
LOOKED_TOO_OFTEN: Final = "Có quá nhiều lượt tra cứu sai. Bạn chờ một lúc rồi thử lại nhé."
