"""What the page of one procedure shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.replies import wording
from assistant.replies.aspects import describe, short
from assistant.web.pages.templates import level_words
from connectors.message import Block, Fact, Item, ItemList, Link, Paragraph
from connectors.web.blocks import as_block
from knowledge_base.schema import Aspect, Method, Procedure, RecordKind
from knowledge_base.store import Catalogue

_LONGEST_DESCRIPTION = 155


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page; ``id`` is its anchor, ``blocks`` are drawn by ``blocks.html``."""

    id: str
    title: str
    blocks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line at the top; ``anchor`` is the part that says more, or empty."""

    label: str
    value: str
    anchor: str = ""


def sections(record: Procedure) -> list[Section]:
    """Makes the parts of the page in the order in which citizens need them."""
    parts = [
        ("giay-to", wording.ASPECT_TITLES[Aspect.DOCUMENTS], describe(record, Aspect.DOCUMENTS)),
        ("phi", wording.ASPECT_TITLES[Aspect.FEES], describe(record, Aspect.FEES)),
        (
            "thoi-gian",
            wording.ASPECT_TITLES[Aspect.PROCESSING_TIME],
            describe(record, Aspect.PROCESSING_TIME),
        ),
        ("noi-nop", "Nộp hồ sơ ở đâu, bằng cách nào", _submissions(record)),
        ("cac-buoc", wording.ASPECT_TITLES[Aspect.STEPS], describe(record, Aspect.STEPS)),
        ("dieu-kien", wording.ASPECT_TITLES[Aspect.CONDITIONS], _conditions(record)),
        ("ket-qua", wording.ASPECT_TITLES[Aspect.RESULT], describe(record, Aspect.RESULT)),
        ("mau-don", wording.ASPECT_TITLES[Aspect.FORMS], describe(record, Aspect.FORMS)),
        (
            "can-cu",
            wording.ASPECT_TITLES[Aspect.LEGAL_BASIS],
            describe(record, Aspect.LEGAL_BASIS),
        ),
    ]
    drawn = ((name, title, [as_block(block) for block in blocks]) for name, title, blocks in parts)
    return [
        Section(name, title, [block for block in blocks if block is not None])
        for name, title, blocks in drawn
    ]


def summary(record: Procedure) -> list[SummaryLine]:
    """Names what people ask first, each in one line; only what the record states.

    Where a record has several figures none of them is picked out: the line leads to all of them.
    """
    lines = []
    for aspect, anchor in ((Aspect.FEES, "phi"), (Aspect.PROCESSING_TIME, "thoi-gian")):
        facts = [block for block in describe(record, aspect) if isinstance(block, Fact)]
        title = wording.ASPECT_TITLES[aspect]
        if len(facts) == 1:
            (only,) = facts
            named = only.label and only.label.casefold() not in title.casefold()
            lines.append(SummaryLine(title, f"{only.label}: {only.value}" if named else only.value))
        elif facts:
            lines.append(SummaryLine(title, f"Có {len(facts)} mức, tùy trường hợp.", anchor))
    if record.states(Aspect.WHERE):
        lines.append(SummaryLine(wording.ASPECT_TITLES[Aspect.WHERE], short(record, Aspect.WHERE)))
    methods = dict.fromkeys(wording.METHODS[s.method].lower() for s in record.submissions)
    if methods:
        lines.append(SummaryLine("Cách nộp", ", ".join(methods)))
    return lines


def values(record: Procedure, catalogue: Catalogue) -> dict[str, Any]:
    """Everything that ``procedure.html`` shows of a record."""
    return {
        "record": record,
        "is_card": record.kind is RecordKind.CARD,
        "successor": catalogue.get(record.superseded.by or "") if record.superseded else None,
        "summary": summary(record),
        "sections": sections(record),
        "levels": level_words(record),
        "audience": ", ".join(
            wording.AUDIENCES[one] for one in record.audience if one in wording.AUDIENCES
        ),
        "related": [
            (wording.RELATIONS[link.relation], catalogue[link.code], link.note)
            for link in record.related
            if link.code in catalogue
        ],
        "online_link": next(
            (s.link for s in record.submissions if s.method is Method.ONLINE and s.link), None
        ),
        "description": description(record),
    }


def description(record: Procedure) -> str:
    """One or two sentences for search engines."""
    text = record.purpose or f"{record.title}: giấy tờ cần có, phí, thời gian, nơi nộp hồ sơ."
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    return text[:_LONGEST_DESCRIPTION].rsplit(" ", 1)[0] + "…"


def _conditions(record: Procedure) -> tuple[Block, ...]:
    if not record.conditions:
        return (Paragraph(wording.NOT_STATED[Aspect.CONDITIONS]),)
    return (ItemList(tuple(Item(line) for line in record.conditions)),)


def _submissions(record: Procedure) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for way in record.submissions:
        name = wording.METHODS[way.method]
        blocks.append(Fact(name, way.place or "Được", way.note))
        if way.link:
            blocks.append(Link(f"Mở trang nộp hồ sơ ({name.lower()})", way.link))
    if not record.submissions:
        blocks.append(Paragraph(wording.NOT_STATED[Aspect.ONLINE]))
    agency = record.executing_agency
    if agency:
        blocks.append(Fact("Cơ quan thực hiện", agency))
    if record.competent_agency and record.competent_agency != agency:
        blocks.append(Fact("Cơ quan có thẩm quyền", record.competent_agency))
    return tuple(blocks)
