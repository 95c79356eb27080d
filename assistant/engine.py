"""The way of one message: guard, read, find, decide, compose, store.

Reading, finding and deciding happen inside the dialogue engine (``assistant/dialogue``); this
module is the frame around it: it guards the input, keeps turns of one conversation in order,
measures, logs, and never lets an exception reach a citizen.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic, perf_counter

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.model import get_latest_model
from sqlalchemy import Engine as Database

from assistant.dialogue.actions import CHOICE_KEY, ReplyChannel
from assistant.dialogue.database import connect
from assistant.dialogue.decide import Decider, Thresholds
from assistant.dialogue.processor import InProcessProcessor
from assistant.dialogue.tracker_store import ConversationStore
from assistant.dialogue.turns import Turn, TurnLog, new_handle
from assistant.feedback.desk import FeedbackDesk
from assistant.feedback.erasure import erase
from assistant.feedback.grouping import Groups
from assistant.feedback.notices import Notice, Notices
from assistant.feedback.retention import Retention
from assistant.feedback.seal import Seal
from assistant.feedback.unanswered import Unanswered, outcome_of
from assistant.keys import secret_key
from assistant.knowledge import Knowledge
from assistant.listening import Listener
from assistant.privacy import mask
from assistant.replies import wording
from assistant.replies.compose import Composer
from assistant.replies.contacts import Office, feedback_blocks
from assistant.settings import Settings
from assistant.text import clean
from assistant.training import model_path
from connectors.message import Inbound, InboundKind, Paragraph, Reply, ReplyKind
from vietnamese.fold import fold

logger = logging.getLogger(__name__)

COMMANDS = {
    "start": "xin chào",
    "help": "hướng dẫn sử dụng",
    "huongdan": "hướng dẫn sử dụng",
    "danhsach": "danh mục thủ tục",
    "lienhe": "liên hệ ai để được hỗ trợ",
    "gopy": "góp ý",
    "xoa": "xóa dữ liệu của tôi",
    "lamlai": "làm lại từ đầu",
}
"""Commands that chat apps show in their menus, as the words they stand for."""

WARM_UP = "đăng ký thường trú cần giấy tờ gì"
"""Read once while loading, so that the first citizen does not wait for what loads at first use."""

_FEEDBACK_KINDS = frozenset(
    {ReplyKind.ANSWER, ReplyKind.CLARIFY, ReplyKind.HANDOFF, ReplyKind.LIST}
)
_NOTICED_KINDS = frozenset({ReplyKind.ANSWER, ReplyKind.LIST, ReplyKind.HANDOFF, ReplyKind.HELP})
_FORGET = "xoa du lieu"
_MAX_CONVERSATIONS = 20_000


class ModelMissingError(RuntimeError):
    """Raised when no trained model is found; the message says how to get one."""


class Engine:
    """Answers citizens on every channel.

    Turns of one conversation run one after the other; conversations do not wait for each other.
    """

    def __init__(
        self,
        settings: Settings,
        knowledge: Knowledge,
        database: Database,
        agent: Agent,
        store: ConversationStore,
        composer: Composer,
        feedback: FeedbackDesk,
    ) -> None:
        """Takes its parts; :meth:`load` makes them from settings."""
        self.settings = settings
        self.knowledge = knowledge
        self.database = database
        self.turns = TurnLog(database)
        self._agent = agent
        self._store = store
        self._composer = composer
        self.feedback = feedback
        expiry = timedelta(hours=settings.conversation_expiry_hours)
        self.unanswered = Unanswered(database, feedback.items, expiry)
        encoder = knowledge.searcher.encoder
        self.groups = Groups(database, encoder) if encoder is not None else None
        self._notices = Notices(database)
        self._locks: OrderedDict[str, asyncio.Lock] = OrderedDict()
        self._recent: OrderedDict[str, deque[float]] = OrderedDict()
        self._answering = 0
        self._counting = threading.Lock()

    @classmethod
    def load(cls, settings: Settings, database: Database | None = None) -> Engine:
        """Loads model, catalogue, index and database.

        Args:
            settings: The settings; the release that is current now is kept to.
            database: A database that is open and up to date; None: the one of the settings.

        Raises:
            ModelMissingError: When there is no trained model.
            CatalogueError: When the catalogue has no usable record.
        """
        release = settings.learned_release
        settings = settings.model_copy(update={"release": release.number if release else 0})
        model = settings.model or str(model_path(settings))
        if not Path(model).exists():
            model = "" if settings.model else get_latest_model(settings.models_dir)
        if not model or not Path(model).exists():
            raise ModelMissingError(
                f"No trained model in {settings.models_dir}. Run `motcua train` first."
            )
        knowledge = Knowledge.load(settings)
        database = connect(settings.database) if database is None else database
        store = ConversationStore(database, timedelta(hours=settings.conversation_expiry_hours))
        locks = InMemoryLockStore()
        agent = Agent(tracker_store=store, lock_store=locks)
        processor = InProcessProcessor(
            model_path=model, tracker_store=store, lock_store=locks, generator=agent.nlg
        )
        composer = Composer(
            knowledge.catalogue,
            Office.from_settings(settings),
            settings.public_url,
            knowledge.overlay,
            (settings.province, settings.commune),
        )
        thresholds = Thresholds(settings.answer_threshold, settings.decline_threshold)
        decider = Decider(knowledge.catalogue, knowledge.searcher, thresholds)
        processor.equip(decider, composer)
        agent.processor = processor
        agent.domain = store.domain = processor.domain
        processor.understand(WARM_UP)
        feedback = FeedbackDesk(
            database,
            Listener(decider, composer, processor.understand),
            Seal(secret_key(settings.secret.get_secret_value(), settings.data_dir)),
            feedback_blocks(),
            reply_due_days=settings.reply_due_days,
        )
        return cls(settings, knowledge, database, agent, store, composer, feedback)

    async def answer(self, message: Inbound) -> Sequence[Reply]:
        """Answers one message.

        Args:
            message: What a citizen sent, on whatever channel.

        Returns:
            Exactly one reply, whatever was sent and whatever went wrong.
        """
        key = conversation_key(message)
        self._count(1)
        try:
            async with self._lock(key):
                started = perf_counter()
                try:
                    reply = await self._turn(key, message, started)
                except Exception:
                    logger.exception("A turn failed on channel %s", message.channel)
                    reply = self._composer.failure()
                return [replace(reply, latency_ms=(perf_counter() - started) * 1000)]
        finally:
            self._count(-1)

    @property
    def answering(self) -> int:
        """How many messages are being answered now, on all threads."""
        return self._answering

    def _count(self, more: int) -> None:
        with self._counting:
            self._answering += more

    def take_over(self, other: Engine) -> None:
        """Goes on in another engine's place: its conversations stay in order and within limits."""
        self._locks, self._recent = other._locks, other._recent

    async def forget(self, channel: str, conversation: str) -> None:
        """Deletes what is stored of one conversation, in every table."""
        erase(self.database, channel, conversation)

    def clean_up(self) -> None:
        """Deletes everything whose time is over."""
        self.feedback.clean_up()
        self.unanswered.mark_abandoned()
        Retention(self.database, self.settings).clean_up()
        if self.groups is not None:
            self.groups.tidy()

    async def _turn(self, key: str, message: Inbound, started: float) -> Reply:
        refused = self._guard(key, message)
        if refused is not None:
            return refused
        if message.kind is InboundKind.FORGET:
            await self.forget(message.channel, message.conversation)
            return self._composer.notice(ReplyKind.SMALLTALK, wording.FORGOTTEN)
        typed = clean(message.text)
        text = mask(typed).text
        taken = self.feedback.before(key, message.channel, typed, text, message.choice)
        if taken.reply is not None:
            return taken.reply
        pause = self._notices.pause(message.channel)
        if pause is not None:
            return await self._paused(message, text, pause)
        channel = ReplyChannel()
        await self._agent.processor.handle_message(
            UserMessage(
                _as_words(text) or (message.choice or ""),
                channel,
                key,
                input_channel=message.channel,
                message_id=message.message_id or None,
                metadata={CHOICE_KEY: message.choice} if message.choice else None,
            )
        )
        if channel.reply is None or channel.heard is None:
            raise RuntimeError("the dialogue engine gave no reply")
        if channel.heard.intent == "forget_me" and channel.reply.text == wording.FORGOTTEN:
            await self.forget(message.channel, message.conversation)
            return channel.reply
        handled = perf_counter()
        reply = self.feedback.after(
            key, message.channel, text, channel.heard.intent, channel.reply, taken
        )
        if reply.kind in _FEEDBACK_KINDS:
            reply = replace(reply, feedback=new_handle())
        total = (handled - started) * 1000
        timings = {**channel.timings, "read": total - sum(channel.timings.values())}
        self.turns.record(
            Turn(
                conversation=key,
                channel=message.channel,
                question=text or (message.choice or ""),
                read_as=channel.heard.text,
                intent=channel.heard.intent,
                kind=reply.kind.value,
                procedure=reply.procedure,
                aspects=reply.aspects,
                candidates=channel.candidates,
                confidence=reply.confidence,
                reply=reply.text,
                latency_ms=total,
                catalogue_version=self.knowledge.catalogue.version,
                timings={name: round(value, 3) for name, value in timings.items()},
                handle=reply.feedback or "",
                outcome=self._outcome(key, message.channel, reply, channel.declined),
            )
        )
        timings["store"] = (perf_counter() - handled) * 1000
        return self._with_notices(message, replace(reply, timings=timings))

    async def _paused(self, message: Inbound, text: str, pause: Notice) -> Reply:
        """Says that the assistant rests; the right to be forgotten holds all the same."""
        if fold(_as_words(text)).startswith(_FORGET):
            await self.forget(message.channel, message.conversation)
            return self._composer.notice(ReplyKind.SMALLTALK, wording.FORGOTTEN)
        return self._composer.paused(pause.text)

    def _with_notices(self, message: Inbound, reply: Reply) -> Reply:
        """Puts what the office has to say above an answer, and above the first greeting."""
        if reply.kind not in _NOTICED_KINDS and message.kind is not InboundKind.START:
            return reply
        texts = self._notices.texts(message.channel)
        if not texts:
            return reply
        blocks = (*(Paragraph(text, strong=True) for text in texts), *reply.blocks)
        return replace(reply, blocks=blocks)

    def _outcome(self, key: str, channel: str, reply: Reply, declined: bool) -> str:
        """Tells why staff should look at an answer; only a question back needs the one before."""
        before = self.turns.latest(key) if reply.kind is ReplyKind.CLARIFY else None
        kind = before["kind"] if before is not None else None
        return outcome_of(reply, channel, declined, kind, self.settings.review_below)

    def gather(self) -> None:
        """Puts questions without a good answer into the review queue and groups them."""
        self.unanswered.collect()
        if self.groups is not None:
            self.groups.assign()

    def _guard(self, key: str, message: Inbound) -> Reply | None:
        """Answers what never reaches the dialogue engine."""
        if not self._within_rate(key):
            return self._composer.notice(ReplyKind.ERROR, wording.TOO_FAST)
        if message.kind is InboundKind.LOCATION:
            return self._composer.near(message.latitude, message.longitude)
        if message.kind not in {
            InboundKind.TEXT,
            InboundKind.CHOICE,
            InboundKind.START,
            InboundKind.FORGET,
        }:
            return self._composer.notice(ReplyKind.HELP, wording.NOT_TEXT)
        if message.kind is InboundKind.FORGET or message.choice:
            return None
        text = clean(message.text)
        if len(text) > self.settings.max_message_length:
            limit = self.settings.max_message_length
            return self._composer.notice(ReplyKind.HELP, wording.TOO_LONG.format(limit=limit))
        if not any(character.isalnum() for character in text):
            return self._composer.notice(ReplyKind.HELP, wording.EMPTY)
        return None

    def _within_rate(self, key: str) -> bool:
        now = monotonic()
        recent = self._recent.setdefault(key, deque())
        self._recent.move_to_end(key)
        while recent and now - recent[0] > 60:
            recent.popleft()
        if len(recent) >= self.settings.messages_per_minute:
            return False
        recent.append(now)
        while len(self._recent) > _MAX_CONVERSATIONS:
            self._recent.popitem(last=False)
        return True

    def _lock(self, key: str) -> asyncio.Lock:
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._locks.move_to_end(key)
        while len(self._locks) > _MAX_CONVERSATIONS:
            oldest = next(iter(self._locks))
            if self._locks[oldest].locked():
                break
            del self._locks[oldest]
        return lock


def conversation_key(message: Inbound) -> str:
    """Names a conversation within the whole program."""
    return f"{message.channel}:{message.conversation}"


def _as_words(text: str) -> str:
    """Takes the leading slashes off a message, so that it cannot set an intent or a slot.

    A command of a chat app's menu becomes the words it stands for.
    """
    if not text.startswith("/"):
        return text
    bare = text.lstrip("/ ")
    name, _, rest = bare.partition(" ")
    name = name.partition("@")[0].lower()
    if name in COMMANDS and not rest:
        return COMMANDS[name]
    return bare or "xin chào"
