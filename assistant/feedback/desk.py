"""Where feedback meets the conversation: what is taken before an answer, and added after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine

from assistant.dialogue.turns import TurnLog
from assistant.feedback import phrases, wording
from assistant.feedback.codes import read_code
from assistant.feedback.dialogues import Dialogues, Said, reason_of, say, score_of
from assistant.feedback.flows import RATING_ASKED, REMEMBERED, SUGGESTING, Flow, FlowBook, Step
from assistant.feedback.hearing import Ear
from assistant.feedback.items import ReviewItems
from assistant.feedback.limits import Attempts
from assistant.feedback.lookup import Lookup, Status, TooManyLookupsError
from assistant.feedback.ratings import Ratings
from assistant.feedback.seal import Seal
from assistant.feedback.values import Reason
from assistant.feedback.votes import Vote, VoteBook
from assistant.moments import Clock, aware, utc_now
from connectors.message import Block, Fact, Paragraph, Reply, ReplyKind
from connectors.votes import read_vote

FRESH: Final = timedelta(minutes=30)
"""How long after an answer words such as "đúng rồi" are about it."""

CHAT_CHANNELS: Final = frozenset({"telegram", "zalo", "zalo-bot", "web"})
"""Channels of citizens: only there the assistant asks for a vote or a rating of its own accord."""

WORDS_ONLY: Final = frozenset({"zalo", "zalo-bot"})
"""Channels where a vote may have to be asked for in words."""

_WORDS_BESIDE_CODE: Final = 8
_ENDS: Final = frozenset({"thank", "goodbye"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What feedback makes of a message.

    Attributes:
        reply: The whole answer; None: the message goes on to the dialogue engine.
        aside: What to add to the dialogue engine's answer.
        flow: Where the citizen was in a dialogue of feedback.
    """

    reply: Reply | None = None
    aside: str = ""
    flow: Flow | None = None


