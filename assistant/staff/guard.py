"""Who may open a page, and whose forms are taken.

Every page of the console is included behind :func:`checked`; each route names the
role it needs with :func:`require`. A test goes through all routes and fails for one that is not in
its table.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request, Response
from starlette.datastructures import FormData

from assistant.settings import Settings
from assistant.staff.accounts import Account
from assistant.staff.console import console_of
from assistant.staff.roles import Role
from assistant.staff.sessions import Session, Stage
from assistant.web.security import is_staff
from assistant.web.state import app_state

SIGN_IN: Final = "/staff/dang-nhap"
STAGE_PAGES: Final[Mapping[Stage, str]] = {
    Stage.FACTOR: "/staff/xac-thuc",
    Stage.PASSWORD: "/staff/doi-mat-khau",
    Stage.ENROL: "/staff/thiet-lap",
    Stage.FULL: "/staff",
}
"""Where somebody goes on who is at a stage of signing in."""

MAX_BODY: Final = 400_000
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class StaffError(HTTPException):
    """Something that is said on a page of the console.

    Attributes:
        title: The heading, in Vietnamese.
        kept: What the person had written, to be shown again, so that no text is lost.
    """

    def __init__(
        self, status: int, title: str, detail: str, kept: Mapping[str, str] | None = None
    ) -> None:
        """Takes what to say."""
        super().__init__(status, detail)
        self.title = title
        self.kept = dict(kept or {})


@dataclass(frozen=True, slots=True)
class Member:
    """A person who is signed in, or about to."""

    account: Account
    session: Session

    @property
    def id(self) -> int:
        """The account's id."""
        return self.account.id

    @property
    def username(self) -> str:
        """The actor of the audit log."""
        return self.account.username

    @property
    def signed_in(self) -> bool:
        """Whether every step of signing in is done."""
        return self.session.stage is Stage.FULL

    @property
    def role(self) -> Role:
        """What this person may do."""
        return self.account.role


# --- cookies ---------------------------------------------------------------------------------


def secure(settings: Settings) -> bool:
    """Tells whether citizens and staff reach this server by https."""
    return settings.public_url.startswith("https://")


def cookie_name(settings: Settings, name: str = "motcua-staff") -> str:
    """The name of a cookie; with https one that no other site of the domain can set."""
    return f"__Host-{name}" if secure(settings) else name


def set_cookie(
    response: Response, settings: Settings, value: str, name: str = "motcua-staff"
) -> None:
    """Gives the browser a cookie that ends with it and that no script reads."""
    response.set_cookie(
        cookie_name(settings, name),
        value,
        httponly=True,
        secure=secure(settings),
        samesite="lax",
        path="/",
    )


def drop_cookie(response: Response, settings: Settings, name: str = "motcua-staff") -> None:
    """Takes a cookie back."""
    response.delete_cookie(
        cookie_name(settings, name), path="/", secure=secure(settings), httponly=True
    )


def token_of(request: Request) -> str:
    """The session token that a browser sent."""
    return request.cookies.get(cookie_name(app_state(request).settings), "")


# --- who -------------------------------------------------------------------------------------


def current(request: Request) -> Member | None:
    """The person behind a request, at whatever stage of signing in; None for nobody."""
    token = token_of(request)
    if not token:
        return None
    console = console_of(request)
    session = console.sessions.find(token)
    if session is None:
        return None
    account = console.accounts.get(session.account_id)
    if account is None or account.disabled_at is not None:
        return None
    request.state.visitor = Member(account, session)
    return Member(account, session)


Visitor = Annotated[Member | None, Depends(current)]


def require(role: Role) -> Callable[[Request, Member | None], Member]:
    """Makes the dependency of a page: somebody signed in who has at least this role."""

    def member(request: Request, visitor: Visitor) -> Member:
        if visitor is None:
            raise _elsewhere(_sign_in_address(request))
        if not visitor.signed_in:
            raise _elsewhere(STAGE_PAGES[visitor.session.stage])
        if not visitor.role.permits(role):
            raise StaffError(
                403,
                "Bạn không có quyền mở trang này",
                "Vai trò của bạn không gồm việc này. Cần thì hỏi quản trị viên của đơn vị.",
            )
        return visitor

    return member


