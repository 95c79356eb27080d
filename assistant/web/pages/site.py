"""What every page needs to know of the site: its address, its office, where to send opinions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import HTTPException, Request, Response

from assistant.knowledge import Knowledge
from assistant.settings import Settings
from assistant.web.pages.templates import content_policy, render
from assistant.web.respond import PUBLIC, cacheable
from assistant.web.state import app_state

STYLE = "page.css"
SUGGESTION_PATH = "/gop-y"
SURVEY_PATH = "/khao-sat"
LOOKUP_PATH = "/tra-cuu"
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
        What the office has set, else our own form; with the procedure where it is a path of this
        server.
    """
    own = settings.feedback_url or SUGGESTION_PATH
    if own.startswith("/") and code:
        return f"{own}?thu-tuc={quote(code)}"
    return own


def with_place(path: str, place: str) -> str:
    """Adds the office or counter that a form is about to its address."""
    return f"{path}?noi={quote(place)}" if place else path


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