class FeedbackDesk:
    """Everything that feedback does within a conversation."""

    def __init__(
        self,
        database: Engine,
        ear: Ear,
        seal: Seal,
        also: tuple[Block, ...] = (),
        clock: Clock = utc_now,
        reply_due_days: int | None = None,
    ) -> None:
        """Takes its parts.

        Args:
            database: A migrated database.
            ear: Tells a question from an opinion.
            seal: Encrypts contacts.
            also: Where a suggestion may be sent besides.
            clock: Tells the time.
            reply_due_days: Days within which suggestions are to be answered.
        """
        self.items = ReviewItems(database, clock=clock, reply_due_days=reply_due_days)
        self.votes = VoteBook(database, self.items, clock)
        self.ratings = Ratings(database, clock)
        self.attempts = Attempts(database, clock)
        self.lookup = Lookup(self.items, self.attempts)
        self.flows = FlowBook(database, clock)
        self.dialogues = Dialogues(
            self.flows, self.votes, self.items, self.ratings, self.attempts, seal, ear, clock
        )
        self._turns = TurnLog(database)
        self.seal = seal
        self._also = also
        self._clock = clock

    def now(self) -> datetime:
        """The present moment."""
        return self._clock()

    def before(
        self, conversation: str, channel: str, text: str, masked: str, choice: str | None
    ) -> Taken:
        """Takes a message that is feedback; called before the dialogue engine sees it.

        Args:
            conversation: Who speaks, as ``channel:id``.
            channel: Name of the channel.
            text: The cleaned text; only contacts and tracking codes are read from it.
            masked: The same without personal numbers.
            choice: Id of a choice that was tapped.
        """
        flow = self.flows.get(conversation)
        said = Said(text, masked, choice or "")
        if choice:
            reply = self._tapped(conversation, channel, choice)
            if reply is not None:
                return Taken(reply)
        elif not text.startswith("/"):
            reply = self._looked_up(conversation, text, flow)
            if reply is not None:
                return Taken(reply)
        running = flow if flow is not None and flow.running else None
        ours = choice is None or choice.startswith("g:")
        if running is not None and ours and not text.startswith("/"):
            reply = self.dialogues.go_on(conversation, running, said)
            if reply is not None:
                return Taken(reply)
        if choice and choice.startswith("g:"):
            return Taken(self._too_late(conversation, channel, choice))
        if running is not None:
            return Taken(aside=self.dialogues.leave(conversation, running), flow=flow)
        reply = None if choice else self._judged(conversation, masked)
        return Taken(reply, flow=flow)

    def after(
        self, conversation: str, channel: str, masked: str, intent: str, reply: Reply, taken: Taken
    ) -> Reply:
        """Adds to an answer of the dialogue engine what feedback has to say.

        Args:
            conversation: Who speaks, as ``channel:id``.
            channel: Name of the channel.
            masked: The message, masked.
            intent: What was understood.
            reply: The answer.
            taken: What :meth:`before` made of the message.
        """
        reply = self._completed(conversation, channel, masked, intent, reply, taken)
        if taken.aside:
            reply = replace(reply, blocks=(*reply.blocks, Paragraph(taken.aside)))
        return reply

    def _completed(
        self, conversation: str, channel: str, masked: str, intent: str, reply: Reply, taken: Taken
    ) -> Reply:
        if reply.kind is ReplyKind.FEEDBACK:
            blamed = self._blamed(conversation, masked)
            if blamed is not None:
                return blamed
            return self.dialogues.open(conversation, channel, Said("", masked), self._also)
        if channel not in CHAT_CHANNELS:
            return reply
        if intent in _ENDS and reply.kind is ReplyKind.SMALLTALK:
            return self._with_rating(conversation, reply, taken.flow)
        if channel in WORDS_ONLY and reply.kind is ReplyKind.ANSWER:
            return self._inviting(conversation, reply, taken.flow)
        return reply

    def vote(
        self, conversation: str, handle: str, useful: bool, reason: str = "", comment: str = ""
    ) -> Vote | None:
        """Takes down a vote that comes from a program, without a dialogue."""
        return self.votes.cast(handle, conversation, useful, reason, comment)

    def clean_up(self) -> None:
        """Sends what was left behind."""
        self.dialogues.send_left_behind()

    # --- inside ---------------------------------------------------------------------------

    def _tapped(self, conversation: str, channel: str, choice: str) -> Reply | None:
        vote = read_vote(choice)
        if vote is not None:
            return self.dialogues.vote(conversation, *vote)
        reason = reason_of(choice)
        if reason is not None:
            return self.dialogues.explain(conversation, *reason)
        score = score_of(choice)
        return self.dialogues.rate(conversation, channel, score) if score else None

    def _too_late(self, conversation: str, channel: str, choice: str) -> Reply:
        """Answers a button of a dialogue that is over."""
        if choice.startswith(("g:kind:", "g:about:")):
            return self.dialogues.open(conversation, channel, Said("", ""), self._also)
        return say(wording.SKIPPED)

    def _looked_up(self, conversation: str, text: str, flow: Flow | None) -> Reply | None:
        """Shows what became of a code, unless the code is only mentioned in a longer text."""
        code = read_code(text)
        if code is None:
            return None
        writing = flow is not None and flow.running and flow.step in {*SUGGESTING, Step.COMMENT}
        if writing and len(text.split()) > _WORDS_BESIDE_CODE:
            return None
        try:
            status = self.lookup.find(code, conversation, conversation)
        except TooManyLookupsError:
            return say(wording.LOOKED_TOO_OFTEN)
        if status is None:
            return say(wording.CODE_UNKNOWN.format(code=code))
        return Reply(ReplyKind.FEEDBACK, status_blocks(status))

    def _judged(self, conversation: str, masked: str) -> Reply | None:
        """Takes "đúng rồi" or "sai rồi" after an answer for a vote."""
        useful = phrases.judges(masked)
        handle = self._just_answered(conversation) if useful is not None else ""
        if useful is None or not handle:
            return None
        return self.dialogues.vote(conversation, useful, handle, phrases.thanks(masked))

    def _blamed(self, conversation: str, masked: str) -> Reply | None:
        """Takes "thông tin này cũ rồi" after an answer for a vote against it, with its reason."""
        reason = phrases.blames(masked)
        handle = self._just_answered(conversation) if reason else ""
        if not handle:
            return None
        return self.dialogues.blame(conversation, handle, Reason(reason), masked)

    def _just_answered(self, conversation: str) -> str:
        """The handle of the answer that a remark can only be about; empty where there is none."""
        last = self._turns.latest(conversation)
        if last is None or last["kind"] != ReplyKind.ANSWER or not self._fresh(last):
            return ""
        return str(last["handle"])

    def _with_rating(self, conversation: str, reply: Reply, flow: Flow | None) -> Reply:
        """Asks for a rating after the last word, if there was an answer, once a week at most."""
        asked = flow.data.get(RATING_ASKED) if flow is not None else None
        if asked and self._clock() - datetime.fromisoformat(asked) < REMEMBERED:
            return reply
        if not self._turns.answered_since(conversation, self._clock() - FRESH):
            return reply
        block, choices = self.dialogues.ask_rating(conversation)
        return replace(reply, blocks=(*reply.blocks, block), choices=choices)

    def _inviting(self, conversation: str, reply: Reply, flow: Flow | None) -> Reply:
        """Lets a channel without room for buttons ask in words, at most every half hour."""
        if flow is not None and flow.recent:
            return reply
        self.flows.put(conversation, Step.IDLE, flow.data if flow is not None else {})
        return replace(reply, invite=True)

    def _fresh(self, turn: Mapping[str, Any]) -> bool:
        return self._clock() - aware(turn["asked_at"]) < FRESH


def status_blocks(status: Status) -> tuple[Block, ...]:
    """Shows what became of a citizen's feedback."""
    day = status.sent_at.strftime("%d/%m/%Y")
    blocks: list[Block] = [
        Paragraph(wording.STATUS.format(code=status.code, kind=status.kind, day=day)),
        Fact(wording.STATE_LABEL, status.state),
    ]
    if status.released:
        blocks.append(Paragraph(wording.RESOLVED_BY_RELEASE))
    if status.reply:
        blocks.append(Fact(wording.REPLY_LABEL, status.reply))
    elif not status.released:
        blocks.append(Paragraph(wording.NO_REPLY_YET))
    return tuple(blocks)
