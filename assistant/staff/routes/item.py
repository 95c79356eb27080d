"""One item of the queue: what happened, what was understood, what the office makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from assistant.feedback.items import Item, ItemChangedError, ItemMissingError
from assistant.feedback.learning.decisions import (
    LEARNABLE,
    DecisionError,
    editable_fields,
    topic,
)
from assistant.feedback.learning.proposals import Proposals
from assistant.feedback.period import VIETNAM, vietnam_day
from assistant.feedback.values import DecisionKind, Kind, State
from assistant.moments import utc_now
from assistant.staff import labels
from assistant.staff.console import Console, console_of
from assistant.staff.conversation import around, understood
from assistant.staff.fields import new_entry
from assistant.staff.guard import Editor, Form, Member, Reviewer, StaffError, text_of
from assistant.staff.pages import back, page
from assistant.staff.queue import start_of_day
from assistant.staff.replying import send_reply
from assistant.staff.roles import Role
from assistant.staff.routes.queue import (
    assigning,
    dismissing,
    forwarding,
    is_late,
    read_assignee,
)
from knowledge_base.completeness import completeness
from knowledge_base.schema import Aspect, Procedure

router = APIRouter(prefix="/muc/{item_id}")

_TYPED: Final = (
    "decision", "code", "phrase", "cue", "field", "value", "source", "link", "checked",
    "correction", "turns", "to", "reason", "reply", "note", "assignee", "due",
)  # fmt: skip
_OF_SUGGESTIONS: Final = (
    DecisionKind.FORWARD,
    DecisionKind.WRONG_FIELD,
    DecisionKind.MISSING_FIELD,
    DecisionKind.NOT_ACTIONABLE,
)


@router.get("")
def item_page(request: Request, member: Reviewer, item_id: int) -> Response:
    """Shows an item."""
    return _show(request, member, _item(console_of(request), item_id))


@router.post("/quyet-dinh")
def decide(request: Request, member: Reviewer, item_id: int, form: Form) -> Response:
    """Records a decision; one that teaches the assistant something becomes a proposal."""
    console = console_of(request)
    item, typed = _item(console, item_id), _typed(form)
    if form.get("xem"):  # only another procedure's fields are asked for
        return _show(request, member, item, typed, status=200)
    try:
        kind = DecisionKind(typed["decision"])
    except ValueError:
        return _show(request, member, item, typed, "Bạn chọn một quyết định.")
    if kind not in decisions_for(item):
        return _show(request, member, item, typed, "Quyết định này không dùng cho loại mục này.")
    if kind is DecisionKind.NOT_ACTIONABLE and not typed["reason"]:
        return _show(request, member, item, typed, "Bạn ghi lý do, để người sau hiểu vì sao.")
    if kind is DecisionKind.FORWARD and not typed["to"]:
        return _show(request, member, item, typed, "Bạn ghi cơ quan, bộ phận được chuyển đến.")
    version = _version(form)
    try:
        if kind in LEARNABLE:
            Proposals(console.database).decide(
                item_id, version, kind, _learnt(item, kind, typed), console.knowledge.catalogue,
                member.username,
            )  # fmt: skip
            return back(f"/staff/muc/{item_id}", "de-xuat-moi")
        changes = (
            forwarding(item, typed["to"], typed["reason"])
            if kind is DecisionKind.FORWARD
            else dismissing(typed["reason"])
        )
        Proposals(console.database).end(item_id, version, changes, member.username)
        if changes.get("reply"):
            send_reply(console, item_id)
    except DecisionError as error:
        return _show(request, member, item, typed, str(error), wrong=error.errors)
    except ItemChangedError:
        return _stale(request, member, item_id, typed)
    return back(f"/staff/muc/{item_id}", "quyet-dinh")


@router.post("/tra-loi")
def reply(request: Request, member: Reviewer, item_id: int, form: Form) -> Response:
    """Replies to the citizen; the reply is shown to whoever has the tracking code."""
    console = console_of(request)
    item, typed = _item(console, item_id), _typed(form)
    if not item.code:
        raise StaffError(
            422, "Không trả lời được", "Mục này không có mã tra cứu.", {"reply": typed["reply"]}
        )
    if not typed["reply"]:
        return _show(request, member, item, typed, "Bạn viết câu trả lời.")
    changes: dict[str, Any] = {"reply": typed["reply"]}
    if form.get("dong"):
        changes["state"] = State.DONE
    elif item.state is State.NEW:
        changes["state"] = State.OPEN
    answer = _change(request, member, item, form, changes, "item.reply", "")
    if answer.status_code != 303:
        return answer
    return back(f"/staff/muc/{item.id}", send_reply(console, item.id))


@router.post("/phan-cong")
def assign(request: Request, member: Reviewer, item_id: int, form: Form) -> Response:
    """Gives the item to somebody and sets when it has to be done."""
    console = console_of(request)
    item, typed = _item(console, item_id), _typed(form)
    due = _end_of_day(typed["due"])
    if typed["due"] and due is None:
        return _show(request, member, item, typed, "Ngày hạn không hợp lệ.")
    changes = assigning(item, read_assignee(console, typed["assignee"])) | {"due_at": due}
    if item.due_at is not None and due is not None and _day_of(item.due_at) == typed["due"]:
        changes["due_at"] = item.due_at
    return _change(request, member, item, form, changes, "item.assign", "phan-cong")


@router.post("/trang-thai")
def set_state(request: Request, member: Reviewer, item_id: int, form: Form) -> Response:
    """Closes an item as done, or opens it again."""
    item = _item(console_of(request), item_id)
    wanted = {"xong": State.DONE, "mo": State.OPEN}.get(text_of(form, "trang-thai", 20))
    if wanted is None:
        raise StaffError(422, "Không rõ trạng thái", "Bạn hãy mở lại trang rồi thử lại.")
    return _change(request, member, item, form, {"state": wanted}, "item.state", "trang-thai")


@router.post("/ghi-chu")
def add_note(request: Request, member: Reviewer, item_id: int, form: Form) -> Response:
    """Adds a note for colleagues."""
    console = console_of(request)
    item, typed = _item(console, item_id), _typed(form)
    if not typed["note"]:
        return _show(request, member, item, typed, "Bạn viết ghi chú.")
    console.notes.add(item.id, member.username, typed["note"])
    return back(f"/staff/muc/{item_id}", "ghi-chu")


@router.post("/lien-he")
def show_contact(request: Request, member: Editor, item_id: int) -> Response:
    """Shows how to reach the citizen, who agreed to it; that it was looked at is recorded."""
    console = console_of(request)
    item = _item(console, item_id)
    if not item.contact:
        raise StaffError(404, "Không có liên hệ", "Người dân không để lại liên hệ.")
    console.audit.record(member.username, "item.contact_shown", "item", item.id)
    contact = console.keys.seal.open(item.contact)
    return _show(request, member, item, status=200, contact=contact)


# --- the page --------------------------------------------------------------------------------


def decisions_for(item: Item) -> tuple[DecisionKind, ...]:
    """The decisions that make sense for an item."""
    if item.kind in {Kind.SUGGESTION, Kind.COMPLAINT}:
        return _OF_SUGGESTIONS
    return tuple(DecisionKind)


def _show(
    request: Request,
    member: Member,
    item: Item,
    typed: Mapping[str, Any] | None = None,
    problem: str = "",
    status: int = 0,
    wrong: Mapping[str, str] | None = None,
    contact: str = "",
) -> Response:
    console = console_of(request)
    entered = {**_suggested(console, item), **(typed or {})}
    record = _record(console, item, entered["code"])
    values: dict[str, Any] = {
        "item": item,
        "entered": entered,
        "wrong": defaultdict(str, wrong or {}),
        "problem": problem,
        "contact": contact,
        "may_see_contact": member.role.permits(Role.EDITOR),
        "turns": around(console.database, item),
        "seen": understood(item, console.knowledge.catalogue),
        "record": record,
        "grade": completeness(record) if record else None,
        "fields": [f for f in editable_fields(record) if "\n" not in f.value] if record else [],
        "decisions": decisions_for(item),
        "aspects": [aspect for aspect in Aspect if aspect is not Aspect.OVERVIEW],
        "people": console.accounts.active(),
        "names": {account.id: account.name for account in console.accounts.all()},
        "notes": console.notes.of_item(item.id),
        "proposals": Proposals(console.database).find(item_id=item.id),
        "history": console.audit.find(subject="item", subject_id=item.id, limit=50)[0],
        "late": is_late(item),
        "title_of": console.title_of,
        "said": console.said,
        "columns": labels.COLUMNS,
    }
    return page(request, "item.html", values, status or (422 if problem else 200))


def _stale(request: Request, member: Member, item_id: int, typed: Mapping[str, Any]) -> Response:
    console = console_of(request)
    entries, _ = console.audit.find(subject="item", subject_id=item_id, limit=1)
    who = f"{entries[0].actor} vừa" if entries else "Có người khác vừa"
    problem = (
        f"{who} thay đổi mục này sau khi bạn mở trang. Nội dung bạn viết vẫn còn trong biểu mẫu; "
        "bạn xem lại thay đổi ở phần lịch sử rồi gửi lại nếu vẫn đúng."
    )
    return _show(request, member, _item(console, item_id), typed, problem, 409)


def _change(
    request: Request,
    member: Member,
    item: Item,
    form: Form,
    changes: Mapping[str, Any],
    action: str,
    done: str,
) -> Response:
    console = console_of(request)
    try:
        console.items.update(item.id, _version(form), changes, member.username, action)
    except ItemChangedError:
        return _stale(request, member, item.id, _typed(form))
    return back(f"/staff/muc/{item.id}", done)


# --- reading forms ---------------------------------------------------------------------------


def _typed(form: Form) -> dict[str, Any]:
    return {
        **{name: text_of(form, name) for name in _TYPED},
        "aspects": [str(name) for name in form.getlist("aspects")],
        "typed": True,
    }


def _learnt(item: Item, kind: DecisionKind, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The form as :class:`assistant.feedback.learning.decisions.DecisionForm` names its parts.

    The item's own question proves a corrected field only where it asks for it: unless somebody
    wrote another one, the proposal looks for the question that does.
    """
    names = ("phrase", "cue", "field", "source", "link", "checked", "turns")
    data: dict[str, Any] = {name: typed[name] for name in names}
    data["code"] = code_in(typed["code"])
    of_field = kind in {DecisionKind.WRONG_FIELD, DecisionKind.MISSING_FIELD}
    if of_field and data["turns"] == str(item.snapshot.get("question") or ""):
        data["turns"] = ""
    data["aspects"] = tuple(typed["aspects"])
    data["value"] = new_entry(typed["field"], typed["value"], typed["source"])
    data["note"] = typed["correction"]
    return data


