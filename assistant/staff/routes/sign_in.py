"""Signing in: name and password, second factor, first password, setting up the second factor."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from assistant.staff import labels, totp
from assistant.staff.accounts import Account, AccountError
from assistant.staff.browsers import describe
from assistant.staff.console import Console, console_of
from assistant.staff.guard import (
    SIGN_IN,
    STAGE_PAGES,
    Form,
    Member,
    Visitor,
    drop_cookie,
    own_path,
    require_stage,
    set_cookie,
    sign_in_nonce,
    sign_in_token,
    text_of,
    token_of,
)
from assistant.staff.pages import back, page
from assistant.staff.passwords import objection
from assistant.staff.sessions import Stage
from assistant.web import qr
from assistant.web.pages.site import office_name

router = APIRouter()

ADDRESS_FAILURES: Final = 20
"""Wrong attempts from one address; more than from one account, as an office shares its address."""

WINDOW: Final = 900
"""Seconds in which they are counted."""

WRONG: Final = (
    "Sai tên đăng nhập hoặc mật khẩu, hoặc tài khoản đang tạm khoá. "
    "Sau 5 lần sai liên tiếp, tài khoản bị khoá 15 phút."
)
WRONG_CODE: Final = "Mã không đúng hoặc đã dùng rồi. Bạn đợi ứng dụng hiện mã mới rồi nhập lại."
TOO_MANY: Final = "Địa chỉ mạng của bạn đã thử sai quá nhiều lần. Bạn thử lại sau 15 phút."

AtFactor = Annotated[Member, Depends(require_stage(Stage.FACTOR))]
AtPassword = Annotated[Member, Depends(require_stage(Stage.PASSWORD))]
AtEnrol = Annotated[Member, Depends(require_stage(Stage.ENROL))]


@router.get("/dang-nhap")
def sign_in_page(request: Request, visitor: Visitor, tiep: str = "/staff") -> Response:
    """The form for name and password."""
    if visitor is not None:
        return back(own_path(tiep) if visitor.signed_in else STAGE_PAGES[visitor.session.stage])
    return _sign_in_form(request, tiep)


@router.post("/dang-nhap")
def sign_in(request: Request, form: Form) -> Response:
    """Checks name and password."""
    console = console_of(request)
    username, onward = text_of(form, "username", 80), text_of(form, "tiep", 500)
    key = f"staff-sign-in:{address_of(request)}"
    if console.attempts.spent(key, ADDRESS_FAILURES, WINDOW):
        return _sign_in_form(request, onward, username, TOO_MANY, 429)
    account = console.accounts.check_password(username, str(form.get("password", ""))[:200])
    if account is None:
        console.attempts.allow(key, ADDRESS_FAILURES, WINDOW)
        _record_failure(console, username)
        return _sign_in_form(request, onward, username, WRONG, 401)
    stage = Stage.FACTOR if account.has_factor else next_stage(account)
    return enter(request, console, account, stage, onward)


@router.get("/xac-thuc")
def factor_page(request: Request, member: AtFactor, tiep: str = "/staff") -> Response:
    """The form for the second factor."""
    return page(request, "factor.html", {"onward": own_path(tiep)})


@router.post("/xac-thuc")
def factor(request: Request, member: AtFactor, form: Form) -> Response:
    """Checks the second factor."""
    console = console_of(request)
    onward = text_of(form, "tiep", 500)
    used = console.accounts.check_code(member.id, text_of(form, "code", 40))
    if not used:
        console.attempts.allow(f"staff-sign-in:{address_of(request)}", ADDRESS_FAILURES, WINDOW)
        console.audit.record(member.username, "sign_in.wrong_code", "account", member.id)
        account = console.accounts.get(member.id)
        if account is None or account.locked_until is not None:
            console.sessions.end(member.session.key)
            return _sign_in_form(request, onward, "", WRONG, 401)
        values = {"onward": own_path(onward), "problem": WRONG_CODE}
        return page(request, "factor.html", values, 422)
    if used == "recovery":
        console.audit.record(member.username, "sign_in.recovery_code", "account", member.id)
    account = console.accounts.get(member.id)
    assert account is not None  # noqa: S101 - it has just been used
    return enter(request, console, account, next_stage(account), onward)


@router.get("/doi-mat-khau")
def password_page(request: Request, member: AtPassword, tiep: str = "/staff") -> Response:
    """The form for one's own password in place of one that was given."""
    return page(request, "new_password.html", {"onward": own_path(tiep)})


