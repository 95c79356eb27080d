from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.dialogue.database import connect
from assistant.feedback.audit import AuditLog
from assistant.feedback.seal import Seal
from assistant.settings import get_settings
from assistant.staff.accounts import Accounts
from assistant.staff.commands import staff_group


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MOTCUA_SECRET", "test")
    get_settings.cache_clear()


def run(*words: str) -> str:
    result = CliRunner().invoke(staff_group, words)
    return result.output


def shown(output: str) -> str:
    match = re.search(r"^    (\S+)$", output, re.MULTILINE)
    assert match is not None
    return match.group(1)


def test_accounts_are_made_reset_disabled_and_listed() -> None:
    password = shown(run("add", "lan", "--name", "Nguyễn Thị Lan", "--role", "admin"))
    database = connect(get_settings().database)
    book = Accounts(database, Seal(b"test"))
    account = book.check_password("lan", password)
    assert account is not None
    assert account.must_change_password
    assert account.role == "admin"

    assert "already an account lan" in run("add", "lan")
    assert "A username has 2 to 80 characters" in run("add", "a b")
    again = shown(run("reset", "lan"))
    assert book.check_password("lan", password) is None
    assert book.check_password("lan", again) is not None
    assert "Nguyễn Thị Lan" in run("list")
    assert "second factor not set up" in run("list")

    run("disable", "lan")
    assert "disabled" in run("list")
    assert book.check_password("lan", again) is None
    assert "no account" in run("reset", "mai")
    log = AuditLog(database).find(actor="command-line")[0]
    assert [entry.action for entry in log] == ["account.disable", "account.reset", "account.create"]
    assert not any(password in str(entry) or again in str(entry) for entry in log)
    database.dispose()