def _suggested(console: Console, item: Item) -> dict[str, Any]:
    """What the forms hold before anybody has typed anything."""
    zone_due = _day_of(item.due_at) if item.due_at else ""
    suggested: dict[str, Any] = dict.fromkeys(_TYPED, "")
    suggested |= {
        "code": str(item.snapshot.get("procedure") or item.procedure or ""),
        "phrase": topic(item) if item.kind in {Kind.ANSWER, Kind.UNANSWERED} else "",
        "aspects": list(item.snapshot.get("aspects") or ()),
        "turns": str(item.snapshot.get("question") or ""),
        "checked": vietnam_day(utc_now()).isoformat(),
        "reply": item.reply,
        "assignee": str(item.assignee or ""),
        "due": zone_due,
        "typed": False,
    }
    return suggested


def code_in(text: str) -> str:
    """The code of a procedure in what was chosen from the list: ``1.001193 Đăng ký khai sinh``."""
    return text.split()[0].strip(",;") if text.split() else ""


def _record(console: Console, item: Item, code: str) -> Procedure | None:
    catalogue = console.knowledge.catalogue
    candidates = [str(pair[0]) for pair in item.snapshot.get("candidates") or () if pair]
    for known in (code_in(code), str(item.procedure or ""), *candidates[:1]):
        record = catalogue.get(known) if known else None
        if record is not None:
            return record
    return None


def _item(console: Console, item_id: int) -> Item:
    try:
        return console.items.get(item_id)
    except ItemMissingError:
        raise StaffError(404, "Không có mục này", "Mục có thể đã bị xoá theo thời hạn.") from None


def _version(form: Form) -> int:
    text = text_of(form, "version", 12)
    if not text.isdecimal():
        raise StaffError(422, "Thiếu phiên bản của mục", "Bạn hãy mở lại trang rồi gửi lại.")
    return int(text)


def _day_of(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).date().isoformat()


def _end_of_day(text: str) -> datetime | None:
    try:
        return start_of_day(date.fromisoformat(text)) + timedelta(days=1, seconds=-1)
    except ValueError:
        return None
