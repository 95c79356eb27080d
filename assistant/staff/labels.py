"""What values are called on the pages of the console."""

from __future__ import annotations

from typing import Final

from assistant.feedback.learning.proposals import CHANGE_NAMES, PROPOSAL_STATES
from assistant.feedback.learning.release import RELEASE_STATES
from assistant.feedback.values import ABOUT, KINDS, REASONS, DecisionKind, Origin, State
from assistant.replies.wording import ASPECT_TITLES

DONE: Final = {
    "mat-khau": "Đã đổi mật khẩu.",
    "thiet-lap-lai": "Đã xoá xác thực hai lớp cũ. Bạn thiết lập lại ngay bây giờ.",
    "phien": "Đã kết thúc các phiên làm việc khác.",
    "dang-xuat": "Bạn đã đăng xuất.",
    "quyet-dinh": "Đã ghi quyết định.",
    "de-xuat-moi": "Đã ghi quyết định. Đề xuất thay đổi đang chờ biên tập viên duyệt.",
    "tra-loi": "Đã lưu câu trả lời. Người dân thấy khi tra cứu mã.",
    "tra-loi-gui": "Đã lưu và gửi câu trả lời. Người dân cũng thấy khi tra cứu mã.",
    "tra-loi-muon": (
        "Đã lưu câu trả lời. Đã quá thời gian nền tảng cho phép nhắn, nên người dân chỉ thấy khi "
        "tra cứu mã."
    ),
    "tra-loi-nhan": (
        "Đã lưu câu trả lời. Đồng nghiệp đang nhắn với người này nên trợ lý không gửi thêm; người "
        "dân thấy khi tra cứu mã."
    ),
    "cap-nhat": "Đã bắt đầu. Việc kiểm tra mất vài phút.",
    "quay-lai": "Đã gỡ bản đang dùng. Trợ lý dùng lại bản trước.",
    "phan-cong": "Đã lưu phân công.",
    "ghi-chu": "Đã thêm ghi chú.",
    "trang-thai": "Đã đổi trạng thái.",
    "duyet": "Đã duyệt. Đề xuất sẽ vào bản cập nhật tới.",
    "khong-duyet": "Đã ghi là không duyệt.",
    "thong-bao": "Đã đăng thông báo.",
    "tam-dung": "Đã tạm dừng trợ lý.",
    "ket-thuc": "Đã kết thúc.",
    "tai-khoan": "Đã lưu tài khoản.",
    "mo-khoa": "Đã mở khoá.",
    "ngung": "Đã ngừng tài khoản. Mọi phiên của người này đã kết thúc.",
    "mo": "Tài khoản đăng nhập lại được.",
    "don-dep": "Đã xoá những gì hết thời hạn.",
}
"""What a page says after a form was taken, by a key in its address."""