@router.post("/doi-mat-khau")
def set_password(request: Request, member: AtPassword, form: Form) -> Response:
    """Sets one's own password."""
    console = console_of(request)
    password, onward = str(form.get("password", "")), text_of(form, "tiep", 500)
    problem = objection(password, member.username)
    if not problem and password != form.get("again"):
        problem = "Hai lần gõ mật khẩu không giống nhau."
    if not problem and console.accounts.has_password(member.id, password):
        problem = "Mật khẩu mới phải khác mật khẩu được cấp."
    if problem:
        values = {"onward": own_path(onward), "problem": problem}
        return page(request, "new_password.html", values, 422)
    console.accounts.set_password(member.id, password, temporary=False)
    console.audit.record(member.username, "account.password", "account", member.id)
    account = console.accounts.get(member.id)
    assert account is not None  # noqa: S101 - it has just been changed
    return enter(request, console, account, next_stage(account), onward)


@router.get("/thiet-lap")
def enrol_page(request: Request, member: AtEnrol, tiep: str = "/staff") -> Response:
    """Shows the QR code that sets up the second factor."""
    return _enrol_form(request, member, tiep)


@router.post("/thiet-lap")
def enrol(request: Request, member: AtEnrol, form: Form) -> Response:
    """Turns the second factor on and shows the recovery codes, once."""
    console = console_of(request)
    onward = text_of(form, "tiep", 500)
    try:
        codes = console.accounts.confirm_secret(member.id, text_of(form, "code", 10))
    except AccountError as error:  # another window was faster
        return _enrol_form(request, member, onward, str(error), 409)
    if codes is None:
        problem = "Mã không đúng. Bạn xem giờ của điện thoại đã đúng chưa rồi nhập mã mới."
        return _enrol_form(request, member, onward, problem, 422)
    console.audit.record(member.username, "account.second_factor", "account", member.id)
    response = page(request, "recovery.html", {"codes": codes, "onward": own_path(onward)})
    token = _begin(request, console, member.account, Stage.FULL)
    set_cookie(response, console.settings, token)
    return response


@router.post("/dang-xuat")
def sign_out(request: Request, visitor: Visitor) -> Response:
    """Ends the session."""
    console = console_of(request)
    if visitor is not None:
        console.sessions.end(visitor.session.key)
    response = back(SIGN_IN, "dang-xuat")
    drop_cookie(response, console.settings)
    return response


# --- steps -----------------------------------------------------------------------------------


def next_stage(account: Account) -> Stage:
    """What is wanted next of somebody who has shown every factor that is set up."""
    if account.must_change_password:
        return Stage.PASSWORD
    return Stage.FULL if account.has_factor else Stage.ENROL


def enter(
    request: Request, console: Console, account: Account, stage: Stage, onward: str
) -> Response:
    """Gives the browser a new session at a stage, in place of the one it had."""
    token = _begin(request, console, account, stage)
    target = own_path(onward)
    if stage is Stage.FULL:
        response = back(target)
    else:
        response = back(f"{STAGE_PAGES[stage]}?{urlencode({'tiep': target})}")
    set_cookie(response, console.settings, token)
    drop_cookie(response, console.settings, "motcua-sign-in")
    return response


def address_of(request: Request) -> str:
    """The network address behind a request."""
    return request.client.host if request.client else ""


def _record_failure(console: Console, username: str) -> None:
    """Records a failure, with the same work whether the account exists or not.

    A name that is not known is not recorded: it may be a password in the wrong field.
    """
    known = console.accounts.by_username(username)
    actor, identifier = (known.username, str(known.id)) if known is not None else ("?", "")
    console.audit.record(actor, "sign_in.wrong_password", "account", identifier)


def _begin(request: Request, console: Console, account: Account, stage: Stage) -> str:
    if stage is Stage.FULL:
        console.accounts.signed_in(account.id)
        console.audit.record(account.username, "sign_in", "account", account.id)
    return console.sessions.begin(
        account.id,
        stage,
        browser=describe(request.headers.get("user-agent", "")),
        replaces=token_of(request),
    )


def _sign_in_form(
    request: Request, onward: str, username: str = "", problem: str = "", status: int = 200
) -> Response:
    console = console_of(request)
    nonce = sign_in_nonce(request)
    values = {
        "sign_in_csrf": sign_in_token(request, nonce),
        "onward": own_path(onward),
        "username": username,
        "nobody": console.accounts.count() == 0,
        "provider": console.settings.oidc_name if console.settings.oidc_issuer else "",
        "problem": problem,
    }
    response = page(request, "sign_in.html", values, status)
    set_cookie(response, console.settings, nonce, "motcua-sign-in")
    return response


def _enrol_form(
    request: Request, member: Member, onward: str, problem: str = "", status: int = 200
) -> Response:
    console = console_of(request)
    secret = console.accounts.pending_secret(member.id)
    uri = totp.enrolment_uri(secret, member.username, office_name(console.settings))
    values = {
        "qr": Markup(qr.svg(uri, "Mã QR để thiết lập xác thực hai lớp")),  # noqa: S704 - drawn by us
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "onward": own_path(onward),
        "problem": problem or labels.DONE.get(request.query_params.get("xong", ""), ""),
    }
    return page(request, "enrol.html", values, status)
