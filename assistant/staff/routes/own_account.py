"""One's own account: password, second factor, recovery codes, signed-in browsers."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from assistant.staff.console import Console, console_of
from assistant.staff.guard import Form, Member, Reviewer, set_cookie
from assistant.staff.pages import back, page
from assistant.staff.passwords import objection
from assistant.staff.sessions import Stage

router = APIRouter(prefix="/toi")

WRONG_PASSWORD = "Mật khẩu hiện tại không đúng."  # noqa: S105 - a sentence


@router.get("")
def own_account(request: Request, member: Reviewer) -> Response:
    """Shows the account."""
    return _show(request, member)


@router.post("/mat-khau")
def change_password(request: Request, member: Reviewer, form: Form) -> Response:
    """Changes the password; every other browser is signed out."""
    console = console_of(request)
    new = str(form.get("new", ""))
    problem = _wrong(console, member, form) or objection(new, member.username)
    if not problem and new != form.get("again"):
        problem = "Hai lần gõ mật khẩu mới không giống nhau."
    if problem:
        return _show(request, member, problem)
    console.accounts.set_password(member.id, new, temporary=False)
    console.sessions.end_all(member.id)
    console.audit.record(member.username, "account.password", "account", member.id)
    response = back("/staff/toi", "mat-khau")
    token = console.sessions.begin(member.id, Stage.FULL, browser=member.session.browser)
    set_cookie(response, console.settings, token)
    return response


@router.post("/xac-thuc")
def reset_factor(request: Request, member: Reviewer, form: Form) -> Response:
    """Forgets the second factor and goes on to setting it up anew."""
    console = console_of(request)
    problem = _wrong(console, member, form)
    if problem:
        return _show(request, member, problem)
    console.accounts.reset_factor(member.id)
    console.sessions.end_all(member.id)
    console.audit.record(member.username, "account.factor_reset", "account", member.id)
    response = back("/staff/thiet-lap", "thiet-lap-lai")
    token = console.sessions.begin(member.id, Stage.ENROL, browser=member.session.browser)
    set_cookie(response, console.settings, token)
    return response


@router.post("/ma-du-phong")
def recovery_codes(request: Request, member: Reviewer, form: Form) -> Response:
    """Replaces the recovery codes and shows the new ones, once."""
    console = console_of(request)
    problem = _wrong(console, member, form)
    if problem:
        return _show(request, member, problem)
    codes = console.accounts.renew_recovery_codes(member.id)
    console.audit.record(member.username, "account.recovery_codes", "account", member.id)
    return page(request, "recovery.html", {"codes": codes, "onward": "/staff/toi"})


@router.post("/phien")
def end_sessions(request: Request, member: Reviewer) -> Response:
    """Signs every other browser out."""
    console = console_of(request)
    ended = console.sessions.end_all(member.id, keep=member.session.key)
    console.audit.record(
        member.username, "account.sessions_ended", "account", member.id, after={"ended": ended}
    )
    return back("/staff/toi", "phien")


def _wrong(console: Console, member: Member, form: Form) -> str:
    """Asks for the present password again before what matters; wrong ones are counted."""
    given = str(form.get("password", ""))[:200]
    if console.accounts.check_password(member.username, given) is not None:
        return ""
    account = console.accounts.get(member.id)
    if account is None or account.locked_until is not None:
        console.sessions.end_all(member.id)
    return WRONG_PASSWORD


def _show(request: Request, member: Member, problem: str = "") -> Response:
    console = console_of(request)
    values = {
        "account": console.accounts.get(member.id),
        "sessions": [
            session
            for session in console.sessions.of_account(member.id)
            if session.stage is Stage.FULL
        ],
        "own": member.session.key,
        "problem": problem,
    }
    return page(request, "own_account.html", values, 422 if problem else 200)
