from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation import plots, report
from evaluation.commands import evaluate
from evaluation.dataset import Question, Variant
from evaluation.intervals import Proportion
from evaluation.retrieval import Ranked
from evaluation.runs import ReplyRow, RunRow, write_run
from evaluation.scoring import confusion
from knowledge_base.store import Catalogue

ROWS = [
    RunRow(
        question=Question.model_validate(
            {
                "id": f"q-{number}",
                "manner": manner,
                "turns": ["Đăng ký khai sinh bao nhiêu tiền?"],
                "gold": ["1.001193"] if gold else [],
                "aspects": ["fees"] if gold else [],
                "behavior": "answer" if gold else "refuse_oos",
                "in_catalogue": gold,
            }
        ),
        replies=(
            ReplyRow(
                kind="answer" if procedure else "out_of_scope",
                text=f"Lệ phí: {fee}",
                procedure=procedure,
                candidates=(procedure,) if procedure else (),
                aspects=("fees",) if procedure else (),
                confidence=0.8,
            ),
        ),
    )
    for number, (manner, gold, procedure, fee) in enumerate(
        [
            ("full", True, "1.001193", "987.654 đồng"),
            ("typo", True, "1.000656", "không nêu"),
            ("out_of_scope", False, None, ""),
        ]
    )
]
"""One right answer with a figure that is not in the record, one wrong answer, one refusal."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def measured() -> report.Measured:
    ranked = [Ranked(row.question, place) for row, place in zip(ROWS, (1, 3), strict=False)]
    return report.Measured(
        "own",
        {variant: {report.OURS: ranked, "BM25": ranked} for variant in Variant},
        dict.fromkeys(Variant, ROWS),
        ([0.8, 0.6], [True, False]),
        ([0.9, 0.1], [True, False]),
        {"first_ece": 0.4, "first_brier": 0.2, "first_n": 2.0},
    )


def test_the_sections_hold_the_figures_with_intervals_and_pictures(
    measured: report.Measured, catalogue: Catalogue, tmp_path: Path
) -> None:
    folder = tmp_path / "evaluation"
    text = "\n".join(report._sections(measured, catalogue, folder))
    assert "| as asked | Một Cửa | 50.0% (9%–91%) | 100.0% (34%–100%) |" in text
    assert "| full | 1 | 100.0% (21%–100%) |" in text
    assert "| out of scope declined | 100.0% (21%–100%) |" in text
    assert "| another procedure of the same field was answered | 1 | 1 | 1 |" in text
    assert "| as asked | 2 | 1 | 0 | 0 |" in text
    pictures = sorted(path.name for path in folder.iterdir())
    assert pictures == [
        "own-correct.svg",
        "own-decisions.svg",
        "own-reliability.svg",
        "own-retrieval.svg",
    ]
    for name in pictures:
        assert f"(evaluation/{name})" in text
        assert ET.parse(folder / name).getroot().tag.endswith("svg")


def test_the_cost_of_a_message_is_taken_from_the_benchmark(tmp_path: Path) -> None:
    assert "Not measured yet" in report._cost(tmp_path / report.COST)
    costs = {"p50_ms": 5.1, "p95_ms": 9.0, "cpu_ms": 4.0, "start_s": 6.0, "memory_mb": 500.0}
    divided = {"p50": 0.5, "p95": 0.6, "cpu": 0.5, "start": 0.7, "memory": 0.8}
    found = {"bots": [{"bot": "motcua", **costs}], "ratios": divided}
    (tmp_path / report.COST).write_text(json.dumps(found), encoding="utf-8")
    text = report._cost(tmp_path / report.COST)
    assert "| motcua | 5.1 | 9.0 | 4.0 | 6.0 | 500.0 |" in text
    assert "| ours / starter | 0.5 | 0.6 | 0.5 | 0.7 | 0.8 |" in text


def test_the_same_figures_draw_the_same_pictures(tmp_path: Path) -> None:
    series = {"one": [Proportion(3, 4), Proportion(0, 0)], "two": [Proportion(1, 4)] * 2}
    drawn = []
    for name in ("a", "b"):
        plots.plot_bars(["x", "y"], series, "shares", tmp_path / f"{name}.svg")
        plots.plot_confusion(confusion(ROWS), tmp_path / f"{name}-c.svg")
        plots.plot_reliability({"p": ([0.2, 0.9], [False, True])}, tmp_path / f"{name}-r.svg")
        drawn.append([(tmp_path / f"{name}{end}.svg").read_bytes() for end in ("", "-c", "-r")])
    assert drawn[0] == drawn[1]


def test_a_run_is_scored_from_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    write_run(ROWS, path)
    result = CliRunner().invoke(evaluate, ["score", str(path), "--json"])
    assert result.exit_code == 0, result.output
    assert '"facts_wrong_money": 1.0' in result.output
    table = CliRunner().invoke(evaluate, ["score", str(path)])
    assert "66.7%" in table.output
    assert "facts_wrong_money" in table.output


def test_a_file_that_is_no_question_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "a"}\n', encoding="utf-8")
    result = CliRunner().invoke(
        evaluate, ["generate", "--questions", str(path), "--output", str(tmp_path / "run.jsonl")]
    )
    assert result.exit_code == 1
    assert "bad.jsonl:1:" in result.output
