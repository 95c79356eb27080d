"""The chat page: the widget, filling the window."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from assistant.web.pages.site import HTML, base_url
from assistant.web.pages.templates import content_policy, render
from assistant.web.respond import PUBLIC, cacheable

router = APIRouter(include_in_schema=False)
STYLE = "chat.css"


@router.get("/")
def chat_page(
    request: Request,
    procedure: Annotated[str, Query(alias="thu-tuc", max_length=40)] = "",
) -> Response:
    """Serves the page; with a procedure's code the widget offers questions about it."""
    values = {"canonical": f"{base_url(request)}/", "procedure": procedure}
    policy = content_policy(STYLE, script="'self'", connect="'self'")
    body = render("chat.html", STYLE, values).encode()
    return cacheable(request, body, HTML, PUBLIC, {"Content-Security-Policy": policy})
