"""Telegram, through python-telegram-bot inside our own application."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from connectors.channel import (
    Accept,
    Alerts,
    Capabilities,
    Event,
    ForgedError,
    Outgoing,
    SendError,
    Trouble,
    Unit,
)
from connectors.delivery.rate import RateLimiter
from connectors.http import trouble_of
from connectors.message import Choice
from connectors.settings import ChannelSettings
from connectors.split import split
from connectors.styled import plain
from connectors.telegram import updates
from connectors.telegram.updates import ALLOWED_UPDATES, CHANNEL, DIRECT, TOKEN, events_of

logger = logging.getLogger(__name__)

os.environ.setdefault("PTB_TIMEDELTA", "true")  # waiting times as in the library's next version
for noisy in ("httpx", "httpcore"):  # their lines hold addresses, and those the token
    logging.getLogger(noisy).setLevel(logging.WARNING)

TEXT_LIMIT: Final = 4000
PAYLOAD_BYTES: Final = 64
POLL_SECONDS: Final = 30
_MESSAGES_PER_SECOND: Final = 30
_RETRY_SECONDS: Final = 5.0

COMMANDS: Final = (
    ("start", "Bắt đầu"),
    ("huongdan", "Hướng dẫn sử dụng"),
    ("danhsach", "Danh mục thủ tục"),
    ("lienhe", "Nơi hỗ trợ trực tiếp"),
    ("gopy", "Góp ý, phản ánh"),
    ("lamlai", "Bắt đầu lại từ đầu"),
    ("xoa", "Xóa dữ liệu của tôi"),
)
"""The menu: names that the assistant knows, and what they do."""

DESCRIPTION: Final = (
    "Trợ lý tự động trả lời về thủ tục hành chính: cần giấy tờ gì, phí bao nhiêu, bao lâu xong, "
    "nộp ở đâu. Câu trả lời lấy từ dữ liệu công bố chính thức, có ghi căn cứ."
)
SHORT_DESCRIPTION: Final = "Hỏi đáp tự động về thủ tục hành chính"


class TelegramChannel:
    """One bot on Telegram, by webhook or by polling."""

    name = CHANNEL
    expiry_hours = 48.0
    refusal_status = 403
    capabilities = Capabilities(
        TEXT_LIMIT,
        unit=Unit.HTML,
        buttons=10,
        button_title=50,
        button_payload=PAYLOAD_BYTES,
        html=True,
        vote_row=True,
        typing=True,
        images=True,
        files=True,
    )

    def __init__(self, settings: ChannelSettings, alerts: Alerts) -> None:
        """Takes the settings and whom to tell of trouble."""
        self._settings = settings
        self._alerts = alerts
        self._polling = settings.telegram_mode == "polling"
        self.settle_seconds = 0.0 if self._polling else 0.3
        self.bot = make_bot(settings)
        self._me = updates.Bot()
        self._limiter = RateLimiter(_MESSAGES_PER_SECOND, 1.0)
        self._tasks: set[asyncio.Task[Any]] = set()

    # --- in ------------------------------------------------------------------------------

    def parse(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        """Checks the secret token and reads an update.

        Raises:
            ForgedError: When the secret token is missing, wrong or not set up.
        """
        secret = self._settings.telegram_webhook_secret.get_secret_value()
        got = headers.get("x-telegram-bot-api-secret-token", "")
        if not secret or not hmac.compare_digest(got.encode(), secret.encode()):
            raise ForgedError("the secret token does not match")
        try:
            update = Update.de_json(json.loads(body), self.bot)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            logger.warning("An update could not be read")
            return []
        return self._read(update)

    def _read(self, update: Update) -> list[Event]:
        if update.callback_query is not None:  # else the button keeps spinning
            self._spawn(self._answer_callback(update.callback_query.id))
        return events_of(update, self._me)

    async def _answer_callback(self, identifier: str) -> None:
        try:
            await self.bot.answer_callback_query(identifier)
        except TelegramError as error:
            logger.info("A tap was not acknowledged: %s", type(error).__name__)

    # --- out -----------------------------------------------------------------------------

    async def ready(self) -> None:
        """Waits until another message may go out."""
        await self._limiter.acquire()

    async def send(self, conversation: str, message: Outgoing) -> str:
        """Sends one message; see :meth:`connectors.channel.Channel.send`."""
        rows = [[button] for button in message.buttons]
        if message.votes:
            rows.append(list(message.votes))
        keyboard = [[InlineKeyboardButton(b.title, callback_data=b.data) for b in r] for r in rows]
        try:
            sent = await self.bot.send_message(
                updates.chat_of(conversation),
                message.html or message.text,
                parse_mode=ParseMode.HTML if message.html else None,
                reply_markup=InlineKeyboardMarkup(keyboard) if keyboard else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            raise self._trouble(error, message) from error
        return str(sent.message_id)

    def _trouble(self, error: TelegramError, message: Outgoing) -> SendError:
        detail = type(error).__name__
        match error:
            case RetryAfter():
                return SendError(Trouble.RATE, detail, 429, retry_after=_seconds(error) + 0.1)
            case Forbidden():
                return SendError(Trouble.RECIPIENT, detail, 403)
            case ChatMigrated():
                return SendError(Trouble.RECIPIENT, detail, 400)
            case BadRequest():
                return self._refused(error, message)
            case InvalidToken():
                self._alerts.raise_alert(
                    "telegram.token",
                    "Telegram does not accept the bot's token (MOTCUA_TELEGRAM_TOKEN). "
                    "Get the right one from @BotFather, command /token.",
                )
                return SendError(Trouble.ACCOUNT, detail, 401)
            case TimedOut() | NetworkError() if error.__cause__ is not None:
                return trouble_of(error.__cause__)  # type: ignore[arg-type]
            case NetworkError():
                return SendError(Trouble.RETRY, detail)
            case _:
                return SendError(Trouble.RETRY, detail)

    def _refused(self, error: BadRequest, message: Outgoing) -> SendError:
        text = error.message.lower()
        if message.html and "parse entities" in text:
            part = replace(message, html="")
            return SendError(Trouble.REPLACE, "the markup was refused", 400, parts=[part])
        if (message.buttons or message.votes) and "button" in text:
            tail = f"\n\n{message.numbered}" if message.numbered else ""
            part = Outgoing(message.text + tail)
            return SendError(Trouble.REPLACE, "the buttons were refused", 400, parts=[part])
        if "too long" in text and len(message.text) > 400:
            pieces = split(plain(message.text), len(message.text) // 2)
            parts = [Outgoing(piece.text) for piece in pieces]
            last = replace(message, text=parts[-1].text, html="")
            return SendError(
                Trouble.REPLACE, "the text was too long", 400, parts=[*parts[:-1], last]
            )
        if "chat not found" in text:
            return SendError(Trouble.RECIPIENT, error.message, 400)
        return SendError(Trouble.MESSAGE, error.message, 400)

    async def confirm(self, conversation: str, message: Outgoing, after: str) -> bool | None:
        """Telegram gives a bot no way to look at what it sent."""
        return None

    async def typing(self, conversation: str) -> None:
        """Shows "is typing" for five seconds."""
        with contextlib.suppress(TelegramError):
            await self.bot.send_chat_action(updates.chat_of(conversation), ChatAction.TYPING)

    def choice_data(self, choice: Choice, token: str) -> str:
        """The id itself where it fits into 64 bytes, else the token."""
        data = DIRECT + choice.id
        return data if len(data.encode()) <= PAYLOAD_BYTES else TOKEN + token

    # --- running -------------------------------------------------------------------------

    async def start(self, accept: Accept) -> None:
        """Finds out who the bot is, and polls where that is the mode; never fails."""
        self._alerts.clear_alerts("telegram.")
        self._spawn(self._poll(accept) if self._polling else self._introduce())

    async def stop(self) -> None:
        """Stops polling and closes connections."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await close(self.bot)

    async def _introduce(self) -> None:
        """Asks who the bot is until there is an answer; only groups need to know."""
        while True:
            try:
                await self.bot.initialize()
                self._me = updates.Bot(self.bot.id, self.bot.username)
                return
            except InvalidToken as error:
                self._trouble(error, Outgoing(""))
                return
            except TelegramError as error:
                logger.warning("Telegram does not answer: %s", type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _poll(self, accept: Accept) -> None:
        """Fetches updates; one is confirmed only when it is safe in the queue."""
        await self._introduce()
        offset: int | None = None
        while True:
            try:
                if offset is None:
                    await self.bot.delete_webhook()
                    offset = 0
                fetched = await self.bot.get_updates(
                    offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
                )
                for update in fetched:
                    await accept(self.name, self._read(update))
                    offset = update.update_id + 1
            except Conflict:
                self._alerts.raise_alert(
                    "telegram.conflict",
                    "Another program fetches the messages of this Telegram bot. Stop one of them: "
                    "a bot may be polled in one place only, and not beside a webhook.",
                )
                await asyncio.sleep(_RETRY_SECONDS * 6)
            except InvalidToken as error:
                self._trouble(error, Outgoing(""))
                return
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except Exception as error:
                logger.warning("Polling Telegram failed: %s", type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def make_bot(settings: ChannelSettings) -> Bot:
    """A client of the Bot API with the base address of the settings."""
    base = settings.telegram_api_base.rstrip("/")
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(read_timeout=15, write_timeout=15),
        get_updates_request=HTTPXRequest(connection_pool_size=1, read_timeout=15),
    )


async def close(bot: Bot) -> None:
    """Closes the connections of a bot, whether or not it ever found out who it is."""
    await bot.shutdown()
    await bot.request.shutdown()


async def set_up(bot: Bot, url: str, secret: str) -> None:
    """Registers the webhook, the menu of commands and the descriptions.

    Raises:
        TelegramError: When Telegram refuses.
    """
    await bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)
    await set_up_menu(bot)


async def set_up_menu(bot: Bot) -> None:
    """Sets the menu of commands and the descriptions."""
    menu = [BotCommand(name, text) for name, text in COMMANDS]
    for language in (None, "vi"):
        await bot.set_my_commands(menu, language_code=language)
        await bot.set_my_description(DESCRIPTION, language_code=language)
        await bot.set_my_short_description(SHORT_DESCRIPTION, language_code=language)
