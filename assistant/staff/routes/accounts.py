"""The accounts of members of staff, for administrators."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from assistant.staff.accounts import Account, AccountError
from assistant.staff.console import Console, console_of
from assistant.staff.guard import Admin, Form, Member, StaffError, text_of
from assistant.staff.pages import back, page
from assistant.staff.passwords import generate_password
from assistant.staff.roles import Role

router = APIRouter(prefix="/tai-khoan")

LAST_ADMIN = (
    "Phải còn ít nhất một quản trị viên đăng nhập được. Bạn trao quyền cho người khác trước."
)


@router.get("")
def accounts_page(request: Request, member: Admin) -> Response:
    """Lists the accounts."""
    return _list(request)


@router.post("")
def add(request: Request, member: Admin, form: Form) -> Response:
    """Makes an account and shows its first password, once."""
    console = console_of(request)
    typed = {"username": text_of(form, "username", 80), "name": text_of(form, "name", 120),
             "role": text_of(form, "role", 20)}  # fmt: skip
    role = _role(typed["role"])
    if role is None:
        return _list(request, typed, "Bạn chọn một vai trò.")
    password = generate_password()
    try:
        account = console.accounts.add(typed["username"], typed["name"], role, password=password)
    except AccountError as error:
        return _list(request, typed, str(error))
    made = {"username": account.username, "name": account.name, "role": role.value}
    console.audit.record(member.username, "account.create", "account", account.id, after=made)
    return page(request, "first_password.html", {"account": account, "password": password})


@router.get("/{account_id}")
def account_page(request: Request, member: Admin, account_id: int) -> Response:
    """Shows one account."""
    return _one(request, member, account_id)


@router.post("/{account_id}")
def change(request: Request, member: Admin, account_id: int, form: Form) -> Response:
    """Changes name and role."""
    console = console_of(request)
    account = _account(console, account_id)
    role, name = _role(text_of(form, "role", 20)), text_of(form, "name", 120)
    if role is None or not name:
        return _one(request, member, account_id, "Bạn ghi tên và chọn một vai trò.")
    if role is not Role.ADMIN and _is_last_admin(console, account):
        return _one(request, member, account_id, LAST_ADMIN)
    console.accounts.change(account.id, name=name, role=role)
    if role is not account.role:
        console.sessions.end_all(account.id, keep=member.session.key)
    console.audit.record(
        member.username, "account.update", "account", account.id,
        {"name": account.name, "role": account.role.value}, {"name": name, "role": role.value},
    )  # fmt: skip
    return back(f"/staff/tai-khoan/{account_id}", "tai-khoan")


@router.post("/{account_id}/mat-khau")
def reset(request: Request, member: Admin, account_id: int) -> Response:
    """Gives a new first password, forgets the second factor and unlocks."""
    console = console_of(request)
    account = _account(console, account_id)
    if account.id == member.id:
        return _one(
            request, member, account_id, "Mật khẩu của mình thì đổi ở trang tài khoản của tôi."
        )
    password = generate_password()
    console.accounts.set_password(account.id, password, temporary=True)
    console.accounts.reset_factor(account.id)
    console.accounts.unlock(account.id)
    console.sessions.end_all(account.id)
    console.audit.record(member.username, "account.reset", "account", account.id)
    return page(request, "first_password.html", {"account": account, "password": password})


@router.post("/{account_id}/mo-khoa")
def unlock(request: Request, member: Admin, account_id: int) -> Response:
    """Ends a lock after wrong attempts."""
    console = console_of(request)
    account = _account(console, account_id)
    console.accounts.unlock(account.id)
    console.audit.record(member.username, "account.unlock", "account", account.id)
    return back(f"/staff/tai-khoan/{account_id}", "mo-khoa")


@router.post("/{account_id}/ngung")
def disable(request: Request, member: Admin, account_id: int) -> Response:
    """Takes away the right to sign in, at once."""
    console = console_of(request)
    account = _account(console, account_id)
    if account.id == member.id or _is_last_admin(console, account):
        return _one(request, member, account_id, LAST_ADMIN)
    console.accounts.disable(account.id)
    console.sessions.end_all(account.id)
    console.audit.record(member.username, "account.disable", "account", account.id)
    return back(f"/staff/tai-khoan/{account_id}", "ngung")


@router.post("/{account_id}/mo")
def enable(request: Request, member: Admin, account_id: int) -> Response:
    """Gives the right to sign in back."""
    console = console_of(request)
    account = _account(console, account_id)
    console.accounts.enable(account.id)
    console.audit.record(member.username, "account.enable", "account", account.id)
    return back(f"/staff/tai-khoan/{account_id}", "mo")


def _account(console: Console, account_id: int) -> Account:
    account = console.accounts.get(account_id)
    if account is None:
        raise StaffError(404, "Không có tài khoản này", "Bạn xem lại danh sách tài khoản.")
    return account


def _role(text: str) -> Role | None:
    return next((role for role in Role if role.value == text), None)


def _is_last_admin(console: Console, account: Account) -> bool:
    admins = [one for one in console.accounts.active() if one.role is Role.ADMIN]
    return [one.id for one in admins] == [account.id]


def _list(request: Request, typed: dict[str, str] | None = None, problem: str = "") -> Response:
    values: dict[str, Any] = {
        "accounts": console_of(request).accounts.all(),
        "typed": typed or {"username": "", "name": "", "role": Role.REVIEWER.value},
        "roles": list(Role),
        "problem": problem,
    }
    return page(request, "accounts.html", values, 422 if problem else 200)


def _one(request: Request, member: Member, account_id: int, problem: str = "") -> Response:
    console = console_of(request)
    account = _account(console, account_id)
    values: dict[str, Any] = {
        "account": account,
        "roles": list(Role),
        "own": account.id == member.id,
        "locked": account.locked_until is not None,
        "history": console.audit.find(subject="account", subject_id=account.id, limit=50)[0],
        "problem": problem,
    }
    return page(request, "account.html", values, 422 if problem else 200)
