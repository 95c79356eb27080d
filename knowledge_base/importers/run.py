"""Imports official records into a catalogue folder, and reports what that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from knowledge_base.importers.build import build
from knowledge_base.importers.foreign import Foreign, without_foreign
from knowledge_base.importers.rates import Rates
from knowledge_base.importers.read import Found, Rejected, read_file
from knowledge_base.importers.source import RowError, SourceRecord
from knowledge_base.index import with_families
from knowledge_base.loader import CatalogueError
from knowledge_base.schema import Procedure
from knowledge_base.store import IMPORTED, Catalogue, dump, read_records, write_atomically

RECORDS: Final = "records.jsonl"
"""The file below ``imported/`` that holds an office's own records, one a line, by code."""


class Outcome(StrEnum):
    """What became of one record."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a record that an import changed, as it was and as it is."""

    code: str
    field: str
    before: Any
    after: Any


@dataclass(slots=True)
class Report:
    """What an import did.

    Attributes:
        read: Records read, rejected ones not counted.
        outcomes: What became of each code.
        changes: Every field that differs from what was there before.
        rejected: Every row or file that could not be read.
        foreign: Every record that holds the page of another procedure; it was not imported, and
            what an earlier import took from the same page was removed.
        rates: How many records state each field.
    """

    read: int = 0
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)
    rates: Rates = field(default_factory=Rates)

    def count(self, outcome: Outcome) -> int:
        """Returns how many codes came out in one way."""
        return sum(found is outcome for found in self.outcomes.values())


def run_import(
    files: Sequence[Path],
    into: Path,
    *,
    as_of: date | None = None,
    dry_run: bool = False,
    progress: Callable[[Path, int], None] | None = None,
) -> Report:
    """Imports files into a catalogue folder.

    What stood there and is not in the files stays. A brief record (the portal's list) never
    replaces a fuller one, and an older record never a newer one. A record that holds the page of
    another procedure is not taken (see :mod:`knowledge_base.importers.foreign`).

    Args:
        files: Files in any known format.
        into: A catalogue folder; made when it is missing.
        as_of: The day the records speak for; None: see
            :func:`knowledge_base.importers.read.file_date`.
        dry_run: Report only, write nothing.
        progress: Called with the file and the number of rows read of it.

    Returns:
        The report.

    Raises:
        CatalogueError: What stands in the folder cannot be read; nothing was written.
    """
    report = Report()
    before = _standing(into)
    own = _imported(into)
    incoming: dict[str, tuple[Procedure, SourceRecord]] = {}
    read: list[Found | Rejected] = []
    for path in files:
        for count, found in enumerate(read_file(path, as_of), start=1):
            if progress is not None:
                progress(path, count)
            read.append(found)
    kept, report.foreign = without_foreign(read)
    for found in kept:
        _take(found, incoming, report)
    _remove(report.foreign, own, before, report)
    for code, (record, source) in incoming.items():
        report.rates.add(record, source)
        _place(code, record, source.brief, own, before, report)
    written = {Outcome.NEW, Outcome.CHANGED, Outcome.REMOVED}
    if not dry_run and written & set(report.outcomes.values()):
        records = with_families(record for _, record in sorted(own.items()))
        lines = "".join(f"{dump(record)}\n" for record in records)
        write_atomically(into / IMPORTED / RECORDS, lines.encode())
    return report


def _remove(
    foreign: Sequence[Foreign],
    own: dict[str, Procedure],
    before: dict[str, Procedure],
    report: Report,
) -> None:
    """Drops what an earlier import took from a page that is now known to be another's."""
    for found in foreign:
        code, page = found.found.record.code, found.found.record.page
        mine = own.get(code)
        if page and mine is not None and mine.provenance.source == page:
            del own[code]
            before.pop(code, None)
            report.outcomes[code] = Outcome.REMOVED


def _take(
    found: Found | Rejected, incoming: dict[str, tuple[Procedure, SourceRecord]], report: Report
) -> None:
    if isinstance(found, Rejected):
        report.rejected.append(found)
        return
    try:
        record = build(found.record)
    except RowError as error:
        rejected = Rejected(found.file, found.row, found.record.code, str(error))
        report.rejected.append(rejected)
        return
    report.read += 1
    known = incoming.get(record.code)
    if known is None or _comes_before(record, found.record.brief, known[0], known[1].brief):
        incoming[record.code] = (record, found.record)


def _comes_before(record: Procedure, brief: bool, known: Procedure, known_brief: bool) -> bool:
    """Tells which of two records of one code counts: the fuller kind, the newer, the longer."""
    if brief != known_brief:
        return known_brief
    one, other = record.provenance.last_checked, known.provenance.last_checked
    return one > other or (one == other and len(dump(record)) > len(dump(known)))


def _place(
    code: str,
    record: Procedure,
    brief: bool,
    own: dict[str, Procedure],
    before: dict[str, Procedure],
    report: Report,
) -> None:
    standing = before.get(code)
    if standing is None:
        own[code] = record
        report.outcomes[code] = Outcome.NEW
        return
    mine = own.get(code)
    older = mine is not None and mine.provenance.last_checked > record.provenance.last_checked
    if brief or older:
        report.outcomes[code] = Outcome.KEPT
        return
    changes = list(differences(standing, record))
    if not changes and mine is not None:
        report.outcomes[code] = Outcome.UNCHANGED
        return
    own[code] = record
    report.changes.extend(changes)
    report.outcomes[code] = Outcome.CHANGED


def differences(before: Procedure, after: Procedure) -> Iterable[Change]:
    """Yields the fields in which a record differs from the one before it.

    Everyday words (aliases and the like) do not count where the new record has none: the catalogue
    keeps them, see :func:`knowledge_base.store.inherit_words`.
    """
    words = {"plain_name", "aliases", "family", "separator", "related"}
    one, other = before.model_dump(mode="json"), after.model_dump(mode="json")
    for name in Procedure.model_fields:
        if one[name] != other[name] and not (name in words and not other[name]):
            yield Change(before.code, name, one[name], other[name])


def _standing(into: Path) -> dict[str, Procedure]:
    """Returns the records that hold in a folder before an import."""
    if not into.is_dir():
        return {}
    try:
        return {record.code: record for record in Catalogue.load([into])}
    except CatalogueError as error:
        if all(problem.reason == "holds no record" for problem in error.problems):
            return {}
        raise


def _imported(into: Path) -> dict[str, Procedure]:
    """Returns an office's own records; raises where they cannot be read, so that none is lost."""
    path = into / IMPORTED / RECORDS
    if not path.is_file():
        return {}
    records, problems = read_records(path)
    if problems:
        raise CatalogueError(problems)
    return {record.code: record for record in records}
