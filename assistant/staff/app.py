"""Puts the console into the application."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException

from assistant.feedback.seal import Seal
from assistant.staff.console import Keys
from assistant.staff.guard import SIGN_IN, StaffError, checked
from assistant.staff.pages import page
from assistant.staff.routes import (
    accounts,
    audit,
    figures,
    item,
    notices,
    oidc,
    own_account,
    privacy,
    proposals,
    queue,
    records,
    releases,
    sign_in,
)
from assistant.web.security import is_staff

PAGES = (
    sign_in.router,
    oidc.router,
    queue.router,
    item.router,
    proposals.router,
    releases.router,
    notices.router,
    accounts.router,
    audit.router,
    figures.router,
    records.router,
    privacy.router,
    own_account.router,
)
"""Every router of the console, behind the checks that hold for each; each route names the role that
it needs."""


def install(app: FastAPI, secret: bytes) -> None:
    """Adds the console to an application.

    Args:
        app: The application; its state holds the engine.
        secret: The installation's secret.
    """
    app.state.staff_keys = Keys(secret, Seal(secret))
    for router in PAGES:
        app.include_router(
            router, prefix="/staff", include_in_schema=False, dependencies=[Depends(checked)]
        )
    app.add_exception_handler(StaffError, _explain)
    app.add_exception_handler(404, _missing)
    app.add_exception_handler(405, _missing)


async def _missing(request: Request, error: Exception) -> Response:
    """Answers addresses of the console that there are not on a page, others as they were."""
    assert isinstance(error, HTTPException)  # noqa: S101 - what it was registered for
    if isinstance(error, StaffError):
        return _explain(request, error)
    if not is_staff(request.url.path):
        return await http_exception_handler(request, error)
    detail = "Địa chỉ này chỉ mở được từ nút bấm hoặc đường liên kết trên trang."
    return _explain(request, StaffError(error.status_code, "Không có trang này", detail))


def _explain(request: Request, error: Exception) -> Response:
    """Shows what went wrong on a page of the console."""
    assert isinstance(error, StaffError)  # noqa: S101 - what it was registered for
    signed_out = error.status_code == 401
    values = {
        "heading": error.title,
        "detail": error.detail,
        "kept": error.kept,
        "onward": SIGN_IN if signed_out else "/staff",
        "onward_title": "Đăng nhập" if signed_out else "Về trang đầu",
    }
    return page(request, "error.html", values, error.status_code)
