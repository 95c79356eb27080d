from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from rasa.core.agent import Agent

from assistant.dialogue.state import Understanding
from vietnamese.noise import MANNERS

ASKED = yaml.safe_load((Path(__file__).parent / "asked.yml").read_text("utf-8"))
MANNERS_OF_CITIZENS = ("stripped", "half marked", "one typing error", "teencode")


def shares(read: Callable[[str], Understanding], manner: str | None) -> tuple[float, float]:
    """Returns the shares of questions with all aspects found, and with exactly those found."""
    contained = exact = 0
    for seed, row in enumerate(ASKED):
        text = MANNERS[manner](row["ask"], seed) if manner else row["ask"]
        found = {aspect.value for aspect in read(text).aspects}
        contained += set(row["aspects"]) <= found
        exact += set(row["aspects"]) == found
    return contained / len(ASKED), exact / len(ASKED)


@pytest.fixture(scope="session")
def read(trained: Path) -> Callable[[str], Understanding]:
    agent = Agent.load(str(trained))
    return lambda text: Understanding.from_parse(asyncio.run(agent.parse_message(text)))


def test_what_is_asked_is_read(read: Callable[[str], Understanding]) -> None:
    contained, exact = shares(read, None)
    assert contained >= 0.95
    assert exact >= 0.9


@pytest.mark.parametrize("manner", MANNERS_OF_CITIZENS)
def test_it_is_read_however_it_is_written(
    read: Callable[[str], Understanding], manner: str
) -> None:
    contained, exact = shares(read, manner)
    assert contained >= 0.9
    assert exact >= 0.85
