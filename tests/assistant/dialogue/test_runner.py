from __future__ import annotations

from typing import Any

import pytest

from assistant.dialogue.runner import OrderedRunner


class Adds:
    """A component that adds what it gets, and remembers that it ran."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log

    def __call__(self, *inputs: tuple[str, Any]) -> tuple[str, Any]:
        self.log.append(self.name)
        return self.name, sum(value for _, value in inputs) + 1


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def runner(log: list[str]) -> OrderedRunner:
    needs = {"read": ("message",), "cut": ("read",), "join": ("read", "cut"), "other": ("message",)}
    return OrderedRunner({name: Adds(name, log) for name in needs}, needs)


def test_each_component_runs_once_after_what_it_needs(
    runner: OrderedRunner, log: list[str]
) -> None:
    assert runner.run({"message": 10}, ["join"]) == {"join": 24}
    assert log == ["read", "cut", "join"]


def test_what_a_target_does_not_need_does_not_run(runner: OrderedRunner, log: list[str]) -> None:
    runner.run({"message": 1}, ["cut"])
    assert "other" not in log
    assert "join" not in log


def test_values_of_one_run_do_not_reach_the_next(runner: OrderedRunner) -> None:
    first = runner.run({"message": 1}, ["cut", "other"])
    second = runner.run({"message": 5}, ["cut", "other"])
    assert (first, second) == ({"cut": 3, "other": 2}, {"cut": 7, "other": 6})


def test_a_missing_input_is_an_error(runner: OrderedRunner) -> None:
    with pytest.raises(KeyError):
        runner.run({}, ["cut"])
