"""The commands about the catalogue: ``import``, ``check`` and ``build-index``."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from knowledge_base.check import Finding, Severity, check_catalogue, stale
from knowledge_base.compare import compare, unsourced
from knowledge_base.importers.read import Found, read_file
from knowledge_base.importers.source import SourceRecord
from knowledge_base.loader import CatalogueError
from knowledge_base.schema import RecordKind
from knowledge_base.store import PACKAGED, Catalogue

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _folders(given: Sequence[Path]) -> list[Path]:
    """Returns the folders to read: those given, else the setting, else the packaged catalogue."""
    if given:
        return list(given)
    setting = os.environ.get("MOTCUA_CATALOGUE", "")
    return [Path(part) for part in setting.split(os.pathsep) if part] or [PACKAGED]


def _progress(console: Console) -> Progress:
    return Progress(console=console, transient=True)


@click.command("check")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--against",
    multiple=True,
    type=_FILE,
    help="Tệp hồ sơ chính thức để đối chiếu từng con số của thẻ; dùng được nhiều lần.",
)
@click.option(
    "--stale",
    "stale_days",
    type=click.IntRange(min=0),
    help="Liệt kê hồ sơ kiểm tra đã quá N ngày.",
)
@click.option("--code", "codes", multiple=True, help="Chỉ xét các mã này.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def check_command(
    folders: tuple[Path, ...],
    against: tuple[Path, ...],
    stale_days: int | None,
    codes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Kiểm tra danh mục: lược đồ, liên kết, tên gọi, và đối chiếu với hồ sơ chính thức.

    FOLDERS là thư mục danh mục; bỏ trống thì dùng MOTCUA_CATALOGUE hoặc danh mục kèm theo. Mã thoát
    là 1 khi có lỗi.
    """
    console = Console(highlight=False, soft_wrap=True)
    try:
        catalogue = Catalogue.load(_folders(folders))
    except CatalogueError as error:
        raise click.ClickException(str(error)) from error
    official = _official(against, Console(stderr=True))
    findings = check_catalogue(catalogue, official.keys())
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
                f"{len(without_record)} thẻ không có hồ sơ chính thức để đối chiếu: "
                f"{', '.join(without_record)}"
            )
        for record in due:
            console.print(f"{record.provenance.last_checked}  {record.code}  {escape(record.name)}")
        console.print(
            f"{len(catalogue)} hồ sơ, {len(cards)} thẻ: {len(errors)} lỗi, "
            f"{len(findings) - len(errors)} cảnh báo"
            + (f", {len(due)} hồ sơ đến hạn kiểm tra lại" if stale_days is not None else "")
        )
    if errors:
        raise SystemExit(1)


def _official(files: Sequence[Path], console: Console) -> dict[str, list[SourceRecord]]:
    """Reads the official records to compare with, by code."""
    official: dict[str, list[SourceRecord]] = {}
    for path in files:
        for found in read_file(path):
            if isinstance(found, Found):
                official.setdefault(found.record.code, []).append(found.record)
            else:
                console.print(f"[yellow]{escape(str(found))}[/yellow]", highlight=False)
    return official


def _print_finding(console: Console, finding: Finding) -> None:
    colour, word = ("red", "LỖI") if finding.severity is Severity.ERROR else ("yellow", "CẢNH BÁO")
    where = " ".join(part for part in (finding.code, finding.field) if part)
    console.print(
        f"[{colour}]{word}[/{colour}] {escape(where)} [{finding.rule}]: {escape(finding.message)}"
    )
    if finding.card:
        console.print(f"    thẻ:   {escape(finding.card)}")
    if finding.record:
        console.print(f"    hồ sơ: {escape(finding.record)}")


COMMANDS: Final[list[click.Command]] = [check_command]