STATES: Final = {
    State.NEW: "Mới",
    State.OPEN: "Đang xử lý",
    State.WAITING: "Chờ bản cập nhật",
    State.DONE: "Đã xử lý",
    State.DISMISSED: "Không xử lý",
}
ORIGINS: Final = {
    Origin.VOTE: "Người dân bấm chưa đúng",
    Origin.FLOW: "Góp ý khi trò chuyện",
    Origin.PAGE: "Góp ý trên trang web",
    Origin.DECLINED: "Trợ lý không trả lời",
    Origin.ASKED_TWICE: "Phải hỏi lại hai lần",
    Origin.LOW_CONFIDENCE: "Trợ lý không chắc",
    Origin.ABANDONED: "Người dân bỏ dở",
}
DECISIONS: Final = {
    DecisionKind.RIGHT_PROCEDURE: "Đúng ra là thủ tục khác",
    DecisionKind.MISSING_ALIAS: "Thiếu cách gọi của người dân",
    DecisionKind.WRONG_FIELD: "Thông tin trong thủ tục sai",
    DecisionKind.MISSING_FIELD: "Thông tin trong thủ tục thiếu",
    DecisionKind.OUT_OF_SCOPE: "Ngoài phạm vi trả lời",
    DecisionKind.NOT_ACTIONABLE: "Không có gì để sửa",
    DecisionKind.FORWARD: "Chuyển cơ quan, bộ phận khác",
}
ORDERS: Final = {
    "newest": "Mới nhất trước",
    "oldest": "Cũ nhất trước",
    "due": "Đến hạn trước",
    "often": "Hỏi nhiều trước",
}
CHANNELS: Final = {
    "web": "Trang web",
    "api": "Giao diện lập trình",
    "telegram": "Telegram",
    "zalo": "Zalo OA",
    "zalo-bot": "Zalo Bot",
    "terminal": "Dòng lệnh",
}
ACTIONS: Final = {
    "item.update": "Sửa mục",
    "item.assign": "Phân công",
    "item.decide": "Quyết định",
    "item.reply": "Trả lời người dân",
    "item.state": "Đổi trạng thái",
    "item.note": "Ghi chú",
    "item.follow": "Theo đề xuất",
    "item.vote": "Người dân bấm lại",
    "item.withdraw": "Người dân rút lại",
    "item.contact": "Người dân để lại liên hệ",
    "item.contact_shown": "Xem liên hệ của người dân",
    "proposal.create": "Tạo đề xuất",
    "proposal.edit": "Sửa đề xuất",
    "proposal.accept": "Duyệt đề xuất",
    "proposal.reject": "Không duyệt đề xuất",
    "release.start": "Bắt đầu cập nhật",
    "release.failed": "Bản cập nhật bị lỗi",
    "release.accepted": "Dùng bản cập nhật",
    "release.refused": "Không dùng bản cập nhật",
    "release.roll_back": "Gỡ bản cập nhật",
    "notice.start": "Đăng thông báo",
    "notice.end": "Gỡ thông báo",
    "pause.start": "Tạm dừng trợ lý",
    "pause.end": "Cho trợ lý trả lời lại",
    "proposal.released": "Đưa vào bản cập nhật",
    "proposal.refused": "Đề xuất không đạt kiểm tra",
    "privacy.export": "Xuất dữ liệu của một người",
    "privacy.delete": "Xoá dữ liệu của một người",
    "privacy.clean_up": "Xoá dữ liệu hết thời hạn",
    "sign_in": "Đăng nhập",
    "sign_in.wrong_password": "Sai mật khẩu",
    "sign_in.wrong_code": "Sai mã xác thực",
    "sign_in.recovery_code": "Dùng mã dự phòng",
    "account.create": "Tạo tài khoản",
    "account.update": "Sửa tài khoản",
    "account.reset": "Cấp lại mật khẩu",
    "account.disable": "Ngừng tài khoản",
    "account.enable": "Mở lại tài khoản",
    "account.unlock": "Mở khoá tài khoản",
    "account.password": "Đổi mật khẩu",
    "account.second_factor": "Thiết lập xác thực hai lớp",
    "account.factor_reset": "Thiết lập lại xác thực hai lớp",
    "account.recovery_codes": "Cấp lại mã dự phòng",
    "account.sessions_ended": "Kết thúc các phiên khác",
}
SUBJECTS: Final = {
    "item": "Mục",
    "proposal": "Đề xuất",
    "release": "Bản cập nhật",
    "notice": "Thông báo",
    "account": "Tài khoản",
    "privacy": "Dữ liệu cá nhân",
}
FIGURES: Final = {
    "acc@1": "Thủ tục đúng đứng đầu",
    "acc@3": "Thủ tục đúng trong ba thủ tục đầu",
    "procedure": "Trả lời đúng thủ tục",
    "aspects_contained": "Trả lời đủ điều được hỏi",
    "decision": "Chọn đúng cách đáp",
    "correct": "Trả lời đúng",
    "helped": "Giúp được người hỏi",
    "oos_declined": "Từ chối đúng câu ngoài phạm vi",
    "facts_wrong": "Số liệu không có trong bản ghi",
}
COLUMNS: Final = {
    "state": "trạng thái",
    "procedure": "thủ tục",
    "assignee": "người xử lý",
    "due_at": "hạn",
    "decision": "quyết định",
    "decision_data": "nội dung quyết định",
    "reply": "câu trả lời",
    "release_id": "bản cập nhật",
    "group_id": "nhóm",
    "times": "số lần",
    "text": "nội dung",
    "role": "vai trò",
    "name": "tên",
    "username": "tên đăng nhập",
    "reason": "lý do",
    "note": "ghi chú",
    "kind": "loại",
    "channel": "kênh",
    "starts_at": "từ",
    "ends_at": "đến",
    "ended_at": "kết thúc",
    "created_at": "tạo lúc",
    "created_by": "người tạo",
    "payload": "thay đổi",
    "item": "mục",
    "release": "bản cập nhật",
}

LABELS: Final[dict[str, dict[str, str]]] = {
    "state": {str(key): value for key, value in STATES.items()},
    "kind": {str(key): value for key, value in KINDS.items()},
    "origin": {str(key): value for key, value in ORIGINS.items()},
    "decision": {str(key): value for key, value in DECISIONS.items()},
    "about": {str(key): value for key, value in ABOUT.items()},
    "vote": {str(key): value for key, value in REASONS.items()},
    "aspect": {str(key): value for key, value in ASPECT_TITLES.items()},
    "proposal": {str(key): value for key, value in PROPOSAL_STATES.items()},
    "release": {str(key): value for key, value in RELEASE_STATES.items()},
    "figure": FIGURES,
    "channel": CHANNELS,
    "action": ACTIONS,
    "subject": SUBJECTS,
    "change": dict(CHANGE_NAMES),
    "column": COLUMNS,
    "field": {
        "reply": "Trả lời người dân",
        "note": "Ghi chú",
        "reason": "Lý do",
        "text": "Nội dung",
        "value": "Giá trị đúng",
        "phrase": "Cách gọi",
        "turns": "Câu hỏi để kiểm tra",
    },
}
"""Names of values by the group they belong to."""


def label(value: object, group: str) -> str:
    """Names a value; one that has no name is shown as it is."""
    return LABELS[group].get(str(value), str(value))
