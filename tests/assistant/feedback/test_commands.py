from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import main
from assistant.dialogue.database import connect
from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.audit import AuditLog
from assistant.feedback.erasure import Person
from assistant.settings import get_settings


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with one old and one new turn of a conversation."""
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MOTCUA_TURN_RETENTION_DAYS", "30")
    get_settings.cache_clear()
    address = f"sqlite:///{tmp_path / 'motcua.sqlite'}"
    database = connect(address)
    for age in (29, 31):
        TurnLog(database).record(
            Turn("zalo:42", "zalo", f"câu {age}", "q", "i", "answer", None, (), (), 1.0, "r", 1.0,
                 "v", asked_at=datetime.now(UTC) - timedelta(days=age))
        )  # fmt: skip
    database.dispose()
    return address


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["privacy", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def _turns(address: str) -> int:
    database = connect(address)
    count = len(TurnLog(database).of_conversation("zalo:42"))
    database.dispose()
    return count


def test_export_writes_everything_and_is_recorded(address: str, tmp_path: Path) -> None:
    output = tmp_path / "own.json"
    _run("export", "zalo", "42", "--output", str(output))
    found = json.loads(output.read_text(encoding="utf-8"))
    assert [row["question"] for row in found["tables"]["turns"]] == ["câu 29", "câu 31"]
    database = connect(address)
    entries, _ = AuditLog(database).find(action="privacy.export")
    database.dispose()
    (entry,) = entries
    assert entry.subject == "conversation"
    assert entry.subject_id == Person("zalo", "42").subject_id
    assert "42" not in str(entry.after)
    assert "zalo" not in entry.subject_id


def test_export_of_nobody_says_so(address: str) -> None:
    assert "Nothing is stored" in _run("export", "zalo", "43")


def test_delete_asks_first(address: str) -> None:
    refused = CliRunner().invoke(main, ["privacy", "delete", "zalo", "42"], input="n\n")
    assert refused.exit_code == 1
    assert _turns(address) == 2
    assert "2 rows in all" in _run("delete", "zalo", "42", "--yes")
    assert _turns(address) == 0


def test_soon_and_clean_up_agree(address: str) -> None:
    lines = {line.split()[0]: line.split() for line in _run("soon", "--days", "3").splitlines()}
    assert lines["turns"][1:5] == ["30", "d", "2", "2"]
    assert "1  turns" in _run("clean-up")
    assert _turns(address) == 1
    assert "Nothing was due" in _run("clean-up")
