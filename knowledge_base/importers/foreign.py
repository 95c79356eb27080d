"""Tells records that hold the page of another procedure than the one of their code.

A collection sometimes stores one page under the codes of others. Nothing on such a page is theirs:
not the name, the field or the level, and no figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from knowledge_base.importers.read import Found, Rejected
from knowledge_base.importers.source import SourceRecord
from knowledge_base.importers.text import procedure_name
from vietnamese.fold import fold

LEAST_SHARED: Final = 0.3
"""Least share of words that two names of one procedure have in common.

Of the 610 procedures that the portal's lists name beside a record of their own, 17 records hold
another page and share at most 0.12 of their words with the list; all others share 0.75 or more.
"""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record that holds the page of another procedure.

    Attributes:
        found: The record.
        others: The other codes under which the same page stands.
        listed: The name that a list of the portal gives to the code; empty where none does.
    """

    found: Found
    others: tuple[str, ...]
    listed: str

    @property
    def reason(self) -> str:
        """Says why the page is not that of the code, in English."""
        said = [f"holds the page of another procedure, {procedure_name(self.found.record.name)!r}"]
        if self.others:
            codes = ", ".join(self.others)
            said.append(f"which stands under {codes} as well")
        if self.listed:
            said.append(f"but the list of the portal names the code {self.listed!r}")
        return "; ".join(said)

    def __str__(self) -> str:
        return str(Rejected(self.found.file, self.found.row, self.found.record.code, self.reason))


def without_foreign(
    read: Sequence[Found | Rejected],
) -> tuple[list[Found | Rejected], list[Foreign]]:
    """Separates the records that hold the page of another procedure.

    A page is foreign to a code where a list of the portal gives the code quite another name, or
    where the same page (one address, one name) stands under several codes and no list says to which
    of them it belongs.

    Args:
        read: All that one run read; the lists of the portal (brief records) among it say which
            name is right.

    Returns:
        What is to be used, in the same order, and the foreign records. A brief record of a foreign
        record's code stays among the first: it holds all that is certain, as of the older day of
        the two.
    """
    listed = {
        item.record.code: procedure_name(item.record.name)
        for item in read
        if isinstance(item, Found) and item.record.brief
    }
    codes: dict[tuple[str, str], dict[str, None]] = {}
    for item in read:
        if isinstance(item, Found) and _has_page(item.record):
            codes.setdefault(_page(item.record), {})[item.record.code] = None
    kept: list[Found | Rejected] = []
    foreign: list[Foreign] = []
    for item in read:
        found = _foreign(item, listed, codes) if isinstance(item, Found) else None
        if found is None:
            kept.append(item)
        else:
            foreign.append(found)
    days = {item.found.record.code: item.found.record.as_of for item in foreign}
    return [_dated(item, days) for item in kept], foreign


def _dated(item: Found | Rejected, days: Mapping[str, date | None]) -> Found | Rejected:
    if isinstance(item, Rejected):
        return item
    known = [day for day in (item.record.as_of, days.get(item.record.code)) if day]
    return replace(item, record=replace(item.record, as_of=min(known, default=None)))


def _foreign(
    item: Found, listed: Mapping[str, str], codes: Mapping[tuple[str, str], Mapping[str, None]]
) -> Foreign | None:
    record = item.record
    if record.brief:
        return None
    name = listed.get(record.code, "")
    others: tuple[str, ...] = ()
    if _has_page(record):
        others = tuple(code for code in codes[_page(record)] if code != record.code)
    if shared_words(name, record.name) < LEAST_SHARED if name else others:
        return Foreign(item, others, name)
    return None


def shared_words(one: str, other: str) -> float:
    """Returns the share of words that two names have in common, from 0 to 1.

    >>> shared_words("Khóa căn cước điện tử", "Mở khóa căn cước điện tử")
    0.8333333333333334
    >>> shared_words("Khóa căn cước điện tử", "Hỗ trợ phát triển sản xuất cộng đồng")
    0.0
    """
    mine, theirs = (set(_WORD.findall(fold(name))) for name in (one, other))
    return len(mine & theirs) / len(mine | theirs) if mine or theirs else 1.0


def _has_page(record: SourceRecord) -> bool:
    return bool(record.page) and not record.brief


def _page(record: SourceRecord) -> tuple[str, str]:
    return record.page, fold(procedure_name(record.name))
