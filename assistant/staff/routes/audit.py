"""The record of who did what, for administrators."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from assistant.staff import labels
from assistant.staff.console import console_of
from assistant.staff.guard import Admin
from assistant.staff.pages import page
from assistant.staff.queue import start_of_day

router = APIRouter(prefix="/nhat-ky")

PAGE: Final = 50
_FIELDS: Final = ("nguoi", "viec", "doi-tuong", "ma", "tu", "den")


@router.get("")
def audit_page(request: Request, member: Admin) -> Response:
    """Lists entries, newest first."""
    console = console_of(request)
    typed = {name: request.query_params.get(name, "").strip()[:80] for name in _FIELDS}
    number = request.query_params.get("trang", "1")
    at = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    until = _day(typed["den"])
    entries, total = console.audit.find(
        actor=typed["nguoi"],
        action=typed["viec"],
        subject=typed["doi-tuong"],
        subject_id=typed["ma"],
        since=_day(typed["tu"]),
        until=until + timedelta(days=1) if until else None,
        limit=PAGE,
        offset=(at - 1) * PAGE,
    )
    values: dict[str, Any] = {
        "entries": entries,
        "total": total,
        "typed": typed,
        "query": urlencode({name: value for name, value in typed.items() if value}),
        "number": at,
        "pages": max(1, -(-total // PAGE)),
        "actions": labels.ACTIONS,
        "subjects": labels.SUBJECTS,
        "names": {account.id: account.name for account in console.accounts.all()},
        "people": console.accounts.all(),
    }
    return page(request, "audit.html", values)


def _day(text: str) -> datetime | None:
    try:
        return start_of_day(date.fromisoformat(text))
    except ValueError:
        return None
