"""The state of the catalogue: how complete each record is, and how long ago it was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from assistant.feedback.records import RecordState, count_records
from assistant.staff.console import console_of
from assistant.staff.figures.sheets import record_sheet
from assistant.staff.figures.source import record_states
from assistant.staff.guard import Reviewer
from assistant.staff.pages import page
from assistant.staff.routes.figures import send_file
from knowledge_base.completeness import ESSENTIAL, USEFUL, Grade
from vietnamese.fold import fold

router = APIRouter()

PAGE: Final = 50
_NAMES: Final = ("tim", "linh-vuc", "hang", "thieu", "loai", "cu")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records somebody asked for; ``typed`` as it stood in the address."""

    typed: dict[str, str]
    number: int

    @property
    def query(self) -> str:
        """The same as part of an address, without the number of the page."""
        return urlencode({name: value for name, value in self.typed.items() if value})

    def takes(self, state: RecordState) -> bool:
        """Whether a record is one of them."""
        typed = self.typed
        kind = {"the": True, "danh-muc": False}.get(typed["loai"])
        return (
            (not typed["linh-vuc"] or state.field == typed["linh-vuc"])
            and (not typed["hang"] or state.grade == typed["hang"])
            and (not typed["thieu"] or typed["thieu"] in {str(a) for a in state.missing})
            and (kind is None or state.is_card is kind)
            and (typed["cu"] != "1" or state.stale)
            and all(w in fold(f"{state.code} {state.title}") for w in fold(typed["tim"]).split())
        )


@router.get("/ban-ghi")
def records(request: Request, member: Reviewer) -> Response:
    """Lists records, those most in need of a check first."""
    console = console_of(request)
    states = record_states(console)
    wanted = _read(request.query_params)
    found = [state for state in states if wanted.takes(state)]
    pages = max(1, -(-len(found) // PAGE))
    number = min(wanted.number, pages)
    values: dict[str, Any] = {
        "wanted": wanted,
        "number": number,
        "pages": pages,
        "total": len(found),
        "sheet": record_sheet(found[(number - 1) * PAGE : number * PAGE]),
        "counted": count_records(states),
        "fields": sorted({state.field for state in states}),
        "grades": list(Grade),
        "aspects": [*ESSENTIAL, *USEFUL],
        "stale_days": console.settings.stale_after_days,
    }
    return page(request, "records.html", values)


@router.get("/ban-ghi/tai")
def download(request: Request, member: Reviewer) -> Response:
    """Gives the records that were filtered as CSV or as a workbook."""
    wanted = _read(request.query_params)
    found: Sequence[RecordState] = [
        state for state in record_states(console_of(request)) if wanted.takes(state)
    ]
    kind = request.query_params.get("dang", "xlsx")[:8]
    return send_file([record_sheet(found)], kind, "ban-ghi", "mot-cua")


def _read(query: QueryParams) -> Wanted:
    number = query.get("trang", "1")[:6]
    return Wanted(
        {name: query.get(name, "").strip()[:200] for name in _NAMES},
        max(1, int(number)) if number.isdecimal() else 1,
    )
