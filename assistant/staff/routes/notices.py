"""Notices above answers, and pauses of the assistant or of one channel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from assistant.feedback.notices import FRESH_SECONDS, NoticeKind, NoticeMissingError
from assistant.feedback.period import VIETNAM
from assistant.moments import utc_now
from assistant.staff import labels
from assistant.staff.console import console_of
from assistant.staff.guard import Admin, Editor, Form, Member, StaffError, text_of
from assistant.staff.pages import back, page
from assistant.staff.roles import Role

router = APIRouter(prefix="/thong-bao")

CHANNELS: Final = ("web", "telegram", "zalo", "zalo-bot", "api")
PAUSE_TEXT: Final = (
    "Trợ lý tự động đang tạm nghỉ. Bạn liên hệ trực tiếp nơi sau để được hướng dẫn, "
    "hoặc quay lại sau."
)
_FIELDS: Final = ("text", "reason", "channel", "from", "until")


@router.get("")
def notices_page(request: Request, member: Editor) -> Response:
    """Lists what holds now, what is planned and what has been."""
    return _show(request, member)


@router.post("")
def publish(request: Request, member: Editor, form: Form) -> Response:
    """Puts up a notice."""
    return _publish(request, member, form, NoticeKind.NOTICE)


@router.post("/tam-dung")
def pause(request: Request, member: Admin, form: Form) -> Response:
    """Pauses the assistant or one channel."""
    return _publish(request, member, form, NoticeKind.PAUSE)


@router.post("/{notice_id}/ket-thuc")
def end(request: Request, member: Editor, notice_id: int) -> Response:
    """Takes a notice down; a pause can only be ended by who may begin one."""
    book = console_of(request).notices
    try:
        if book.get(notice_id).kind is NoticeKind.PAUSE and not member.role.permits(Role.ADMIN):
            raise StaffError(403, "Bạn không có quyền", "Chỉ quản trị viên mở lại được trợ lý.")
        book.end(notice_id, member.username)
    except NoticeMissingError:
        raise StaffError(404, "Không có thông báo này", "Có thể đã kết thúc rồi.") from None
    return back("/staff/thong-bao", "ket-thuc")


def _publish(request: Request, member: Member, form: Form, kind: NoticeKind) -> Response:
    typed = {name: text_of(form, name, 2_000) for name in _FIELDS}
    problem = ""
    starts_at, ends_at = _moment(typed["from"]), _moment(typed["until"])
    if not typed["text"]:
        problem = "Bạn ghi nội dung người dân sẽ đọc."
    elif not typed["reason"]:
        problem = "Bạn ghi lý do, để đồng nghiệp hiểu."
    elif typed["channel"] and typed["channel"] not in CHANNELS:
        problem = "Bạn chọn một kênh trong danh sách."
    elif (typed["from"] and starts_at is None) or (typed["until"] and ends_at is None):
        problem = "Ngày giờ không hợp lệ."
    elif ends_at is not None and ends_at <= max(starts_at or utc_now(), utc_now()):
        problem = "Giờ kết thúc phải sau giờ bắt đầu và sau bây giờ."
    if problem:
        return _show(request, member, kind, typed, problem)
    console_of(request).notices.publish(
        kind,
        typed["text"],
        typed["reason"],
        member.username,
        channel=typed["channel"],
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return back("/staff/thong-bao", "tam-dung" if kind is NoticeKind.PAUSE else "thong-bao")


def _show(
    request: Request,
    member: Member,
    kind: NoticeKind | None = None,
    typed: dict[str, str] | None = None,
    problem: str = "",
) -> Response:
    now = utc_now()
    known = console_of(request).notices.all()
    empty = dict.fromkeys(_FIELDS, "")
    values: dict[str, Any] = {
        "current": [one for one in known if one.active(now)],
        "planned": [one for one in known if one.planned(now)],
        "past": [one for one in known if not one.active(now) and not one.planned(now)],
        "typed_notice": typed if typed and kind is NoticeKind.NOTICE else empty,
        "typed_pause": typed
        if typed and kind is NoticeKind.PAUSE
        else empty | {"text": PAUSE_TEXT},
        "channels": CHANNELS,
        "may_pause": member.role.permits(Role.ADMIN),
        "seconds": int(FRESH_SECONDS),
        "open": kind.value if kind else "",
        "channel_names": labels.CHANNELS,
        "problem": problem,
    }
    return page(request, "notices.html", values, 422 if problem else 200)


def _moment(text: str) -> datetime | None:
    """Reads what ``datetime-local`` gives, which is Vietnam's time."""
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
        return local.astimezone(UTC)
    except ValueError:
        return None
