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


_CONSOLE: Final = "developers.zalo.me → the office's app"

MEANINGS: Final[dict[int, Meaning]] = {
    -32: Meaning(Trouble.RATE),
    -100: Meaning(Trouble.MESSAGE),
    -200: Meaning(Trouble.RETRY, retries=2),
    -201: Meaning(Trouble.MESSAGE),
    -204: Meaning(Trouble.ACCOUNT, "The OA is locked. Look at its state on oa.zalo.me."),
    -205: Meaning(Trouble.ACCOUNT, "There is no such OA. Check which one the app is linked to."),
    -209: Meaning(
        Trouble.ACCOUNT,
        f"The app is not active. Turn on “Đang hoạt động” at {_CONSOLE} → “Cài đặt”.",
    ),
    -210: Meaning(Trouble.MESSAGE),
    -211: Meaning(
        Trouble.ACCOUNT, "The OA's message quota is used up. See its package on oa.zalo.me."
    ),
    -212: Meaning(
        Trouble.ACCOUNT,
        f"The app has not signed up for the API. Go to {_CONSOLE} → “Đăng ký sử dụng API” → "
        "“Official Account API”.",
    ),
    -213: Meaning(Trouble.RECIPIENT),
    -216: Meaning(
        Trouble.ACCOUNT, "Zalo does not accept the access token. Run motcua zalo token import."
    ),
    -217: Meaning(Trouble.RECIPIENT),
    -218: Meaning(Trouble.RECIPIENT),
    -219: Meaning(Trouble.ACCOUNT, f"The app was removed or locked. Look at {_CONSOLE}."),
    -220: Meaning(Trouble.ACCOUNT, "The access token has expired. Run motcua zalo token import."),
    -221: Meaning(
        Trouble.ACCOUNT, "The OA is not verified. Go to oa.zalo.me → “Xác thực tài khoản”."
    ),
    -223: Meaning(
        Trouble.ACCOUNT,
        "The OA's administrator has not granted the app every permission. Run "
        "motcua zalo token authorise, open the address it prints and tick every group.",
    ),
    -224: Meaning(
        Trouble.ACCOUNT,
        "The OA's package has no OpenAPI. Go to oa.zalo.me → “Gói dịch vụ”; it needs the package "
        "“Tăng trưởng” or “Toàn diện”.",
    ),
    -227: Meaning(Trouble.RECIPIENT),
    -230: Meaning(Trouble.RECIPIENT),
    -231: Meaning(Trouble.RECIPIENT),
    -232: Meaning(Trouble.RECIPIENT),
    -233: Meaning(Trouble.MESSAGE),
    -234: Meaning(Trouble.MESSAGE),
    -235: Meaning(Trouble.ACCOUNT, "An OA of this type cannot send messages by the API."),
    -240: Meaning(Trouble.MESSAGE),
    -242: Meaning(
        Trouble.ACCOUNT,
        "Wrong appsecret_proof. Check MOTCUA_ZALO_APP_SECRET; turn MOTCUA_ZALO_APPSECRET_PROOF on "
        "only where the app demands it.",
    ),
    -244: Meaning(Trouble.RECIPIENT),
    -248: Meaning(Trouble.MESSAGE, "Zalo refused a message that breaks the platform's rules."),
    -320: Meaning(Trouble.ACCOUNT, "The OA is not linked to a Zalo Cloud Account."),
    -321: Meaning(Trouble.ACCOUNT, "The Zalo Cloud Account has no money left. Top it up."),
}  # fmt: skip

AUTHORISATION_FIXES: Final = {
    -14002: f"The App ID is wrong or the app is not active. Go to {_CONSOLE} → “Cài đặt”.",
    -14003: (
        "The callback does not match or the domain is not verified. The registered callback has to "
        "equal MOTCUA_ZALO_REDIRECT_URI to the letter."
    ),
    -14029: f"The app is not approved. See its review at {_CONSOLE}.",
}
"""Hints for people only: the program never decides by these numbers, which are not documented."""


def meaning(code: int) -> Meaning:
    """What an error number asks for; an unknown one is taken as final for this message."""
    return MEANINGS.get(code, Meaning(Trouble.MESSAGE))
