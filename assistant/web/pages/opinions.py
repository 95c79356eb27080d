"""The public forms: suggestions and complaints, satisfaction, and looking up a tracking code."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response

from assistant.feedback import wording
from assistant.feedback.desk import FeedbackDesk, status_blocks
from assistant.feedback.forms import Forms, Outcome
from assistant.feedback.lookup import TooManyLookupsError
from assistant.feedback.values import ABOUT, About
from assistant.web.pages.site import (
    LOOKUP_PATH,
    SUGGESTION_PATH,
    SURVEY_PATH,
    knowledge_of,
    page,
)
from assistant.web.state import app_state
from connectors.message import Block
from connectors.web.blocks import as_block

router = APIRouter(include_in_schema=False)

NO_STORE: Final = "no-store"
_AUDIENCE: Final = "form"
_SUGGESTION: Final = ("kind", "about", "place", "text", "contact", "consent")
_SURVEY: Final = ("score", "place", "comment")

Text = Annotated[str, Form()]
Place = Annotated[str, Query(alias="noi", max_length=200)]


@router.get(SUGGESTION_PATH)
def suggestion_form(
    request: Request,
    place: Place = "",
    code: Annotated[str, Query(alias="thu-tuc", max_length=40)] = "",
) -> Response:
    """Shows the form for suggestions and complaints."""
    about = About.PROCEDURE.value if code else ""
    return _suggestion(request, {"place": place, "about": about}, code=code)


@router.post(SUGGESTION_PATH)
def send_suggestion(
    request: Request,
    token: Text = "",
    trap: Annotated[str, Form(alias="trang_web")] = "",
    code: Annotated[str, Form(alias="thu_tuc")] = "",
    kind: Text = "",
    about: Text = "",
    place: Text = "",
    text: Text = "",
    contact: Text = "",
    consent: Text = "",
) -> Response:
    """Takes down a suggestion or complaint and shows its code."""
    given = dict(zip(_SUGGESTION, (kind, about, place, text, contact, consent), strict=True))
    desk = _desk(request)
    forms = Forms(desk)
    name = _name(request, token)
    if not name or trap:
        return _suggestion(request, given, problem=_EXPIRED, code=code, status=400)
    if not forms.within_limit(_address(request)):
        return _suggestion(request, given, problem=wording.TOO_MANY, code=code, status=429)
    known = code if code in knowledge_of(request).catalogue else None
    outcome = forms.suggest(given, name, known)
    if outcome.problems:
        return _suggestion(request, given, outcome, token=token, code=code, status=422)
    return _done(request, "Đã tiếp nhận ý kiến của bạn", outcome)


@router.get(SURVEY_PATH)
def survey_form(request: Request, place: Place = "") -> Response:
    """Shows the survey."""
    return _survey(request, {"place": place})


@router.post(SURVEY_PATH)
def send_survey(
    request: Request,
    token: Text = "",
    trap: Annotated[str, Form(alias="trang_web")] = "",
    score: Text = "",
    place: Text = "",
    comment: Text = "",
) -> Response:
    """Takes down a rating."""
    given = dict(zip(_SURVEY, (score, place, comment), strict=True))
    forms = Forms(_desk(request))
    name = _name(request, token)
    if not name or trap:
        return _survey(request, given, problem=_EXPIRED, status=400)
    if not forms.within_limit(_address(request)):
        return _survey(request, given, problem=wording.TOO_MANY, status=429)
    outcome = forms.rate(given, name)
    if outcome.problems:
        return _survey(request, given, outcome, token=token, status=422)
    return _done(request, wording.RATED, outcome)


@router.get(LOOKUP_PATH)
def lookup_form(request: Request) -> Response:
    """Shows the form that looks up a code."""
    return _lookup(request)


@router.post(LOOKUP_PATH)
def look_up(request: Request, code: Annotated[str, Form(alias="ma")] = "") -> Response:
    """Shows what became of a code."""
    shown = code.strip()[:40]
    written = shown if shown.lower().startswith("mc") else f"MC{shown}"
    try:
        status = _desk(request).lookup.find(written, f"page:{_address(request)}")
    except TooManyLookupsError:
        return _lookup(request, shown, wording.LOOKED_TOO_OFTEN, status=429)
    if status is None:
        return _lookup(request, shown, wording.CODE_UNKNOWN.format(code=shown or "này"), status=404)
    return _lookup(request, shown, blocks=status_blocks(status))


_EXPIRED: Final = "Trang này đã mở quá lâu. Bạn bấm gửi lại giúp."


def _desk(request: Request) -> FeedbackDesk:
    engine = app_state(request).engine
    if engine is None:
        raise HTTPException(503, "The assistant is starting.", {"Retry-After": "5"})
    return engine.feedback


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _name(request: Request, token: str) -> str:
    """The name of the form that a token was made for; empty where it is not one of ours."""
    known = app_state(request).tokens.valid(token, _AUDIENCE)
    return token.partition(".")[0] if known else ""


def _shared(request: Request, given: dict[str, str], outcome: Outcome | None, token: str) -> Any:
    return {
        "given": given,
        "problems": outcome.problems if outcome is not None else {},
        "token": token or app_state(request).tokens.new(_AUDIENCE),
        "noindex": True,
    }


def _suggestion(
    request: Request,
    given: dict[str, str],
    outcome: Outcome | None = None,
    *,
    problem: str = "",
    token: str = "",
    code: str = "",
    status: int = 200,
) -> Response:
    record = knowledge_of(request).catalogue.get(code)
    values = {
        **_shared(request, {**dict.fromkeys(_SUGGESTION, ""), **given}, outcome, token),
        "problem": problem,
        "record": record,
        "kinds": list(wording.KIND_CHOICES.items()),
        "abouts": [(about.value, name) for about, name in ABOUT.items()],
    }
    return page(request, "suggestion.html", values, status=status, cache_control=NO_STORE)


def _survey(
    request: Request,
    given: dict[str, str],
    outcome: Outcome | None = None,
    *,
    problem: str = "",
    token: str = "",
    status: int = 200,
) -> Response:
    values = {
        **_shared(request, {**dict.fromkeys(_SURVEY, ""), **given}, outcome, token),
        "problem": problem,
        "scores": [(str(number), title) for number, title in wording.SCORES.items()],
    }
    return page(request, "survey.html", values, status=status, cache_control=NO_STORE)


def _lookup(
    request: Request,
    code: str = "",
    problem: str = "",
    blocks: tuple[Block, ...] = (),
    status: int = 200,
) -> Response:
    values = {"code": code, "problem": problem, "blocks": _drawn(blocks), "noindex": True}
    return page(request, "lookup.html", values, status=status, cache_control=NO_STORE)


def _done(request: Request, heading: str, outcome: Outcome) -> Response:
    values = {
        "heading": heading,
        "code": outcome.code,
        "pointed": _drawn(outcome.pointed),
        "noindex": True,
    }
    return page(request, "opinion_taken.html", values, cache_control=NO_STORE)


def _drawn(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    return [drawn for drawn in map(as_block, blocks) if drawn is not None]
