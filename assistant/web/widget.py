"""Serves the widget: its file, and what its API needs of this program."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

from assistant.dialogue.choices import ProcedureChoice
from assistant.replies import wording
from assistant.replies.compose import OFFERED
from assistant.web.respond import cacheable
from assistant.web.state import AppState
from connectors.web.api import CHANNEL, Suggestion, WidgetConfig, WidgetService, widget_router

STATIC = Path(__file__).with_name("static")
FILES = {
    "widget.js": "text/javascript; charset=utf-8",
    "widget.css": "text/css; charset=utf-8",
}
LIFETIME = "public, max-age=3600, stale-while-revalidate=86400"
ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""The file itself is public: any site may load it, with ``integrity`` too."""

SUGGESTIONS = (
    "Làm giấy khai sinh cho con cần giấy tờ gì?",
    "Đăng ký tạm trú hết bao nhiêu tiền?",
    "Làm thẻ căn cước ở đâu?",
    "Xin giấy xác nhận độc thân mất bao lâu?",
)

router = APIRouter(include_in_schema=False)


@router.get("/widget.js")
@router.get("/widget.css")
async def widget_file(request: Request) -> Response:
    """Serves the built widget; the style sheet is for browsers that cannot construct one."""
    name = request.url.path.removeprefix("/")
    path = STATIC / name
    if not path.is_file():
        raise HTTPException(404)
    return cacheable(request, path.read_bytes(), FILES[name], LIFETIME, ANY_SITE)


def make_service(state: AppState) -> WidgetService:
    """Joins the widget's API to the running program."""
    return WidgetService(
        answerer=lambda: state.engine,
        tokens=state.tokens,
        configure=lambda procedure: _configure(state, procedure),
        record=state.metrics.record,
        vote=lambda conversation, handle, useful: _vote(state, conversation, handle, useful),
    )


def _vote(state: AppState, conversation: str, handle: str, useful: bool) -> bool:
    if state.engine is None:
        return False
    return state.engine.feedback.vote(f"{CHANNEL}:{conversation}", handle, useful) is not None


def service_of(request: Request) -> WidgetService:
    """The service of the application that serves a request."""
    service: WidgetService = request.app.state.widget
    return service


api_router = widget_router(service_of)


def _configure(state: AppState, procedure: str) -> WidgetConfig:
    settings = state.settings
    config = WidgetConfig(
        max_length=settings.max_message_length,
        expiry_hours=settings.conversation_expiry_hours,
        suggestions=[Suggestion(title=title) for title in suggestions(settings.widget_suggestions)],
    )
    record = state.engine.knowledge.catalogue.get(procedure) if state.engine is not None else None
    if record is not None:
        config.about = {"id": ProcedureChoice(record.code).id, "title": record.title}
        config.suggestions = [
            Suggestion(
                title=wording.ASPECT_TITLES[aspect],
                choice=ProcedureChoice(record.code, (aspect,)).id,
            )
            for aspect in OFFERED
            if record.states(aspect)
        ]
    return config


def suggestions(configured: str) -> tuple[str, ...]:
    """Returns the questions to suggest: those of the office, or ours."""
    own = tuple(part.strip() for part in configured.split("|") if part.strip())
    return own or SUGGESTIONS
