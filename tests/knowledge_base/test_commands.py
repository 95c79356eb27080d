"""The commands of the catalogue tell what they did and fail when they should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from knowledge_base.__main__ import main
from knowledge_base.commands import COMMANDS
from knowledge_base.store import Catalogue

CARD = """
code: "1.000001"
name: Cấp giấy
field: Hộ tịch
levels: [commune]
fees: [{{state: amount, amount: {amount}}}]
provenance: {{source: "https://dichvucong.gov.vn", last_checked: 2020-01-01}}
"""
ROW: dict[str, Any] = {
    "code": "1.000001",
    "name": "Cấp giấy",
    "field": "Hộ tịch",
    "level": "Cấp xã",
    "methods": [{"method": "Trực tiếp", "time": "3 ngày", "fee": "Phí: 5.000 VNĐ"}],
    "legal": [{"number": "60/2014/QH13", "title": "Luật Hộ tịch"}],
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    folder = tmp_path / "catalogue"
    (folder / "cards").mkdir(parents=True)
    (folder / "cards" / "a.yml").write_text(CARD.format(amount=5000), encoding="utf-8")
    return folder


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "official-2026-09.jsonl"
    path.write_text(json.dumps(ROW) + "\n{broken\n", encoding="utf-8")
    return path


def test_the_commands_are_offered() -> None:
    assert [command.name for command in COMMANDS] == ["import", "check", "build-index"]
    for command in COMMANDS:
        assert run(command.name, "--help").exit_code == 0


def test_check_passes(cards: Path) -> None:
    result = run("check", cards)
    assert result.exit_code == 0
    assert "Records: 1, cards: 1, errors: 0" in result.output


def test_check_against_official_records(cards: Path, rows: Path) -> None:
    result = run("check", cards, "--against", rows)
    assert result.exit_code == 0
    assert "WARNING 1.000001 processing_times [omission]" in result.output
    (cards / "cards" / "a.yml").write_text(CARD.format(amount=6000), encoding="utf-8")
    result = run("check", cards, "--against", rows)
    assert result.exit_code == 1
    assert "ERROR 1.000001 fees.0.amount [figure]" in result.output
    assert "record: 5.000 đồng" in result.output
    assert run("check", cards, "--against", rows, "--code", "1.000002").exit_code == 0


def test_check_as_json(cards: Path, rows: Path) -> None:
    result = run("check", cards, "--against", rows, "--stale", 180, "--json")
    report = json.loads(result.stdout)
    assert (report["cards"], report["errors"], report["warnings"]) == (1, 0, 1)
    assert report["stale"] == [
        {"code": "1.000001", "name": "Cấp giấy", "last_checked": "2020-01-01"}
    ]
    assert report["grades"] == {"1.000001": "D"}


def test_a_card_without_record_must_name_its_sources(cards: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(ROW | {"code": "1.000002"}), encoding="utf-8")
    result = run("check", cards, "--against", other)
    assert result.exit_code == 1
    assert "fees.0.source" in result.output
    assert "Cards without an official record to compare with (1): 1.000001" in result.output


def test_check_of_local_files(cards: Path) -> None:
    local = cards / "local" / "ha-noi"
    local.mkdir(parents=True)
    (local / "a.yml").write_text("province: Hà Tây", encoding="utf-8")
    result = run("check", cards)
    assert result.exit_code == 1
    assert "[local]" in result.output


def test_check_of_nothing(tmp_path: Path) -> None:
    result = run("check", tmp_path / "none")
    assert result.exit_code == 1
    assert "is not a folder" in result.output


def test_check_reads_the_setting(cards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_CATALOGUE", str(cards))
    assert "Records: 1, cards: 1" in run("check").output


def test_import(rows: Path, tmp_path: Path) -> None:
    result = run("import", rows, "--into", tmp_path / "office", "--diff")
    assert result.exit_code == 0
    assert "Records read: 1; new: 1, changed: 0" in result.output
    assert "official-2026-09.jsonl:2: not valid JSON" in result.output
    assert "processing time" in result.output
    assert Catalogue.load([tmp_path / "office"])["1.000001"].fees[0].amount == 5000


def test_import_tells_changes(rows: Path, tmp_path: Path) -> None:
    run("import", rows, "--into", tmp_path / "office")
    rows.write_text(json.dumps(ROW | {"field": "Chứng thực"}), encoding="utf-8")
    result = run("import", rows, "--into", tmp_path / "office", "--diff")
    assert '- "Hộ tịch"' in result.output
    assert '+ "Chứng thực"' in result.output
    report = json.loads(run("import", rows, "--into", tmp_path / "office", "--json").stdout)
    assert (report["unchanged"], report["changed"]) == (1, 0)
    assert report["recognised_percent"]["time"] == 100.0


def test_import_of_a_given_day(rows: Path, tmp_path: Path) -> None:
    into = tmp_path / "office"
    assert run("import", rows, "--into", into, "--as-of", "2026-11-01").exit_code == 0
    assert str(Catalogue.load([into])["1.000001"].provenance.last_checked) == "2026-11-01"


def test_import_of_nothing_fails(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{", encoding="utf-8")
    assert run("import", broken, "--into", tmp_path / "office").exit_code == 1
    assert not (tmp_path / "office").exists()


def test_import_over_unreadable_records_fails(rows: Path, tmp_path: Path) -> None:
    own = tmp_path / "office" / "imported"
    own.mkdir(parents=True)
    (own / "records.jsonl").write_text("{", encoding="utf-8")
    result = run("import", rows, "--into", tmp_path / "office")
    assert result.exit_code == 1
    assert "The catalogue there cannot be read" in result.output


def test_build_index(rows: Path, tmp_path: Path) -> None:
    output = tmp_path / "catalogue" / "national" / "index.jsonl.zst"
    result = run("build-index", rows, "--output", output)
    assert result.exit_code == 0
    assert "entries: 1, " in result.output
    assert len(Catalogue.load([tmp_path / "catalogue"])) == 1
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{", encoding="utf-8")
    assert run("build-index", broken, "--output", output).exit_code == 1
