"""The commands about the catalogue: ``import``, ``check`` and ``build-index``."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from knowledge_base.check import Finding, Severity, check_catalogue, stale
from knowledge_base.compare import compare, unsourced
from knowledge_base.completeness import Grade, completeness
from knowledge_base.importers.build import build
from knowledge_base.importers.foreign import without_foreign
from knowledge_base.importers.rates import FIELDS, Rates
from knowledge_base.importers.read import Found, Rejected, read_file
from knowledge_base.importers.run import Outcome, Report, run_import
from knowledge_base.importers.source import RowError, SourceRecord
from knowledge_base.index import entry, write_index
from knowledge_base.loader import CatalogueError
from knowledge_base.overlay import Overlay
from knowledge_base.schema import Procedure, RecordKind
from knowledge_base.store import NATIONAL, PACKAGED, Catalogue

_FIELD_WORDS: Final = {
    "field": "field (lĩnh vực)",
    "level": "level",
    "audience": "audience",
    "agency": "agency",
    "documents": "documents",
    "document_counts": "originals and copies",
    "forms": "forms",
    "fees": "fees, mentioned",
    "fee_amount": "fees, with an amount",
    "steps": "steps",
    "time": "processing time",
    "submissions": "ways of submission",
    "conditions": "conditions",
    "result": "result",
    "legal_basis": "legal basis",
    "decision": "number of the decision",
    "page": "link to the page",
}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _folders(given: Sequence[Path]) -> list[Path]:
    """Returns the folders to read: those given, else the setting, else the packaged catalogue."""
    if given:
        return list(given)
    setting = os.environ.get("MOTCUA_CATALOGUE", "")
    return [Path(part) for part in setting.split(os.pathsep) if part] or [PACKAGED]


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@click.command("check")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--against",
    multiple=True,
    type=_FILE,
    help="Official records to compare every figure of the cards with; may be given several times.",
)
@click.option(
    "--stale",
    "stale_days",
    type=click.IntRange(min=0),
    help="List the records that were last checked more than so many days ago.",
)
@click.option("--code", "codes", multiple=True, help="Report on these codes only.")
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable findings.")
def check_command(
    folders: tuple[Path, ...],
    against: tuple[Path, ...],
    stale_days: int | None,
    codes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Check the catalogue: schema, references, names, and figures against official records.

    FOLDERS are catalogue folders; without them MOTCUA_CATALOGUE or the packaged catalogue is
    checked. Exits with 1 when there are errors.
    """
    console = Console(highlight=False, soft_wrap=True)
    try:
        catalogue = Catalogue.load(_folders(folders))
    except CatalogueError as error:
        raise click.ClickException(str(error)) from error
    official = _official(against, Console(stderr=True, soft_wrap=True))
    findings = check_catalogue(catalogue, official.keys())
    overlay = Overlay.load(catalogue.folders)
    for problem in overlay.check(record.code for record in catalogue):
        message = f"{problem.file}: {problem.reason}"
        findings.append(Finding(Severity.ERROR, "local", problem.record, problem.field, message))
    without_record: list[str] = []
    cards = [record for record in catalogue if record.kind is RecordKind.CARD]
    if against:
        for card in cards:
            records = official.get(card.code)
            if records is None:
                without_record.append(card.code)
                findings.extend(unsourced(card))
            else:
                findings.extend(compare(card, records))
    if codes:
        findings = [finding for finding in findings if finding.code in codes]
    due = stale(catalogue, stale_days, date.today()) if stale_days is not None else []
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if as_json:
        report = {
            "records": len(catalogue),
            "cards": len(cards),
            "errors": len(errors),
            "warnings": len(findings) - len(errors),
            "findings": [finding.as_dict() for finding in findings],
            "without_official_record": without_record,
            "grades": {card.code: str(completeness(card).grade) for card in cards},
            "stale": [
                {"code": r.code, "name": r.name, "last_checked": str(r.provenance.last_checked)}
                for r in due
            ],
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            _print_finding(console, finding)
        if without_record:
            console.print(
                f"Cards without an official record to compare with ({len(without_record)}): "
                f"{', '.join(without_record)}"
            )
        for record in due:
            console.print(f"{record.provenance.last_checked}  {record.code}  {escape(record.name)}")
        grades = Counter(completeness(card).grade for card in cards)
        shown = ", ".join(f"{grade} {grades[grade]}" for grade in Grade)
        console.print(f"How complete the cards are: {shown}")
        console.print(
            f"Records: {len(catalogue)}, cards: {len(cards)}, errors: {len(errors)}, "
            f"warnings: {len(findings) - len(errors)}"
            + (f", due for another check: {len(due)}" if stale_days is not None else "")
        )
    if errors:
        raise SystemExit(1)


def _official(files: Sequence[Path], console: Console) -> dict[str, list[SourceRecord]]:
    """Reads the official records to compare with, by code."""
    official: dict[str, list[SourceRecord]] = {}
    read = [found for path in files for found in read_file(path)]
    kept, _ = without_foreign(read)
    for found in kept:
        if isinstance(found, Found):
            official.setdefault(found.record.code, []).append(found.record)
        else:
            console.print(escape(str(found)), style="yellow", highlight=False)
    return official


def _print_finding(console: Console, finding: Finding) -> None:
    colour, word = ("red", "ERROR") if finding.severity is Severity.ERROR else ("yellow", "WARNING")
    where = " ".join(part for part in (finding.code, finding.field) if part)
    console.print(
        f"[{colour}]{word}[/{colour}] {escape(where)} \\[{finding.rule}]: {escape(finding.message)}"
    )
    if finding.card:
        console.print(f"    card:   {escape(finding.card)}")
    if finding.record:
        console.print(f"    record: {escape(finding.record)}")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option(
    "--into",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Catalogue folder that takes the records; it is made where there is none.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the data (YYYY-MM-DD); else the one in the file's name, or its last change.",
)
@click.option("--dry-run", is_flag=True, help="Report only, write nothing.")
@click.option(
    "--diff", "show_diff", is_flag=True, help="Print each changed field, before and after."
)
@click.option("--json", "as_json", is_flag=True, help="Print a machine-readable report.")
def import_command(
    files: tuple[Path, ...],
    into: Path,
    as_of: datetime | None,
    dry_run: bool,
    show_diff: bool,
    as_json: bool,
) -> None:
    """Import official records into an office's catalogue.

    Takes page records, API records and the Excel list of the national portal, and the Excel export
    of an office's own system. A broken row is reported and skipped. Exits with 1 when nothing
    could be read.
    """
    with _progress(Console(stderr=True, soft_wrap=True)) as progress:
        tasks = {path: progress.add_task(path.name, total=None) for path in files}
        try:
            report = run_import(
                files,
                into,
                as_of=as_of.date() if as_of else None,
                dry_run=dry_run,
                progress=lambda path, count: progress.update(tasks[path], completed=count),
            )
        except CatalogueError as error:
            raise click.ClickException(f"The catalogue there cannot be read:\n{error}") from error
    if as_json:
        click.echo(json.dumps(_report_as_dict(report), ensure_ascii=False, indent=2))
    else:
        _print_report(Console(highlight=False, soft_wrap=True), report, show_diff=show_diff)
    if not report.read:
        raise SystemExit(1)


def _report_as_dict(report: Report) -> dict[str, object]:
    return {
        "read": report.read,
        **{str(outcome): report.count(outcome) for outcome in Outcome},
        "warnings": [
            {
                "file": f.found.file,
                "row": f.found.row,
                "code": f.found.record.code,
                "reason": f.reason,
            }
            for f in report.foreign
        ],
        "rejected": [
            {"file": r.file, "row": r.row, "code": r.code, "reason": r.reason}
            for r in report.rejected
        ],
        "changes": [
            {"code": c.code, "field": c.field, "before": c.before, "after": c.after}
            for c in report.changes
        ],
        "recognised_percent": report.rates.as_dict(),
    }


def _print_report(console: Console, report: Report, *, show_diff: bool) -> None:
    for rejected in report.rejected:
        console.print(f"[red]SKIPPED[/red] {escape(str(rejected))}")
    for foreign in report.foreign:
        console.print(f"[yellow]WARNING[/yellow] {escape(str(foreign))}")
    if show_diff:
        for change in report.changes:
            console.print(f"{change.code} {change.field}")
            console.print(f"    - {escape(_short(change.before))}", style="red")
            console.print(f"    + {escape(_short(change.after))}", style="green")
    console.print(_rates_table(report.rates))
    removed = report.count(Outcome.REMOVED)
    console.print(
        f"Records read: {report.read}; new: {report.count(Outcome.NEW)}, "
        f"changed: {report.count(Outcome.CHANGED)}, unchanged: {report.count(Outcome.UNCHANGED)}, "
        f"kept as fuller or newer: {report.count(Outcome.KEPT)}, skipped: {len(report.rejected)}, "
        f"pages of other procedures left out: {len(report.foreign)}"
        + (f", records imported from such pages removed: {removed}." if removed else ".")
    )


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else f"{text[:399]}…"


def _rates_table(rates: Rates) -> Table:
    table = Table(
        "field",
        "records that state it (%)",
        "recognised where the source says something (%)",
        title=f"Records: {rates.total}",
        title_justify="left",
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for name in FIELDS:
        shown = (f"{percent:.1f}" for percent in (rates.percent(name), rates.recognised(name)))
        table.add_row(_FIELD_WORDS[name], *shown)
    return table


@click.command("build-index")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=PACKAGED / NATIONAL / "index.jsonl.zst",
    show_default=True,
    help="The index file.",
)
def build_index_command(files: tuple[Path, ...], output: Path) -> None:
    """Build the national index from official records: official facts only.

    The national portal's Excel list among the FILES tells the right name of a code under which a
    collection stored the page of another procedure.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    read: list[Found | Rejected] = []
    with _progress(console) as progress:
        for path in files:
            task = progress.add_task(path.name, total=None)
            for item in read_file(path):
                progress.advance(task)
                read.append(item)
    kept, foreign = without_foreign(read)
    for warning in foreign:
        console.print(f"[yellow]WARNING[/yellow] {escape(str(warning))}")
    entries: list[Procedure] = []
    rejected = 0
    for found in kept:
        try:
            if not isinstance(found, Found):
                raise RowError(str(found))
            entries.append(entry(build(found.record)))
        except RowError as error:
            rejected += 1
            console.print(f"[red]SKIPPED[/red] {escape(str(error))}")
    if not entries:
        raise click.ClickException("There is no record to build an index from.")
    size = write_index(entries, output)
    console.print(
        f"{output}: entries: {len({e.code for e in entries})}, bytes: {size:,}, "
        f"skipped: {rejected}, pages of other procedures left out: {len(foreign)}"
    )


COMMANDS: Final[list[click.Command]] = [import_command, check_command, build_index_command]
