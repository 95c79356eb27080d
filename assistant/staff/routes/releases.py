"""Releases: what was learned at once, measured before and after."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from assistant.feedback.items import Filter
from assistant.feedback.learning.proposals import Proposals, ProposalState
from assistant.feedback.learning.release import (
    NothingToReleaseError,
    ReleaseBusyError,
    ReleaseRow,
    Releases,
    ReleaseState,
)
from assistant.staff.console import Console, console_of
from assistant.staff.guard import Editor, Form, Member, Reviewer, StaffError, text_of
from assistant.staff.pages import back, page
from assistant.staff.roles import Role

router = APIRouter(prefix="/cap-nhat")

BUSY = "Một bản cập nhật đang được kiểm tra. Bạn đợi xong rồi bắt đầu bản mới."
NOTHING = "Chưa có đề xuất nào được duyệt."
NO_WAY_BACK = "Không có bản nào để quay lại."


@router.get("")
def releases_page(request: Request, member: Reviewer) -> Response:
    """Lists releases, and what waits for the next."""
    return _list(request, member)


@router.post("")
def start(request: Request, member: Editor) -> Response:
    """Begins a release of every accepted proposal."""
    try:
        _book(console_of(request)).start(member.username)
    except ReleaseBusyError:
        return _list(request, member, BUSY)
    except NothingToReleaseError:
        return _list(request, member, NOTHING)
    return back("/staff/cap-nhat", "cap-nhat")


@router.get("/{number}")
def release_page(request: Request, member: Reviewer, number: int) -> Response:
    """Shows one release."""
    return _one(request, member, number)


@router.post("/quay-lai")
def roll_back(request: Request, member: Editor, form: Form) -> Response:
    """Takes the release in use out again."""
    reason = text_of(form, "reason", 2_000)
    if not reason:
        return _list(request, member, "Bạn ghi lý do gỡ bản đang dùng.")
    try:
        _book(console_of(request)).roll_back(member.username, reason)
    except ReleaseBusyError:
        return _list(request, member, BUSY, reason)
    except NothingToReleaseError:
        return _list(request, member, NO_WAY_BACK, reason)
    return back("/staff/cap-nhat", "quay-lai")


def _book(console: Console) -> Releases:
    return Releases(console.settings, console.database)


def _list(request: Request, member: Member, problem: str = "", reason: str = "") -> Response:
    console = console_of(request)
    book = _book(console)
    values: dict[str, Any] = {
        "releases": book.find(),
        "current": book.current(),
        "busy": book.busy(),
        "waiting": Proposals(console.database).find([ProposalState.ACCEPTED]),
        "may_start": member.role.permits(Role.EDITOR),
        "reason": reason,
        "problem": problem,
    }
    return page(request, "releases.html", values, 409 if problem else 200)


def _one(request: Request, member: Member, number: int) -> Response:
    console = console_of(request)
    book = _book(console)
    release = book.get(number)
    if release is None:
        raise StaffError(404, "Không có bản cập nhật này", "Bạn xem lại danh sách.")
    resolved, _ = console.items.find(Filter(release_id=number), limit=200)
    values: dict[str, Any] = {
        "release": release,
        "figures": figures(release),
        "proposals": Proposals(console.database).find(release_id=number),
        "items": resolved,
        "said": console.said,
        "current": book.current() == number,
        "running": release.state is ReleaseState.RUNNING,
    }
    return page(request, "release.html", values)


def figures(release: ReleaseRow) -> list[tuple[str, float | None, float | None]]:
    """Puts the figures before and after side by side: name, before, after."""
    before: dict[str, float] = dict(release.before.get("figures") or {})
    after: dict[str, float] = dict(release.after.get("figures") or {})
    return [(name, before.get(name), after.get(name)) for name in dict.fromkeys([*before, *after])]
