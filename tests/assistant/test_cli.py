from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant import cli
from assistant.settings import Settings, get_settings

REPLY_KEYS = {
    "kind", "text", "procedure", "candidates", "aspects", "confidence", "choices", "latency_ms",
}  # fmt: skip
Motcua = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def motcua(settings: Settings) -> Motcua:
    """Runs the program as its user would, in a process of its own."""
    environment = {
        **os.environ,
        "MOTCUA_DATA_DIR": str(settings.data_dir),
        "MOTCUA_MODEL": settings.model,
        "PYTHONWARNINGS": "ignore",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assistant.cli", *arguments],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )

    return run


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(cli.main, ["--help"])
    assert result.exit_code == 0
    for name in ("ask", "batch", "chat", "check", "import", "search", "serve", "train"):
        assert f"\n  {name} " in result.output


@pytest.mark.slow
def test_ask_prints_the_answer(motcua: Motcua) -> None:
    plain = motcua("ask", "đăng ký thường trú hết bao nhiêu tiền")
    assert plain.returncode == 0, plain.stderr
    assert "20.000 đồng" in plain.stdout


@pytest.mark.slow
def test_ask_prints_the_contract_object(motcua: Motcua) -> None:
    reply = json.loads(motcua("ask", "--json", "dang ky thuong tru het bao nhieu tien").stdout)
    assert set(reply) == REPLY_KEYS
    assert reply["procedure"] == "1.004222"


@pytest.mark.slow
def test_search_lists_candidates(motcua: Motcua) -> None:
    found = json.loads(motcua("search", "dang ky thuong tru", "--top", "3", "--json").stdout)
    assert found["read_as"] == "đăng ký thường trú"
    assert found["candidates"][0]["code"] == "1.004222"
    assert len(found["candidates"]) == 3


@pytest.mark.slow
def test_batch_follows_the_contract(motcua: Motcua, tmp_path: Path) -> None:
    questions, output = tmp_path / "q.jsonl", tmp_path / "deep" / "r.jsonl"
    rows = [
        {"id": "a", "turns": ["làm khai sinh cần giấy tờ gì", "nộp ở đâu"]},
        {"id": 7, "turns": ["xin chào"]},
        {"id": "empty", "turns": []},
    ]
    questions.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    result = motcua("batch", str(questions), "--output", str(output))
    assert result.returncode == 0, result.stderr
    played = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [row["id"] for row in played] == ["a", 7, "empty"]
    assert [len(row["replies"]) for row in played] == [2, 1, 0]
    first, second = played[0]["replies"]
    assert set(first) == REPLY_KEYS
    assert first["procedure"] == second["procedure"] == "1.001193"
    assert first["candidates"][0] == "1.001193"
    assert len(first["candidates"]) <= 10
    assert 0 <= first["confidence"] <= 1


@pytest.mark.slow
def test_a_broken_line_is_reported_and_the_rest_goes_on(motcua: Motcua, tmp_path: Path) -> None:
    questions, output = tmp_path / "q.jsonl", tmp_path / "r.jsonl"
    questions.write_text('{"id": 1}\nnot json\n{"id": 2, "turns": ["chào"]}\n', "utf-8")
    result = motcua("batch", str(questions), "--output", str(output))
    assert result.returncode == 1
    assert "line 1" in result.stderr
    assert "line 2" in result.stderr
    assert len(output.read_text("utf-8").splitlines()) == 3


def test_without_a_model_the_error_says_what_to_do(tmp_path: Path) -> None:
    from assistant.engine import Engine, ModelMissingError

    with pytest.raises(ModelMissingError, match="motcua train"):
        Engine.load(Settings(data_dir=tmp_path))


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_PORT", "9001")
    monkeypatch.setenv("MOTCUA_SECRET", "hush")
    get_settings.cache_clear()
    try:
        settings = get_settings()
        assert settings.port == 9001
        assert "hush" not in repr(settings)
    finally:
        get_settings.cache_clear()
