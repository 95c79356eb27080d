"""Finds and orders procedures for the pages that list them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.knowledge import Knowledge
from knowledge_base.schema import CODE_PATTERN, Level, Procedure, RecordKind
from knowledge_base.search import Query
from knowledge_base.store import Catalogue
from vietnamese.fold import fold
from vietnamese.reader import Reader

PAGE_SIZE = 25
MOST_FOUND = 20
_DEPTH = 100
_LONGEST_QUERY = 300
_LONGEST_SLUG = 40

LEVELS: dict[str, tuple[Level, str]] = {
    "xa": (Level.COMMUNE, "Cấp xã"),
    "tinh": (Level.PROVINCE, "Cấp tỉnh"),
    "bo": (Level.MINISTRY, "Cấp bộ"),
    "khac": (Level.OTHER, "Cơ quan khác"),
}
"""What stands in an address, with the level it means and its name."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        number: From 1.
        pages: How many pages there are, at least 1.
        total: How many records all pages have.
    """

    records: Sequence[Procedure]
    number: int
    pages: int
    total: int


def paginate(records: Sequence[Procedure], number: int) -> Page:
    """Cuts a list into pages; a number outside is the nearest page."""
    pages = max(1, -(-len(records) // PAGE_SIZE))
    number = min(max(number, 1), pages)
    start = (number - 1) * PAGE_SIZE
    return Page(records[start : start + PAGE_SIZE], number, pages, len(records))


def at_level(records: Sequence[Procedure], level: str) -> list[Procedure]:
    """Keeps the records of a level, those in force and in plain language first.

    Args:
        records: Any records.
        level: A key of :data:`LEVELS`; anything else: every level.
    """
    wanted = LEVELS[level][0] if level in LEVELS else None
    kept = [record for record in records if wanted is None or wanted in record.levels]
    return sorted(
        kept,
        key=lambda r: (
            r.superseded is not None,
            r.kind is not RecordKind.CARD,
            fold(r.title),
            r.code,
        ),
    )


def find(knowledge: Knowledge, text: str, level: str) -> list[Procedure]:
    """Finds procedures as the assistant does.

    Args:
        knowledge: The catalogue with its search.
        text: What was typed, a code included.
        level: A key of :data:`LEVELS` to keep only that level; anything else: every level.

    Returns:
        Best first, at most :data:`MOST_FOUND`.
    """
    text = text.strip()[:_LONGEST_QUERY]
    exact = knowledge.catalogue.get(text) if CODE_PATTERN.match(text) else None
    if exact is not None:
        return [exact]
    wanted = LEVELS[level][0] if level in LEVELS else None
    reading = reader().read(text)
    prefer = (wanted,) if wanted is not None else (Level.COMMUNE,)
    query = Query(reading.restored, reading.normalised, prefer)
    found = knowledge.searcher.search(query, top=_DEPTH if wanted is not None else MOST_FOUND)
    records = [knowledge.catalogue[candidate.code] for candidate in found.candidates]
    return [r for r in records if wanted is None or wanted in r.levels][:MOST_FOUND]


@lru_cache(maxsize=1)
def reader() -> Reader:
    """The reader of this process, loaded when something is first searched for."""
    return Reader.load()


class Fields:
    """The official fields with the names that stand in addresses."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Names every field; two that look alike in plain letters get a number."""
        self._slugs: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._counts = catalogue.fields()
        self._cards = {
            name: sum(r.kind is RecordKind.CARD for r in catalogue.in_field(name))
            for name in self._counts
        }
        for name in sorted(self._counts):
            slug = base = _slug(name)
            number = 1
            while slug in self._names:
                number += 1
                slug = f"{base}-{number}"
            self._slugs[name], self._names[slug] = slug, name

    def name(self, slug: str) -> str | None:
        """The field of an address, or None."""
        return self._names.get(slug)

    def url(self, name: str) -> str:
        """The address of a field's page, without the server."""
        return f"/thu-tuc/linh-vuc/{self._slugs[name]}"

    def slug(self, name: str) -> str:
        """What stands for a field in addresses."""
        return self._slugs[name]

    def by_need(self) -> list[str]:
        """Fields that citizens need most first: those with many procedures in plain language."""
        return sorted(self._counts, key=lambda name: (-self._cards[name], -self._counts[name]))

    def by_name(self) -> list[str]:
        """Fields in the order of the alphabet."""
        return sorted(self._counts, key=lambda name: (fold(name), name))

    def count(self, name: str) -> int:
        """How many procedures a field has."""
        return self._counts[name]


def _slug(name: str) -> str:
    """Writes a field in plain letters, short enough for a small QR code."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "khac"
    return slug if len(slug) <= _LONGEST_SLUG else slug[: _LONGEST_SLUG + 1].rpartition("-")[0]


@lru_cache(maxsize=1)
def fields_of(catalogue: Catalogue) -> Fields:
    """The fields of a catalogue, named once."""
    return Fields(catalogue)
