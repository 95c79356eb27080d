"""Checks a catalogue as a whole: what one record alone cannot tell."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum

from knowledge_base.importers.figures import LEGAL
from knowledge_base.schema import Procedure, RecordKind
from knowledge_base.store import Catalogue


class Severity(StrEnum):
    """How bad a finding is; only errors fail a check."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that ``motcua check`` has to say.

    Attributes:
        rule: Short name of the rule, for example ``related`` or ``figure``.
        code: The record concerned; empty where it is a file.
        field: Path of the field, for example ``fees.0.amount``.
        figure: The figure in question as an explanation must name it; empty where there is none.
        card: What the card says.
        record: What the official record says.
    """

    severity: Severity
    rule: str
    code: str
    field: str
    message: str
    figure: str = ""
    card: str = ""
    record: str = ""

    def as_dict(self) -> dict[str, str]:
        """Returns the finding with plain strings, for JSON."""
        return {key: str(value) for key, value in asdict(self).items()}


def check_catalogue(catalogue: Catalogue, known: Container[str] = ()) -> list[Finding]:
    """Checks everything that needs no other source than the catalogue itself.

    Args:
        catalogue: The catalogue.
        known: Codes that exist although the catalogue does not hold them.

    Returns:
        Findings in the order: files, then records by code.
    """
    findings = [
        Finding(
            Severity.ERROR,
            "schema",
            problem.record,
            problem.field,
            f"{problem.file}: {problem.reason}",
        )
        for problem in catalogue.problems
    ]
    for record in catalogue:
        findings.extend(_check_links(record, catalogue, known))
        findings.extend(_check_legal(record))
    findings.extend(_check_families(catalogue))
    findings.extend(_check_aliases(catalogue))
    return findings


def stale(catalogue: Catalogue, days: int, today: date) -> list[Procedure]:
    """Returns the records last checked more than some days ago, longest ago first."""
    limit = today - timedelta(days=days)
    due = [record for record in catalogue if record.provenance.last_checked < limit]
    return sorted(due, key=lambda record: (record.provenance.last_checked, record.code))


def _check_links(
    record: Procedure, catalogue: Catalogue, known: Container[str]
) -> Iterator[Finding]:
    if record.kind is RecordKind.INDEX_ENTRY:
        return
    for position, related in enumerate(record.related):
        where = f"related.{position}"
        if related.code == record.code:
            yield Finding(Severity.ERROR, "related", record.code, where, "points to itself")
        elif related.code not in catalogue and related.code not in known:
            yield Finding(
                Severity.ERROR,
                "related",
                record.code,
                where,
                f"{related.code} is not in the catalogue",
            )
    seen = {record.code}
    current: Procedure | None = record
    while current is not None and current.superseded and current.superseded.by:
        successor = current.superseded.by
        if successor not in catalogue:
            yield Finding(
                Severity.ERROR,
                "superseded",
                record.code,
                "superseded.by",
                f"{successor} is not in the catalogue",
            )
            return
        if successor in seen:
            yield Finding(
                Severity.ERROR, "superseded", record.code, "superseded.by", "leads back to itself"
            )
            return
        seen.add(successor)
        current = catalogue.get(successor)


def _check_legal(record: Procedure) -> Iterator[Finding]:
    if record.kind is RecordKind.INDEX_ENTRY:
        return
    for position, basis in enumerate(record.legal_basis):
        if not LEGAL.fullmatch(basis.number):
            yield Finding(
                Severity.ERROR,
                "legal_number",
                record.code,
                f"legal_basis.{position}.number",
                f"{basis.number!r} is not the number of a legal document",
            )


def _check_families(catalogue: Catalogue) -> Iterator[Finding]:
    """Members of a family are told apart by their separator, so each needs its own."""
    for key, members in catalogue.families().items():
        cards = [member for member in members if member.kind is RecordKind.CARD]
        if len(cards) < 2:
            continue
        seen: dict[str, str] = {}
        for member in cards:
            if not member.separator:
                yield Finding(
                    Severity.ERROR,
                    "family",
                    member.code,
                    "separator",
                    f"is missing, but the family {key!r} has {len(cards)} cards",
                )
            elif (
                other := seen.setdefault(member.separator.casefold(), member.code)
            ) != member.code:
                yield Finding(
                    Severity.ERROR,
                    "family",
                    member.code,
                    "separator",
                    f"is the same as that of {other}",
                )


def _check_aliases(catalogue: Catalogue) -> Iterator[Finding]:
    """An everyday name may belong to several codes only when these know of each other."""
    owners: dict[str, list[Procedure]] = {}
    for record in catalogue:
        if record.kind is RecordKind.CARD:
            for alias in record.aliases:
                owners.setdefault(" ".join(alias.casefold().split()), []).append(record)
    for alias, records in owners.items():
        for record, other in _unrelated(records):
            yield Finding(
                Severity.ERROR,
                "alias",
                record.code,
                "aliases",
                f"{alias!r} is claimed by {other.code} as well; relate the two or drop it from one",
            )


def _unrelated(records: Iterable[Procedure]) -> Iterator[tuple[Procedure, Procedure]]:
    records = list(records)
    for index, record in enumerate(records):
        for other in records[index + 1 :]:
            family = record.family and record.family == other.family
            linked = {related.code for related in record.related} | {r.code for r in other.related}
            if not family and not ({record.code, other.code} & linked):
                yield record, other
