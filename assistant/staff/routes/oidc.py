"""Signing in through the office's own provider."""

from __future__ import annotations

import logging
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from assistant.staff.accounts import Account, AccountError
from assistant.staff.console import Console, console_of
from assistant.staff.guard import StaffError, cookie_name, drop_cookie, own_path, set_cookie
from assistant.staff.oidc import DeniedError, Person, Provider, ProviderError
from assistant.staff.routes.sign_in import enter
from assistant.staff.sessions import Stage
from assistant.web.pages.site import base_url

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/oidc")

_COOKIE: Final = "motcua-oidc"
_AGAIN: Final = "Bạn hãy đăng nhập lại từ đầu. Nếu vẫn lỗi, báo quản trị viên của đơn vị."


@router.get("")
def begin(request: Request, tiep: str = "/staff") -> Response:
    """Sends the browser to the provider."""
    console = console_of(request)
    provider = _provider(console)
    try:
        address, sealed = provider.begin(_callback(request), own_path(tiep))
    except ProviderError as error:
        raise _failed(502, error) from error
    response = RedirectResponse(address, status_code=303)
    set_cookie(response, console.settings, sealed, _COOKIE)
    return response


@router.get("/tra-ve")
def come_back(request: Request) -> Response:
    """Takes the provider's answer and signs the person in."""
    console = console_of(request)
    provider = _provider(console)
    sealed = request.cookies.get(cookie_name(console.settings, _COOKIE), "")
    try:
        person, onward = provider.finish(request.query_params, sealed, _callback(request))
    except DeniedError as error:
        raise StaffError(401, "Bạn chưa đăng nhập", "Việc đăng nhập đã bị huỷ.") from error
    except ProviderError as error:
        raise _failed(401, error) from error
    account = _account(console, person)
    response = enter(request, console, account, Stage.FULL, onward)
    drop_cookie(response, console.settings, _COOKIE)
    return response


def _account(console: Console, person: Person) -> Account:
    """Finds or makes the account of a person; the provider's role goes before ours."""
    account = console.accounts.by_subject(person.subject)
    if account is None:
        if person.role is None:
            raise StaffError(
                401,
                "Bạn chưa được cấp quyền",
                "Tài khoản của bạn chưa có vai trò trên trang này. Nhờ quản trị viên cấp quyền.",
            )
        try:
            account = console.accounts.add(
                person.username, person.name, person.role, subject=person.subject
            )
        except AccountError as error:
            raise StaffError(401, "Không đăng nhập được", str(error)) from error
        made = {"username": account.username, "role": account.role.value}
        console.audit.record("oidc", "account.create", "account", account.id, after=made)
    if account.disabled_at is not None:
        raise StaffError(401, "Tài khoản đã ngừng", "Tài khoản của bạn trên trang này đã bị ngừng.")
    if person.role is not None and person.role is not account.role:
        console.accounts.change(account.id, role=person.role)
        console.audit.record(
            "oidc", "account.update", "account", account.id,
            {"role": account.role.value}, {"role": person.role.value},
        )  # fmt: skip
    return account


def _provider(console: Console) -> Provider:
    provider = Provider(console.settings, console.keys.seal)
    if not provider.configured:
        raise StaffError(
            404, "Không có cách đăng nhập này", "Đơn vị chưa nối với hệ thống đăng nhập nào."
        )
    return provider


def _callback(request: Request) -> str:
    return f"{base_url(request)}/staff/oidc/tra-ve"


def _failed(status: int, error: Exception) -> StaffError:
    logger.warning("Signing in through the provider failed: %s", error)
    return StaffError(status, "Không đăng nhập được", _AGAIN)
