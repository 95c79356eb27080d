from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from evaluation.gate import BASELINE, WATCHED, Baseline, compare, take

FIGURES = {"acc@1": 0.9, "correct": 0.85, "facts_wrong": 0.0, "other": 0.1}


def test_a_baseline_keeps_what_is_watched(tmp_path: Path) -> None:
    baseline = take(FIGURES, 0.04)
    assert baseline.figures == {"acc@1": 0.9, "correct": 0.85}
    path = tmp_path / "baseline.json"
    baseline.save(path)
    assert Baseline.load(path) == baseline


def test_a_malformed_baseline_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text('{"tolerance": "much"}', encoding="utf-8")
    with pytest.raises(ValidationError):
        Baseline.load(path)


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({}, []),
        ({"acc@1": 0.86}, []),
        ({"acc@1": 0.85}, ["acc@1"]),
        ({"acc@1": 1.0, "correct": 0.5}, ["correct"]),
        ({"facts_wrong": 1.0}, ["facts_wrong"]),
    ],
)
def test_the_gate_fails_when_a_figure_falls_too_far(
    changes: dict[str, float], failed: list[str]
) -> None:
    checks = compare(FIGURES | changes, take(FIGURES, 0.04))
    assert [check.name for check in checks if not check.passed] == failed


def test_a_watched_figure_that_is_gone_has_fallen() -> None:
    checks = compare({"facts_wrong": 0.0, "acc@1": 0.9}, take(FIGURES, 0.04))
    assert [check.name for check in checks if not check.passed] == ["correct"]


def test_the_committed_baseline_watches_everything() -> None:
    baseline = Baseline.load(BASELINE)
    assert set(baseline.figures) == set(WATCHED)
    assert 0 < baseline.tolerance <= 0.05
