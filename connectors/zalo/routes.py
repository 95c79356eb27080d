"""The addresses that only the Official Account needs: the callback and the domain's proof."""

from __future__ import annotations

import html
import logging
import re
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from connectors.settings import ChannelSettings
from connectors.zalo.authorise import Authorisation, NotAskedForError
from connectors.zalo.channel import ZaloChannel
from connectors.zalo.oauth import AuthorisationError

logger = logging.getLogger(__name__)

_FILE_NAME: Final = re.compile(r"^zalo_verifier[A-Za-z0-9_-]{1,75}\.html$")
HINTS: Final = {
    -14002: "App ID sai hoặc ứng dụng chưa kích hoạt. Bạn xem mục “Cài đặt” của ứng dụng trên "
    "developers.zalo.me.",
    -14003: "Callback không khớp hoặc tên miền chưa xác thực. Callback đã đăng ký phải giống "
    "từng ký tự với MOTCUA_ZALO_REDIRECT_URI.",
    -14029: "Ứng dụng chưa được duyệt. Bạn xem trạng thái xét duyệt trên developers.zalo.me.",
}
"""What the administrator who grants access in a browser is told; operators read ``errors``."""
_PAGE: Final = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""


def callback_router(settings: ChannelSettings, channel: ZaloChannel) -> APIRouter:
    """Makes the address that Zalo sends an administrator to after granting access."""
    router = APIRouter(tags=["channels"], include_in_schema=False)

    @router.get("/webhooks/zalo/oauth")
    async def granted(code: str = "", oa_id: str = "", state: str | None = None) -> Response:
        if not code:
            return _page("Chưa cấp quyền", "Zalo không gửi mã cấp quyền. Bạn thử lại từ đầu.", 400)
        try:
            await Authorisation(settings).finish(code, oa_id, state, channel.oauth, channel.tokens)
        except NotAskedForError as error:
            logger.warning("A callback of Zalo was refused: %s", error)
            return _page(
                "Không nhận",
                "Đường dẫn này chỉ dùng được trong 15 phút sau khi chạy lệnh "
                "motcua zalo token authorise, với đúng OA đã cài đặt.",
                403,
            )
        except AuthorisationError as error:
            hint = HINTS.get(error.code or 0, "Bạn chạy lại lệnh và thử lần nữa.")
            return _page("Zalo từ chối", f"{error}. {hint}", 502)
        return _page(
            "Đã kết nối", f"Đã lưu token của OA {oa_id}. Bạn đóng trang này được rồi.", 200
        )

    return router


def verifier_router(settings: ChannelSettings) -> APIRouter:
    """Makes the address of the domain verification file, at the root of the site."""
    router = APIRouter(tags=["channels"], include_in_schema=False)

    @router.get("/zalo_verifier{rest}.html")
    async def proof(rest: str) -> Response:
        name = f"zalo_verifier{rest}.html"
        content = verifier_content(settings, name)
        if content is None:
            return PlainTextResponse("", 404)
        return HTMLResponse(content)

    return router


def verifier_content(settings: ChannelSettings, name: str) -> str | None:
    """The content of a verification file: from the settings, else from the data folder."""
    if not _FILE_NAME.match(name):
        return None
    if name == settings.zalo_verifier_filename and settings.zalo_verifier_content:
        return settings.zalo_verifier_content
    path = settings.data_dir / name
    return path.read_text("utf-8") if path.is_file() else None


def _page(title: str, text: str, status: int) -> Response:
    return HTMLResponse(_PAGE.format(title=html.escape(title), text=html.escape(text)), status)
