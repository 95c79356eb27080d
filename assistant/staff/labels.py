"""What values are called on the pages of the console."""

from __future__ import annotations

from typing import Final

DONE: Final = {
    "mat-khau": "Đã đổi mật khẩu.",
    "thiet-lap-lai": "Đã xoá xác thực hai lớp cũ. Bạn thiết lập lại ngay bây giờ.",
    "phien": "Đã kết thúc các phiên làm việc khác.",
    "dang-xuat": "Bạn đã đăng xuất.",
}
"""What a page says after a form was taken, by a key in its address."""

LABELS: Final[dict[str, dict[str, str]]] = {
    "field": {
        "reply": "Trả lời người dân",
        "note": "Ghi chú",
        "reason": "Lý do",
        "text": "Nội dung",
        "value": "Giá trị đúng",
        "alias": "Cách gọi",
    },
}
"""Names of values by the group they belong to."""


def label(value: object, group: str) -> str:
    """Names a value; one that has no name is shown as it is."""
    return LABELS.get(group, {}).get(str(value), str(value))
