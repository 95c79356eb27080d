"""The review queue: filters, search, groups, and what is done to several items at once."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from assistant.feedback.items import Item, ItemChangedError, ItemMissingError
from assistant.feedback.values import CLOSED, DecisionKind, Kind, Origin, State
from assistant.moments import utc_now
from assistant.staff import labels
from assistant.staff.console import Console, console_of
from assistant.staff.guard import Form, Member, Reviewer, StaffError, text_of
from assistant.staff.pages import page
from assistant.staff.queue import (
    PAGE,
    channels,
    item_versions,
    open_groups,
    read_wanted,
)
from assistant.staff.replying import send_reply

router = APIRouter()

FORWARDED: Final = "Nội dung của bạn đã được chuyển đến {to} để giải quyết theo thẩm quyền."
"""What the citizen reads of an item that was passed on, where staff wrote nothing else."""


@router.get("")
def queue(request: Request, member: Reviewer) -> Response:
    """Lists what waits."""
    return _show(request, member)


@router.get("/nhom")
def groups(request: Request, member: Reviewer) -> Response:
    """Lists groups of like questions."""
    return page(request, "groups.html", {"groups": open_groups(console_of(request).database)})


@router.post("/hang-loat")
def bulk(request: Request, member: Reviewer, form: Form) -> Response:
    """Does one thing to every ticked item; items that somebody else has changed are left."""
    console = console_of(request)
    chosen = item_versions(form.getlist("muc"))
    task = text_of(form, "viec", 20)
    if not chosen:
        return _show(request, member, "Bạn chưa chọn mục nào.", form)
    reason, to = text_of(form, "reason"), text_of(form, "to", 200)
    match task:
        case "giao":
            assignee = read_assignee(console, text_of(form, "nguoi-nhan", 10))
            action = "item.assign"
        case "xong":
            action = "item.state"
        case "bo-qua" | "chuyen":
            action = "item.decide"
        case _:
            raise StaffError(422, "Không rõ việc cần làm", "Bạn hãy mở lại hàng đợi rồi thử lại.")
    if task == "bo-qua" and not reason:
        return _show(request, member, "Bạn ghi lý do không xử lý.", form)
    if task == "chuyen" and not to:
        return _show(request, member, "Bạn ghi cơ quan, bộ phận được chuyển đến.", form)
    changed, skipped = 0, []
    for identifier, version in chosen:
        try:
            item = console.items.get(identifier)
            if task == "giao":
                changes = assigning(item, assignee)
            elif task == "xong":
                changes = {"state": State.DONE}
            elif task == "bo-qua":
                changes = dismissing(reason)
            else:
                changes = forwarding(item, to, reason)
            console.items.update(identifier, version, changes, member.username, action)
            if changes.get("reply"):
                send_reply(console, identifier)
            changed += 1
        except (ItemChangedError, ItemMissingError):
            skipped.append(f"#{identifier}")
    done = f"Đã làm với {changed} mục."
    problem = ""
    if skipped:
        problem = (
            f"{', '.join(skipped)} vừa được người khác thay đổi nên để nguyên. "
            "Bạn xem lại rồi làm lại nếu cần."
        )
    return _show(request, member, problem, done=done, status=200)


# --- changes that one item and several have in common ----------------------------------------


def assigning(item: Item, assignee: int | None) -> dict[str, Any]:
    """Gives an item to somebody; a new one is thereby taken up."""
    taken = item.state is State.NEW and assignee is not None
    return {"assignee": assignee, **({"state": State.OPEN} if taken else {})}


def dismissing(reason: str) -> dict[str, Any]:
    """Closes an item as one that nothing can be done about."""
    return {
        "state": State.DISMISSED,
        "decision": DecisionKind.NOT_ACTIONABLE.value,
        "decision_data": {"reason": reason},
    }


def forwarding(item: Item, to: str, reason: str) -> dict[str, Any]:
    """Closes an item that another body has to deal with, and says so to the citizen."""
    return {
        "state": State.DONE,
        "decision": DecisionKind.FORWARD.value,
        "decision_data": {"to": to, "reason": reason},
        "reply": item.reply or FORWARDED.format(to=to),
    }


def read_assignee(console: Console, text: str) -> int | None:
    """Reads who is chosen: the id of an account that can sign in, or nobody."""
    if not text:
        return None
    account = console.accounts.get(int(text)) if text.isdecimal() else None
    if account is None or account.disabled_at is not None:
        raise StaffError(422, "Không có người này", "Bạn hãy mở lại trang rồi chọn lại.")
    return account.id


def _show(
    request: Request,
    member: Member,
    problem: str = "",
    form: Form | None = None,
    done: str = "",
    status: int = 0,
) -> Response:
    console = console_of(request)
    query = dict(request.query_params)
    wanted = read_wanted(query, member.id)
    found, total = console.items.find(
        wanted.filter, order=wanted.order, limit=PAGE, offset=(wanted.number - 1) * PAGE
    )
    people = {account.id: account for account in console.accounts.all()}
    ticked = {identifier for identifier, _ in item_versions(form.getlist("muc"))} if form else set()
    if query.get("chon") == "tat-ca":
        ticked = {item.id for item in found}
    values: dict[str, Any] = {
        "items": found,
        "total": total,
        "wanted": wanted,
        "pages": max(1, -(-total // PAGE)),
        "people": people,
        "counts": console.items.counts(),
        "channels": channels(console.database),
        "states": list(State),
        "kinds": list(Kind),
        "origins": list(Origin),
        "orders": labels.ORDERS,
        "late": {i.id for i in found if is_late(i)},
        "title_of": console.title_of,
        "said": console.said,
        "ticked": ticked,
        "reason": text_of(form, "reason") if form else "",
        "to": text_of(form, "to", 200) if form else "",
        "problem": problem,
    }
    if done:
        values["done"] = done
    return page(request, "queue.html", values, status or (422 if problem else 200))


def is_late(item: Item) -> bool:
    """Tells whether an item should have been done by now and is not."""
    return item.due_at is not None and item.state not in CLOSED and item.due_at < utc_now()
