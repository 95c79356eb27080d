"""The review queue."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from assistant.staff.console import console_of
from assistant.staff.guard import Reviewer
from assistant.staff.pages import page

router = APIRouter()


@router.get("")
def queue(request: Request, member: Reviewer) -> Response:
    """Lists what waits."""
    found, total = console_of(request).items.find()
    return page(request, "queue.html", {"items": found, "total": total})
