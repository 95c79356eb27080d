"""Reads messages with the trained model, outside any conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent

from assistant.dialogue.state import Understanding


@pytest.fixture(scope="session")
def read(trained: Path) -> Callable[[str], Understanding]:
    """What the pipeline makes of one text."""
    agent = Agent.load(str(trained))
    return lambda text: Understanding.from_parse(asyncio.run(agent.parse_message(text)))


@pytest.fixture(scope="session")
def asked() -> list[dict[str, Any]]:
    """Questions with what they ask for, written for the tests."""
    text = (Path(__file__).parent / "asked.yml").read_text("utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)
    return found
