"""What every page needs to know of the site: its address, its office, where to send opinions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import HTTPException, Request, Response

from assistant.knowledge import Knowledge
from assistant.replies.contacts import feedback_blocks
from assistant.settings import Settings
from assistant.web.pages.templates import content_policy, render
from assistant.web.respond import PUBLIC, cacheable
from assistant.web.state import app_state
from connectors.message import Link

STYLE = "page.css"
HTML = "text/html; charset=utf-8"
_UNNAMED_OFFICE = Settings.model_fields["office_name"].default


def knowledge_of(request: Request) -> Knowledge:
    """The catalogue with its search; 503 as long as it loads."""
    engine = app_state(request).engine
    if engine is None:
        raise HTTPException(503, "The assistant is starting.", {"Retry-After": "5"})
    return engine.knowledge


def base_url(request: Request) -> str:
    """The address of this server as citizens see it, without a slash at the end."""
    return (app_state(request).settings.public_url or str(request.base_url)).rstrip("/")


def feedback_url(settings: Settings, code: str = "") -> str:
    """Where an opinion is given, about a procedure or about the service.

    Returns:
        What the office has set, with the procedure where it is a path of this server; else the
        national portal.
    """
    own = settings.feedback_url
    if own.startswith("/") and code:
        return f"{own}?thu-tuc={quote(code)}"
    if own:
        return own
    (portal,) = feedback_blocks()
    assert isinstance(portal, Link)  # noqa: S101 - that is what it is made of
    return portal.url


def office_name(settings: Settings) -> str:
    """The office's name; empty where the operator has not set one."""
    return "" if settings.office_name == _UNNAMED_OFFICE else settings.office_name


def page(
    request: Request,
    template: str,
    values: dict[str, Any],
    *,
    status: int = 200,
    cache_control: str = PUBLIC,
) -> Response:
    """Renders a page with everything that is the same on each."""
    settings = app_state(request).settings
    shared = {
        "office": office_name(settings),
        "hotline": settings.office_hotline,
        "feedback": feedback_url(settings),
        "canonical": "",
        "noindex": False,
    }
    body = render(template, STYLE, {**shared, **values}).encode()
    headers = {"Content-Security-Policy": content_policy(STYLE)}
    response = cacheable(request, body, HTML, cache_control, headers)
    if response.status_code == 200:
        response.status_code = status
    return response
