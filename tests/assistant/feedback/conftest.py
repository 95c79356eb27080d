"""A desk with a scripted ear and a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.dialogue.database import connect
from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.desk import FeedbackDesk, Taken
from assistant.feedback.hearing import Heard, Hearing
from assistant.feedback.seal import Seal
from assistant.privacy import mask
from connectors.message import Paragraph, Reply, ReplyKind


class Hands:
    """A clock whose hands a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class ScriptedEar:
    """Knows a few messages; the rest is nothing."""

    def __init__(self) -> None:
        self.known = {
            "đăng ký tạm trú cần gì": Hearing.QUESTION,
            "đăng ký tạm trú": Hearing.QUESTION,
            "xóa dữ liệu của tôi": Hearing.CONTROL,
            "cảm ơn": Hearing.SMALL_TALK,
            "cán bộ đòi phong bì mới cho nộp": Hearing.ALARM,
            "cứu tôi với": Hearing.DANGER,
        }

    def listen(self, text: str) -> Heard:
        hearing = self.known.get(text, Hearing.NOTHING)
        alarming = hearing in {Hearing.ALARM, Hearing.DANGER}
        blocks = (Paragraph("Gọi 113"),) if alarming else ()
        return Heard(hearing, blocks)


class Citizen:
    """Talks to a desk."""

    def __init__(self, desk: FeedbackDesk, database: Engine, clock: Hands) -> None:
        self.desk = desk
        self.turns = TurnLog(database)
        self.clock = clock
        self.conversation = "telegram:1"
        self.last: Taken = Taken()

    def say(self, text: str, choice: str | None = None) -> Reply | None:
        channel = self.conversation.partition(":")[0]
        self.last = self.desk.before(self.conversation, channel, text, mask(text).text, choice)
        return self.last.reply

    def tap(self, choice: str) -> Reply | None:
        return self.say("", choice)

    def open(self, text: str = "góp ý") -> Reply:
        """What the engine does when the dialogue rules found an opinion."""
        return self.hear(text, "give_feedback", Reply(ReplyKind.FEEDBACK, ()))

    def hear(self, text: str, intent: str, reply: Reply) -> Reply:
        channel = self.conversation.partition(":")[0]
        taken = self.desk.before(self.conversation, channel, text, mask(text).text, None)
        assert taken.reply is None
        return self.desk.after(self.conversation, channel, mask(text).text, intent, reply, taken)

    def answered(self, handle: str = "h1", kind: str = "answer", **changes: object) -> str:
        values: dict[str, object] = {
            "conversation": self.conversation,
            "channel": self.conversation.partition(":")[0],
            "question": "tạm trú bao nhiêu tiền",
            "read_as": "tạm trú bao nhiêu tiền",
            "intent": "ask_procedure",
            "kind": kind,
            "procedure": "1.004194",
            "aspects": ["fees"],
            "candidates": [["1.004194", 0.9]],
            "confidence": 0.9,
            "reply": "15.000 đồng",
            "latency_ms": 5.0,
            "catalogue_version": "x",
            "handle": handle,
            "asked_at": self.clock.now,
            **changes,
        }
        self.turns.record(Turn(**values))  # type: ignore[arg-type]
        return handle


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite database with every table."""
    engine = connect(f"sqlite:///{tmp_path / 'test.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture
def desk(store: Engine, clock: Hands) -> FeedbackDesk:
    return FeedbackDesk(store, ScriptedEar(), Seal(b"secret"), (Paragraph("Cổng chung"),), clock)


@pytest.fixture
def citizen(desk: FeedbackDesk, store: Engine, clock: Hands) -> Citizen:
    return Citizen(desk, store, clock)
