"""The chat page, to try the assistant in a browser."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

router = APIRouter(include_in_schema=False)
PAGE = Path(__file__).with_name("static") / "chat.html"


@router.get("/")
async def chat_page() -> FileResponse:
    """Serves the page; its script talks to the API."""
    return FileResponse(PAGE, media_type="text/html; charset=utf-8")
