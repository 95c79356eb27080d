from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from vietnamese import train as training
from vietnamese.commands import COMMANDS, train_reader
from vietnamese.everyday import Speech
from vietnamese.ngrams import NgramModel
from vietnamese.reader import LEXICONS
from vietnamese.train import train


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    folder = tmp_path / "corpora"
    folder.mkdir()
    lines = ["Người dân đăng ký khai sinh tại Ủy ban nhân dân xã."] * 20
    (folder / "small.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "QUESTIONS", 200)
    monkeypatch.setattr(training, "_LINE_TIMES", 2)


def test_trains_a_model_and_reports(corpora: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    record = {"ten_thu_tuc": "Thủ tục đăng ký kết hôn", "steps": ["Bước 1: nộp hồ sơ ở xã"]}
    (data / "records.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    questions = data / "questions-dev.jsonl"
    questions.write_text('{"turns": ["khuỳnh khuỳnh khuỳnh"]}\n' * 9, encoding="utf-8")
    stages: set[str] = set()
    report = train(
        corpora, LEXICONS.parent, tmp_path / "m.npz", data, lambda stage, *_: stages.add(stage)
    )
    model = NgramModel.load(tmp_path / "m.npz")
    assert report.vocabulary == len(model.words)
    assert report.file_bytes == (tmp_path / "m.npz").stat().st_size
    assert {"small.txt", "everyday questions", "counting"} <= stages
    assert "khai" in model.index
    assert "khuỳnh" not in model.index


def test_says_when_there_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no \*\.txt"):
        train(tmp_path, LEXICONS.parent, tmp_path / "m.npz")


def test_the_command_trains(corpora: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "m.npz"
    result = CliRunner().invoke(train_reader, ["--corpora", str(corpora), "--output", str(output)])
    assert result.exit_code == 0, result.output
    assert output.exists()
    assert "tokens" in result.output


def test_the_command_is_listed() -> None:
    assert [command.name for command in COMMANDS] == ["train-reader"]


def test_no_held_out_question_is_trained_on() -> None:
    speech = Speech.load(LEXICONS / "speech.yml")
    assert not set(speech.questions(2000, training.SEED)) & set(
        speech.questions(200, training.SEED, held_out=True)
    )
