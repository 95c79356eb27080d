"""What the error numbers of the Official Account API mean, and what an office does about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from connectors.channel import Trouble

TOKEN_ERRORS: Final = frozenset({-216, -220})
"""The access token is invalid or has expired: refresh, then try once more."""
RATE_ERROR: Final = -32
TOO_LONG: Final = -210


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to do about an error, and what to tell the people who run the account."""

    trouble: Trouble
    fix: str = ""
    retries: int | None = None


_CONSOLE: Final = "developers.zalo.me → ứng dụng của cơ quan"

MEANINGS: Final[dict[int, Meaning]] = {
    -32: Meaning(Trouble.RATE),
    -100: Meaning(Trouble.MESSAGE),
    -200: Meaning(Trouble.RETRY, retries=2),
    -201: Meaning(Trouble.MESSAGE),
    -204: Meaning(Trouble.ACCOUNT, "OA đang bị khóa. Vào oa.zalo.me kiểm tra trạng thái OA."),
    -205: Meaning(Trouble.ACCOUNT, "OA không tồn tại. Kiểm tra ứng dụng đã liên kết đúng OA chưa."),
    -209: Meaning(
        Trouble.ACCOUNT,
        f"Ứng dụng chưa kích hoạt. Vào {_CONSOLE} → Cài đặt, bật trạng thái “Đang hoạt động”.",
    ),
    -210: Meaning(Trouble.MESSAGE),
    -211: Meaning(Trouble.ACCOUNT, "OA đã hết hạn mức gửi tin. Vào oa.zalo.me xem gói dịch vụ."),
    -212: Meaning(
        Trouble.ACCOUNT,
        f"Ứng dụng chưa đăng ký sản phẩm. Vào {_CONSOLE} → Đăng ký sử dụng API → "
        "Official Account API.",
    ),
    -213: Meaning(Trouble.RECIPIENT),
    -216: Meaning(
        Trouble.ACCOUNT, "Zalo không nhận access token. Nạp lại: motcua zalo token import."
    ),
    -217: Meaning(Trouble.RECIPIENT),
    -218: Meaning(Trouble.RECIPIENT),
    -219: Meaning(Trouble.ACCOUNT, f"Ứng dụng đã bị gỡ hoặc bị khóa. Vào {_CONSOLE} kiểm tra."),
    -220: Meaning(Trouble.ACCOUNT, "Access token hết hạn. Nạp lại: motcua zalo token import."),
    -221: Meaning(Trouble.ACCOUNT, "OA chưa xác thực. Vào oa.zalo.me → Xác thực tài khoản."),
    -223: Meaning(
        Trouble.ACCOUNT,
        "Quản trị viên OA chưa cấp đủ quyền cho ứng dụng. Mở lại đường dẫn của lệnh "
        "motcua zalo token authorise và đánh dấu mọi nhóm quyền.",
    ),
    -224: Meaning(
        Trouble.ACCOUNT,
        "Gói OA không có OpenAPI. Vào oa.zalo.me → Gói dịch vụ, cần gói Tăng trưởng hoặc "
        "Toàn diện.",
    ),
    -227: Meaning(Trouble.RECIPIENT),
    -230: Meaning(Trouble.RECIPIENT),
    -231: Meaning(Trouble.RECIPIENT),
    -232: Meaning(Trouble.RECIPIENT),
    -233: Meaning(Trouble.MESSAGE),
    -234: Meaning(Trouble.MESSAGE),
    -235: Meaning(Trouble.ACCOUNT, "Loại OA này không dùng được chức năng gửi tin qua API."),
    -240: Meaning(Trouble.MESSAGE),
    -242: Meaning(
        Trouble.ACCOUNT,
        "Sai appsecret_proof. Kiểm tra MOTCUA_ZALO_APP_SECRET, và MOTCUA_ZALO_APPSECRET_PROOF chỉ "
        "bật khi ứng dụng bắt buộc.",
    ),
    -244: Meaning(Trouble.RECIPIENT),
    -248: Meaning(Trouble.MESSAGE, "Zalo từ chối một tin vì vi phạm quy định nền tảng."),
    -320: Meaning(Trouble.ACCOUNT, "OA chưa liên kết Zalo Cloud Account."),
    -321: Meaning(Trouble.ACCOUNT, "Zalo Cloud Account hết tiền. Nạp thêm tiền."),
}  # fmt: skip

AUTHORISATION_FIXES: Final = {
    -14002: f"App ID sai hoặc ứng dụng chưa kích hoạt. Vào {_CONSOLE} → Cài đặt.",
    -14003: (
        "Callback không khớp hoặc tên miền chưa xác thực. Callback đã đăng ký phải giống "
        "từng ký tự với MOTCUA_ZALO_REDIRECT_URI."
    ),
    -14029: f"Ứng dụng chưa được duyệt. Vào {_CONSOLE} xem trạng thái xét duyệt.",
}
"""Hints for people only: the program never decides by these numbers, which are not documented."""


def meaning(code: int) -> Meaning:
    """What an error number asks for; an unknown one is taken as final for this message."""
    return MEANINGS.get(code, Meaning(Trouble.MESSAGE))
