"""Plays questions through the assistant and keeps what it says, without judging it."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.replies.contract import as_contract
from connectors.message import Answerer, Inbound
from evaluation.dataset import Question
from evaluation.runs import ReplyRow, RunRow

if TYPE_CHECKING:
    from assistant.engine import Engine

CHANNEL = "evaluation"

Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Tells nobody."""


@contextmanager
def evaluated_engine() -> Iterator[Engine]:
    """Loads the assistant as it is set up, with a database of its own that is thrown away.

    Trains the model first when there is none.

    Raises:
        assistant.training.TrainingFailedError: When Rasa gave no model.
    """
    from assistant.settings import get_settings
    from assistant.training import silence_rasa, train

    settings = get_settings()
    silence_rasa()
    model = settings.model or str(train(settings))
    from assistant.engine import Engine

    with tempfile.TemporaryDirectory() as folder:
        own = settings.model_copy(
            update={
                "model": model,
                "database_url": f"sqlite:///{Path(folder) / 'evaluation.sqlite'}",
                "messages_per_minute": 1_000_000,
            }
        )
        engine = Engine.load(own)
        try:
            yield engine
        finally:
            engine.database.dispose()


async def play(
    answerer: Answerer,
    questions: Sequence[Question],
    tell: Tell = silent,
    what: str = "playing questions",
) -> list[RunRow]:
    """Plays every question as a conversation of its own.

    Args:
        answerer: The assistant.
        questions: What to ask.
        tell: Told how far it is.
        what: What to call it.

    Returns:
        One row a question, in the same order.
    """
    rows = []
    for done, question in enumerate(questions, start=1):
        conversation = f"{question.id}-{secrets.token_hex(8)}"
        replies = []
        for turn in question.turns:
            (reply, *_) = await answerer.answer(Inbound(CHANNEL, conversation, turn))
            replies.append(ReplyRow.model_validate(as_contract(reply)))
        rows.append(RunRow(question=question, replies=tuple(replies)))
        tell(what, done, len(questions))
    return rows


def generate(
    answerer: Answerer,
    questions: Sequence[Question],
    tell: Tell = silent,
    what: str = "playing questions",
) -> list[RunRow]:
    """Does what :func:`play` does, for callers without an event loop."""
    return asyncio.run(play(answerer, questions, tell, what))
