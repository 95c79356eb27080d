"""An assistant without understanding, for tests of what is around it.

It answers by a few words in the message, from real cards and through the real composer, so that
blocks, choices and wording are what citizens get.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from types import SimpleNamespace
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from assistant.dialogue.choices import ProcedureChoice
from assistant.dialogue.database import migrate
from assistant.dialogue.decisions import Answer, Clarify, Found
from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.desk import FeedbackDesk
from assistant.feedback.hearing import Heard, Hearing
from assistant.feedback.seal import Seal
from assistant.replies.compose import Composer
from assistant.replies.contacts import Office
from connectors.message import (
    Fact,
    Heading,
    Inbound,
    Link,
    Paragraph,
    Reply,
    ReplyKind,
    Source,
)
from knowledge_base.loader import load_file
from knowledge_base.schema import Aspect, Procedure
from knowledge_base.search import Candidate, Query, SearchResult
from knowledge_base.store import PACKAGED, Catalogue
from vietnamese.fold import fold

BIRTH = "1.001193"
RESIDENCE = "1.004194"
SCRIPT = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"


def small_catalogue() -> Catalogue:
    """A few cards, and sixty index entries for lists of several pages."""
    records: list[Procedure] = []
    for path in sorted((PACKAGED / "cards").rglob("*.y*ml")):
        if path.name.startswith((BIRTH, RESIDENCE)):
            cards, problems = load_file(path)
            assert not problems
            records.extend(cards)
    assert {record.code for record in records} == {BIRTH, RESIDENCE}
    records += [_entry(number) for number in range(60)]
    return Catalogue(records, version="test")


def _entry(number: int) -> Procedure:
    return Procedure.model_validate(
        {
            "code": f"9.{number:06d}",
            "kind": "index_entry",
            "name": f"Cấp phép thử nghiệm số {number}" + (f" {SCRIPT}" if number == 1 else ""),
            "field": "Thử nghiệm & đo lường" if number % 2 else "Thử nghiệm đo lường",
            "levels": ["province"] if number % 3 else ["commune", "ministry"],
            "fees": [{"state": "amount", "amount": 20000, "unit": "bản", "name": "Lệ phí"}]
            if number == 2
            else [],
            "superseded": {"reason": "Đã bãi bỏ.", "by": BIRTH} if number == 3 else None,
            "provenance": {"source": "https://example.vn/x", "last_checked": "2026-07-01"},
        }
    )


class WordSearch:
    """Finds the records whose title shares most words with the question."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def search(self, query: Query, top: int = 10) -> SearchResult:
        words = set(fold(query.text).split())
        scored = [
            (len(words & set(fold(record.title).split())), record.code)
            for record in self._catalogue
        ]
        best = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1]))
        found = tuple(Candidate(code, float(score), 0.5) for score, code in best[:top])
        return SearchResult(found, 0.9 if found else 0.0)


class Deaf:
    """Takes nothing for a question."""

    def listen(self, text: str) -> Heard:
        return Heard(Hearing.NOTHING)


class ScriptedEngine:
    """What the web application needs of the engine."""

    def __init__(self) -> None:
        catalogue = small_catalogue()
        self.knowledge = SimpleNamespace(catalogue=catalogue, searcher=WordSearch(catalogue))
        self.database = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        migrate(self.database)
        self.ear = Deaf()
        self.feedback = FeedbackDesk(self.database, self.ear, Seal(b"scripted"))
        self._turns = TurnLog(self.database)
        self._handles = count(1)
        self.heard: list[Inbound] = []
        self.forgotten: list[tuple[str, str]] = []
        self.pause = 0.0
        self.broken = 0
        self._composer = Composer(catalogue, Office("UBND phường Thử"), "")

    async def answer(self, message: Inbound) -> Sequence[Reply]:
        if self.pause:
            await asyncio.sleep(self.pause)
        self.heard.append(message)
        if self.broken:
            self.broken -= 1
            raise RuntimeError("broken on purpose")
        key = f"{message.channel}:{message.conversation}"
        taken = self.feedback.before(
            key, message.channel, message.text, message.text, message.choice
        )
        if taken.reply is not None:
            return [taken.reply]
        reply = self.feedback.after(
            key, message.channel, message.text, "ask_procedure", self._reply(message), taken
        )
        if reply.kind is not ReplyKind.ANSWER:
            return [reply]
        handle = f"handle-{next(self._handles)}"
        self._turns.record(_turn(key, message, reply, handle))
        return [replace(reply, feedback=handle)]

    async def forget(self, channel: str, conversation: str) -> None:
        self.forgotten.append((channel, conversation))

    def clean_up(self) -> None:
        """Nothing expires here."""

    def gather(self) -> None:
        """Nothing is put into the review queue here."""

    def _reply(self, message: Inbound) -> Reply:
        picked = ProcedureChoice.parse(message.choice or "")
        if picked is not None:
            return self._about(picked.code, *picked.aspects)
        words = fold(message.text)
        if "khai sinh" in words:
            return self._about(BIRTH, Aspect.DOCUMENTS)
        if "le phi" in words or "bao nhieu" in words:
            return self._about(RESIDENCE, Aspect.FEES, Aspect.PROCESSING_TIME)
        if "giay to" in words:
            options = (BIRTH, RESIDENCE)
            candidates = tuple(Candidate(code, 1.0, 0.4) for code in options)
            return self._composer.compose(
                Clarify(candidates, options=options, aspects=(Aspect.DOCUMENTS,))
            )
        if "script" in words:
            blocks = (
                Heading(SCRIPT),
                Paragraph(SCRIPT),
                Fact(SCRIPT, SCRIPT, SCRIPT),
                Link("lừa", "javascript:document.title='hacked'"),
                Source(SCRIPT, (Link("lừa", "data:text/html,<script>1</script>"),)),
            )
            return Reply(ReplyKind.ANSWER, blocks)
        return Reply(ReplyKind.SMALLTALK, (Paragraph(f"Bạn vừa nói: {message.text}"),))

    def _about(self, code: str, *aspects: Aspect) -> Reply:
        found = Found(code, aspects or (Aspect.OVERVIEW,), 0.9)
        return self._composer.compose(Answer((Candidate(code, 1.0, 0.9),), found=(found,)))


def _turn(key: str, message: Inbound, reply: Reply, handle: str) -> Turn:
    return Turn(
        conversation=key,
        channel=message.channel,
        question=message.text,
        read_as=message.text,
        intent="ask_procedure",
        kind=reply.kind.value,
        procedure=reply.procedure,
        aspects=reply.aspects,
        candidates=(),
        confidence=reply.confidence,
        reply=reply.text,
        latency_ms=1.0,
        catalogue_version="test",
        handle=handle,
    )


def as_engine(engine: ScriptedEngine) -> Any:
    """The scripted engine where a type checker wants the real one."""
    return engine
