"""Pictures of QR codes: of each procedure, each field, the office and the feedback form."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from assistant.web import qr
from assistant.web.pages.browse import fields_of
from assistant.web.pages.site import (
    LOOKUP_PATH,
    SURVEY_PATH,
    base_url,
    feedback_url,
    knowledge_of,
    with_place,
)
from assistant.web.respond import cacheable
from assistant.web.state import app_state

router = APIRouter(include_in_schema=False)


class Form(StrEnum):
    """Formats of a picture."""

    SVG = "svg"
    PNG = "png"


Place = Annotated[str, Query(alias="noi", max_length=200, description="The office or counter.")]
To = Annotated[qr.Target, Query(description="Where the code leads.")]


@router.get("/qr/thu-tuc/{code}.{form}")
def procedure_code(request: Request, code: str, form: Form, to: To = qr.Target.PAGE) -> Response:
    """The code of a procedure."""
    if code not in knowledge_of(request).catalogue:
        raise HTTPException(404)
    return _picture(request, form, to, f"/thu-tuc/{code}", code)


@router.get("/qr/linh-vuc/{slug}.{form}")
def field_code(request: Request, slug: str, form: Form) -> Response:
    """The code of a field's page."""
    fields = fields_of(knowledge_of(request).catalogue)
    name = fields.name(slug)
    if name is None:
        raise HTTPException(404)
    return _picture(request, form, qr.Target.PAGE, fields.url(name))


@router.get("/qr/co-quan.{form}")
def office_code(request: Request, form: Form, to: To = qr.Target.PAGE) -> Response:
    """The code of the office: it leads to the assistant."""
    return _picture(request, form, to, "/")


@router.get("/qr/gop-y.{form}")
def feedback_code(request: Request, form: Form, place: Place = "") -> Response:
    """The code of the feedback form."""
    address = feedback_url(app_state(request).settings)
    if address.startswith("/"):
        return _picture(request, form, qr.Target.PAGE, with_place(address, place))
    return _drawn(request, form, address)


@router.get("/qr/khao-sat.{form}")
def survey_code(request: Request, form: Form, place: Place = "") -> Response:
    """The code of the survey, at an office or a counter."""
    return _picture(request, form, qr.Target.PAGE, with_place(SURVEY_PATH, place))


@router.get("/qr/tra-cuu.{form}")
def lookup_code(request: Request, form: Form) -> Response:
    """The code of the page that looks up a tracking code."""
    return _picture(request, form, qr.Target.PAGE, LOOKUP_PATH)


def _picture(request: Request, form: Form, to: qr.Target, path: str, code: str = "") -> Response:
    settings = app_state(request).settings
    try:
        text = qr.address(
            to, base_url(request), path, code, settings.telegram_bot, settings.zalo_oa_id
        )
    except qr.TargetUnknownError as error:
        raise HTTPException(404, str(error)) from error
    return _drawn(request, form, text)


def _drawn(request: Request, form: Form, text: str) -> Response:
    if form is Form.PNG:
        return cacheable(request, qr.png(text), "image/png")
    return cacheable(request, qr.svg(text, f"Mã QR: {text}").encode(), "image/svg+xml")