def require_stage(*stages: Stage) -> Callable[[Request, Member | None], Member]:
    """Makes the dependency of a step of signing in: somebody at one of these stages."""

    def member(request: Request, visitor: Visitor) -> Member:
        if visitor is None:
            raise _elsewhere(_sign_in_address(request))
        if visitor.session.stage not in stages:
            raise _elsewhere(STAGE_PAGES[visitor.session.stage])
        return visitor

    return member


Reviewer = Annotated[Member, Depends(require(Role.REVIEWER))]
Editor = Annotated[Member, Depends(require(Role.EDITOR))]
Admin = Annotated[Member, Depends(require(Role.ADMIN))]


def _sign_in_address(request: Request) -> str:
    if request.method != "GET" or request.url.path == "/staff":
        return SIGN_IN
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{SIGN_IN}?tiep={quote(request.url.path + query)}"


def _elsewhere(address: str) -> HTTPException:
    return HTTPException(303, headers={"Location": address})


def own_path(address: str) -> str:
    """Returns a path of the console that somebody wants to go on to, or its first page."""
    parts = urlsplit(address)
    if (
        parts.scheme
        or parts.netloc
        or not is_staff(parts.path)
        or "\\" in address
        or not address.isprintable()
    ):
        return "/staff"
    return address


# --- forms -----------------------------------------------------------------------------------


async def checked(request: Request, visitor: Visitor) -> None:
    """Refuses forms that were not sent from our own pages by the person who is signed in.

    Raises:
        StaffError: When the origin is another one, the form is too large, or its token is not that
            of the session.
    """
    if request.method in _SAFE:
        return
    _check_origin(request)
    form = await read_form(request)
    given = str(form.get("csrf", ""))
    if request.url.path == SIGN_IN:
        expected = sign_in_token(request)
    elif visitor is None:
        raise StaffError(
            401,
            "Phiên làm việc đã hết",
            "Bạn hãy đăng nhập lại. Nội dung bạn vừa viết còn ở dưới đây để bạn chép lại.",
            _written(form),
        )
    else:
        expected = visitor.session.csrf
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise StaffError(
            403,
            "Biểu mẫu không còn hiệu lực",
            "Bạn hãy mở lại trang rồi gửi lại. Nội dung bạn vừa viết còn ở dưới đây.",
            _written(form),
        )


async def read_form(request: Request) -> FormData:
    """Reads the form of a request; a second call gives the same one."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MAX_BODY:
        raise StaffError(413, "Nội dung quá dài", "Bạn hãy rút ngắn nội dung rồi gửi lại.")
    return await request.form(max_files=0, max_fields=500)


Form = Annotated[FormData, Depends(read_form)]


def text_of(form: FormData, name: str, limit: int = 5_000) -> str:
    """One field of a form as text: trimmed, with lines ended alike, at most so long."""
    value = form.get(name, "")
    if not isinstance(value, str):
        return ""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return lines.strip()[:limit]


def sign_in_nonce(request: Request) -> str:
    """What ties the sign-in form to the browser that loaded it; made where there is none."""
    name = cookie_name(app_state(request).settings, "motcua-sign-in")
    return request.cookies.get(name, "") or secrets.token_urlsafe(16)


def sign_in_token(request: Request, nonce: str = "") -> str:
    """The token of the sign-in form; empty for a browser that has not loaded it."""
    settings = app_state(request).settings
    nonce = nonce or request.cookies.get(cookie_name(settings, "motcua-sign-in"), "")
    if not nonce:
        return ""
    key = console_of(request).keys.secret
    return hmac.new(key, f"staff sign-in {nonce}".encode(), hashlib.sha256).hexdigest()


def _check_origin(request: Request) -> None:
    settings = app_state(request).settings
    origin = request.headers.get("origin") or _origin(request.headers.get("referer", ""))
    known = {f"{request.url.scheme}://{request.headers.get('host', '')}".lower()}
    if settings.public_url:
        known.add(_origin(settings.public_url))
    if origin.lower() not in known:
        raise StaffError(
            403, "Biểu mẫu không đến từ trang này", "Bạn hãy mở lại trang rồi gửi lại."
        )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def _written(form: FormData) -> dict[str, str]:
    """The texts of a form that took somebody time to write; never a password."""
    return {
        name: value
        for name, value in form.multi_items()
        if isinstance(value, str) and name in WRITTEN_FIELDS and value.strip()
    }


WRITTEN_FIELDS: Final = frozenset({"reply", "note", "reason", "text", "value", "phrase", "turns"})
"""Fields that hold longer text."""
