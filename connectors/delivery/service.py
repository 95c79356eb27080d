"""The delivery: takes events in, has them answered, sends the answers.

One lane for each citizen: within a lane everything happens in order, lanes run side by side. All
that has to survive a restart is in the :class:`connectors.delivery.queue.Queue`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final, ParamSpec, TypeVar

from connectors.channel import Channel, Event, Outgoing, SendError, Trouble
from connectors.delivery.queue import Lane, LeaseLostError, Queue, Step, StepKind, now_ms
from connectors.message import Answerer, Choice, Inbound, InboundKind
from connectors.render import render, token_of

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

APOLOGY: Final = (
    "Xin lỗi, hệ thống đang gặp sự cố nên chưa trả lời được câu hỏi của bạn. "
    "Bạn thử lại sau hoặc hỏi trực tiếp Bộ phận Một cửa."
)
"""Sent when a message could not be answered in several tries."""

MOST_ANSWER_TRIES: Final = 3
MOST_SEND_TRIES: Final = 10
ANSWER_SECONDS: Final = 120.0
_BACK_OFF_SECONDS: Final = (1, 3, 9, 27, 81, 243, 729, 900)
_UNSENT_SECONDS: Final = 3.0
_ACCOUNT_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.5
_HEARTBEAT_SECONDS: Final = 10.0
_CLEAN_UP_SECONDS: Final = 3600.0
_TYPING_AFTER: Final = 0.4
_TYPING_EVERY: Final = 4.5
_STOP_SECONDS: Final = 10.0
_NUMBER = re.compile(r"^\s*(?:số\s*)?(\d{1,2})\s*[.)]?\s*$", re.IGNORECASE)


class Delivery:
    """Runs the lanes of all channels in one process."""

    def __init__(
        self,
        queue: Queue,
        channels: Mapping[str, Channel],
        answerer: Answerer,
        workers: int = 16,
        takeover_minutes: float = 60,
        settle_seconds: float | None = None,
        database_threads: int = 1,
    ) -> None:
        """Takes its parts.

        Args:
            queue: The persistent queue.
            channels: The channels by name.
            answerer: The assistant.
            workers: Most citizens served at the same time.
            takeover_minutes: How long to keep quiet after a member of staff wrote.
            settle_seconds: How long messages wait for earlier ones; None: as each channel says.
            database_threads: One for SQLite, which has one writer; more for PostgreSQL.
        """
        self.queue = queue
        self.channels = dict(channels)
        self._answerer = answerer
        self._workers = workers
        self._takeover_minutes = takeover_minutes
        self._settle_seconds = settle_seconds
        self._threads = ThreadPoolExecutor(database_threads, thread_name_prefix="channel-queue")
        self._wake = asyncio.Event()
        self._lanes: set[asyncio.Task[None]] = set()
        self._held: dict[str, float] = {}
        self._background: list[asyncio.Task[None]] = []
        self._stopping = False

    # --- coming in -----------------------------------------------------------------------

    async def accept(self, channel: str, events: Sequence[Event]) -> int:
        """Takes events into the persistent inbox; returns how many were new."""
        settle = self._settle_seconds
        if settle is None:
            settle = self.channels[channel].settle_seconds
        new = await self._store(
            self.queue.accept,
            channel,
            events,
            int(settle * 1000),
            int(self._takeover_minutes * 60_000),
        )
        if new:
            self._wake.set()
        return new

    # --- running -------------------------------------------------------------------------

    async def start(self) -> None:
        """Starts the lanes and what the channels run in the background."""
        await self._store(self.queue.release_dead)
        self._background = [
            asyncio.create_task(self._run()),
            asyncio.create_task(self._every(_HEARTBEAT_SECONDS, self.queue.renew)),
            asyncio.create_task(self._every(_CLEAN_UP_SECONDS, self.queue.clean_up)),
        ]
        for channel in self.channels.values():
            await channel.start(self.accept)

    async def stop(self) -> None:
        """Lets what is under way end, then stops; what waits stays in the queue."""
        self._stopping = True
        self._wake.set()
        if self._lanes:
            await asyncio.wait(self._lanes, timeout=_STOP_SECONDS)
        for task in (*self._background, *self._lanes):
            task.cancel()
        await asyncio.gather(*self._background, *self._lanes, return_exceptions=True)
        for channel in self.channels.values():
            await channel.stop()
        self._threads.shutdown(wait=True)

    async def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                free = self._workers - len(self._lanes)
                lanes = await self._store(self.queue.claim, free) if free > 0 else []
                for lane in lanes:
                    task = asyncio.create_task(self._serve(lane))
                    self._lanes.add(task)
                    task.add_done_callback(self._lane_ended)
                wait = 0.0 if lanes else await self._until_due()
            except Exception:
                logger.exception("The queue could not be read; it is tried again")
                wait = _POLL_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), wait or 0.001)

    def _lane_ended(self, task: asyncio.Task[None]) -> None:
        self._lanes.discard(task)
        self._wake.set()

    async def _until_due(self) -> float:
        if len(self._lanes) >= self._workers:
            return _POLL_SECONDS
        due = await self._store(self.queue.next_due)
        if due is None:
            return _POLL_SECONDS
        return min(max((due - now_ms()) / 1000, 0.005), _POLL_SECONDS)

    async def _every(self, seconds: float, work: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await self._store(work)
            except Exception:
                logger.exception("Keeping the queue failed; it is tried again")

    async def _store(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a transaction of the queue off the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))

    # --- one lane ------------------------------------------------------------------------

    async def _serve(self, lane: Lane) -> None:
        not_before = 0
        try:
            while not self._stopping:
                step = await self._store(self.queue.next_step, lane)
                if step is None:
                    break
                await self._do(lane, step)
        except LeaseLostError:
            logger.warning("A citizen on %s is served by another process now", lane.channel)
            return
        except Exception:
            logger.exception("Serving a citizen on %s failed; it is tried again", lane.channel)
            not_before = now_ms() + 5000
        await self._store(self.queue.release, lane, not_before)

    async def _do(self, lane: Lane, step: Step) -> None:
        channel = self.channels.get(lane.channel)
        if step.kind is StepKind.FORGET:
            await self._answerer.forget(lane.channel, lane.conversation)
            await self._store(self.queue.erase, lane)
        elif step.kind is StepKind.ANSWER:
            await self._answer(lane, step, channel)
        elif channel is None:  # the channel was switched off since
            await self._store(self.queue.give_up, lane, step.row, "the channel is off")
        elif step.kind is StepKind.CHECK:
            await self._check(lane, step, channel)
        else:
            await self._send(lane, step, channel)

    # --- answering -----------------------------------------------------------------------

    async def _answer(self, lane: Lane, step: Step, channel: Channel | None) -> None:
        if channel is None or step.paused or step.inbound is None:
            await self._store(self.queue.skip, lane, step.row)
            return
        expires_at = step.received_at + int(channel.expiry_hours * 3_600_000)
        if now_ms() > expires_at:
            await self._store(self.queue.skip, lane, step.row)
            return
        if step.attempts >= MOST_ANSWER_TRIES:
            await self._store(
                self.queue.raise_alert,
                f"{lane.channel}.unanswered",
                "A message could not be answered in three tries; the log says why.",
            )
            await self._store(self.queue.answered, lane, step, [Outgoing(APOLOGY)], expires_at)
            return
        await self._store(self.queue.begin_answer, lane, step.row)
        inbound = await self._with_choice(lane, step.inbound)
        async with self._typing(channel, lane.conversation):
            replies = await asyncio.wait_for(self._answerer.answer(inbound), ANSWER_SECONDS)
        messages: list[Outgoing] = []
        choices: tuple[Choice, ...] = ()
        pairs: list[tuple[str, str]] = []

        def data_of(choice: Choice) -> str:
            token = token_of(choice.id)
            data = channel.choice_data(choice, token)
            if token in data:
                pairs.append((token, choice.id))
            return data

        for reply in replies:
            rendered = render(reply, channel.capabilities, data_of)
            messages.extend(rendered.messages)
            choices = rendered.choices or choices
        if pairs:
            await self._store(self.queue.keep_tokens, pairs)
        await self._store(self.queue.answered, lane, step, messages, expires_at, choices)

    async def _with_choice(self, lane: Lane, inbound: Inbound) -> Inbound:
        """Recognises a number, a title or a token of what the citizen was offered."""
        if inbound.choice is not None:
            known = await self._store(self.queue.choice_of, inbound.choice)
            return replace(inbound, choice=known) if known is not None else inbound
        if inbound.kind is not InboundKind.TEXT:
            return inbound
        offered = await self._store(self.queue.choices, lane)
        taken = _taken(inbound.text, offered)
        return inbound if taken is None else replace(inbound, choice=taken, kind=InboundKind.CHOICE)

    @contextlib.asynccontextmanager
    async def _typing(self, channel: Channel, conversation: str) -> AsyncIterator[None]:
        if not channel.capabilities.typing:
            yield
            return
        task = asyncio.create_task(_keep_typing(channel, conversation))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    # --- sending -------------------------------------------------------------------------

    async def _send(self, lane: Lane, step: Step, channel: Channel) -> None:
        message = step.outgoing
        if message is None or step.paused or now_ms() > step.expires_at:
            reason = "a member of staff took over" if step.paused else "it is too old"
            await self._store(self.queue.give_up, lane, step.row, reason)
            return
        held = self._held.get(lane.channel, 0.0) - asyncio.get_running_loop().time()
        if held > 0:
            await self._later(lane, step, held, "the account waits", counted=False)
            return
        try:
            await channel.ready()
        except SendError as error:
            await self._failed(lane, step, channel, message, error)
            return
        if not await self._store(self.queue.begin_send, lane, step.row):
            return
        try:
            await channel.send(lane.conversation, message)
        except SendError as error:
            await self._failed(lane, step, channel, message, error)
        except Exception as error:
            logger.exception("Sending on %s went wrong", lane.channel)
            doubt = SendError(Trouble.UNCERTAIN, type(error).__name__)
            await self._failed(lane, step, channel, message, doubt)
        else:
            await self._store(self.queue.sent, lane, step.row)

    async def _failed(
        self, lane: Lane, step: Step, channel: Channel, message: Outgoing, error: SendError
    ) -> None:
        text = str(error)
        logger.info("Sending on %s: %s (%s)", lane.channel, text, error.trouble)
        match error.trouble:
            case Trouble.REPLACE:
                await self._store(self.queue.replace, lane, step.row, error.parts)
            case Trouble.UNSENT:
                wait = error.retry_after or _UNSENT_SECONDS * random.uniform(0.8, 1.2)
                await self._later(lane, step, wait, text, counted=False)
            case Trouble.RATE | Trouble.ACCOUNT:
                wait = _ACCOUNT_SECONDS if error.retry_after is None else error.retry_after
                self._hold(lane.channel, wait)
                await self._later(lane, step, wait, text, counted=False)
            case Trouble.RETRY:
                most = MOST_SEND_TRIES if error.retries is None else error.retries
                if error.code is None and await channel.confirm(
                    lane.conversation, message, step.answers
                ):  # a gateway failed on the way back
                    await self._store(self.queue.sent, lane, step.row, f"confirmed after: {text}")
                elif step.attempts >= most:
                    await self._store(self.queue.give_up, lane, step.row, text)
                else:
                    wait = error.retry_after or _back_off(step.attempts)
                    await self._later(lane, step, wait, text)
            case Trouble.UNCERTAIN:
                await self._doubt(lane, step, channel, message, text)
            case Trouble.MESSAGE:
                await self._store(self.queue.give_up, lane, step.row, text)
            case Trouble.RECIPIENT:
                await self._store(self.queue.give_up, lane, step.row, text, blocked=True)

    async def _doubt(
        self, lane: Lane, step: Step, channel: Channel, message: Outgoing, text: str
    ) -> None:
        """Nobody knows whether a message arrived: looks, else tries once more."""
        arrived = await channel.confirm(lane.conversation, message, step.answers)
        if arrived:
            await self._store(self.queue.sent, lane, step.row, f"confirmed after: {text}")
        elif arrived is False or step.doubts < 1:
            await self._later(lane, step, _back_off(0), text, doubted=arrived is None)
        else:
            await self._store(self.queue.give_up, lane, step.row, f"twice in doubt: {text}")

    async def _check(self, lane: Lane, step: Step, channel: Channel) -> None:
        """The program stopped while a message was on its way.

        Where the platform cannot say, it counts as sent: the program records the message just
        before it goes out, so it is far more likely to have arrived than not.
        """
        arrived = (
            await channel.confirm(lane.conversation, step.outgoing, step.answers)
            if step.outgoing
            else None
        )
        if arrived is False:
            await self._later(lane, step, 0.0, "interrupted and not arrived", counted=False)
            return
        note = "confirmed after an interruption" if arrived else "interrupted; taken as sent"
        logger.warning("A message on %s: %s", lane.channel, note)
        await self._store(self.queue.sent, lane, step.row, note)

    def _hold(self, channel: str, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        self._held[channel] = max(self._held.get(channel, 0.0), until)

    async def _later(
        self,
        lane: Lane,
        step: Step,
        seconds: float,
        error: str,
        counted: bool = True,
        doubted: bool = False,
    ) -> None:
        due = now_ms() + int(seconds * 1000)
        attempts = step.attempts + int(counted)
        await self._store(self.queue.retry, lane, step.row, due, error, attempts, doubted)


async def _keep_typing(channel: Channel, conversation: str) -> None:
    await asyncio.sleep(_TYPING_AFTER)
    while True:
        await channel.typing(conversation)
        await asyncio.sleep(_TYPING_EVERY)


def _back_off(attempts: int) -> float:
    """Seconds until the next try, with a fifth of chance so that lanes do not march in step."""
    step = _BACK_OFF_SECONDS[min(attempts, len(_BACK_OFF_SECONDS) - 1)]
    return step * random.uniform(0.8, 1.2)


def _taken(text: str, offered: Sequence[Choice]) -> str | None:
    """The id of the offered choice that a text names by number or by its whole title."""
    number = _NUMBER.match(text)
    if number is not None:
        position = int(number.group(1)) - 1
        return offered[position].id if 0 <= position < len(offered) else None
    folded = unicodedata.normalize("NFC", text).strip().casefold()
    same = [
        c.id for c in offered if unicodedata.normalize("NFC", c.title).strip().casefold() == folded
    ]
    return same[0] if len(same) == 1 else None
