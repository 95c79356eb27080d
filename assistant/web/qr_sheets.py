"""Printable sheets of QR codes: the wall list, labels of file bags, the counter card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from assistant.replies import wording
from assistant.settings import Settings
from assistant.web import qr
from assistant.web.pages.procedure import summary
from assistant.web.pages.site import SURVEY_PATH, feedback_url, office_name, with_place
from assistant.web.pages.templates import render
from knowledge_base.schema import Aspect, Procedure
from vietnamese.fold import fold

STYLE = "sheet.css"
MOST_PAPERS = 7
MORE_PAPERS = "Còn {count} giấy tờ khác tùy trường hợp, xem trong mã."


@dataclass(frozen=True, slots=True)
class Codes:
    """Makes the codes of one office.

    Attributes:
        base: Address of the server, without a slash at the end.
        target: Where the codes of procedures lead.
    """

    settings: Settings
    base: str
    target: qr.Target = qr.Target.PAGE

    def of(self, record: Procedure) -> str:
        """Draws the code of a procedure.

        Raises:
            TargetUnknownError: When what it leads to is not set.
        """
        text = qr.address(
            self.target,
            self.base,
            f"/thu-tuc/{record.code}",
            record.code,
            self.settings.telegram_bot,
            self.settings.zalo_oa_id,
        )
        return qr.svg(text, f"Mã QR của thủ tục {record.code}")

    def shared(self) -> dict[str, Any]:
        """What every sheet shows of the office."""
        return {
            "office": office_name(self.settings),
            "hotline": self.settings.office_hotline,
        }


def wall(codes: Codes, records: Iterable[Procedure], today: date) -> str:
    """Makes the list that hangs on the wall, by field, numbered through.

    Args:
        codes: Makes the codes.
        records: The procedures of the office.
        today: The day of printing.
    """
    ordered = sorted(records, key=lambda r: (fold(r.field), r.field, fold(r.title), r.code))
    numbered = list(enumerate(ordered, start=1))
    groups = [
        (
            name,
            [
                {
                    "number": number,
                    "title": record.title,
                    "code": record.code,
                    "svg": codes.of(record),
                }
                for number, record in members
            ],
        )
        for name, members in groupby(numbered, key=lambda pair: pair[1].field)
    ]
    values = {**codes.shared(), "groups": groups, "total": len(ordered), "today": today}
    return render("sheet_wall.html", STYLE, values)


def labels(codes: Codes, records: Sequence[Procedure]) -> str:
    """Makes labels for the bags that hold the papers of one procedure, two on a page of A4."""
    made = [_label(codes, record) for record in records]
    return render("sheet_label.html", STYLE, {**codes.shared(), "labels": made})


def counter(codes: Codes, place: str = "", survey: bool = False) -> str:
    """Makes the card that stands on the counter and asks for feedback.

    Args:
        codes: Makes the codes.
        place: The office or counter, which the form then knows.
        survey: Whether the card leads to the survey instead of the form for opinions.
    """
    address = SURVEY_PATH if survey else feedback_url(codes.settings)
    if address.startswith("/"):
        address = qr.address(qr.Target.PAGE, codes.base, with_place(address, place))
    values = {
        **codes.shared(),
        "svg": qr.svg(address, f"Mã QR: {address}"),
        "address": address,
        "place": place,
        "survey": survey,
    }
    return render("sheet_counter.html", STYLE, values)


def _label(codes: Codes, record: Procedure) -> dict[str, Any]:
    """What one label shows: the papers that everyone brings, and where to read of the others."""
    common = [group for group in record.documents if not group.case] or record.documents[:1]
    papers = [paper.name for group in common for paper in group.documents if paper.required]
    total = sum(len(group.documents) for group in record.documents)
    shown = papers[:MOST_PAPERS]
    left = total - len(shown)
    return {
        "title": record.title,
        "code": record.code,
        "checked": record.provenance.last_checked,
        "papers": shown,
        "no_papers": wording.NOT_STATED[Aspect.DOCUMENTS],
        "more_papers": MORE_PAPERS.format(count=left) if left > 0 else "",
        "facts": [(line.label, line.value) for line in summary(record)],
        "svg": codes.of(record),
    }
