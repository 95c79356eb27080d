"""What every importer hands on: the cells of one official record, split into rows, unread yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One way to hand in a dossier, as printed.

    Attributes:
        method: The way, for example ``Trực tuyến`` or ``ONLINE``.
        time: The cell of the time, for example ``3 Ngày làm việc``.
        fees: Each fee as printed amount and the note that belongs to it.
        note: The description of the row.
    """

    method: str
    time: str = ""
    fees: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One paper, as printed; counts are None where the source prints none."""

    name: str
    originals: int | None = None
    copies: int | None = None
    files: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """The papers of one case; ``case`` is empty where the source names none."""

    case: str
    rows: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One official record, of whatever format, with its cells apart but not interpreted.

    Attributes:
        legal: Pairs of number and name.
        text: Everything the record says, for looking figures up.
        page: Address of the record's own page; empty where the source has none.
        form: Name of the format it came in.
        as_of: The day the source speaks for.
        filled: Names of :data:`knowledge_base.importers.rates.FIELDS` whose cell the source fills,
            for formats whose cells have to be split.
        brief: Whether the format holds little more than a name, so that it must not replace a
            fuller record.
    """

    code: str
    name: str
    form: str
    text: str = ""
    decision: str = ""
    field: str = ""
    levels: str = ""
    audience: str = ""
    methods: tuple[MethodRow, ...] = ()
    documents: tuple[DocumentRows, ...] = ()
    legal: tuple[tuple[str, str], ...] = ()
    results: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    executing_agency: str = ""
    competent_agency: str = ""
    issuing_agency: str = ""
    address: str = ""
    related: str = ""
    page: str = ""
    as_of: date | None = None
    brief: bool = False
    filled: frozenset[str] = frozenset()


class RowError(ValueError):
    """Raised when one record cannot be read; the message says why, in English."""
