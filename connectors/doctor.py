"""Looks whether the channels are set up well, and says what to do and where."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import httpx
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from connectors.channel import Alerts, SendError, Trouble
from connectors.delivery.queue import Queue
from connectors.http import TIMEOUT
from connectors.settings import ChannelSettings
from connectors.telegram.channel import close, make_bot
from connectors.zalo.api import OpenApi
from connectors.zalo.bot import SECRET_LENGTH
from connectors.zalo.bot_api import BotApi
from connectors.zalo.errors import AUTHORISATION_FIXES, meaning
from connectors.zalo.oauth import OAuthClient
from connectors.zalo.signature import HEADER, signature, verified
from connectors.zalo.tokens import Tokens, TokenState, token_store

_DAY: Final = 86_400.0
_REFRESH_LIFE_DAYS: Final = 90
_CONSOLE: Final = "developers.zalo.me → the office's app"

_VECTOR: Final = (
    b'{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},'
    b'"user_id_by_app":"552177279717587730","recipient":{"id":"388613280878808645"},'
    b'"event_name":"user_send_text","message":{"text":"xin ch\xc3\xa0o",'
    b'"msg_id":"96d3cdf3af150460909"},"timestamp":"154390853474"}'
)
_VECTOR_SIGNATURE: Final = "79c1ae7cec58a192857a6109e37bc6aea1af21dab9570a4eefb049b398bd4cd4"


class Level(StrEnum):
    """How a check ended."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it."""

    channel: str
    level: Level
    what: str
    fix: str = ""


class _Report:
    """Collects the findings of one channel."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.findings: list[Finding] = []

    def good(self, what: str) -> None:
        self.findings.append(Finding(self._channel, Level.GOOD, what))

    def note(self, what: str, fix: str = "") -> None:
        self.findings.append(Finding(self._channel, Level.NOTE, what, fix))

    def bad(self, what: str, fix: str) -> None:
        self.findings.append(Finding(self._channel, Level.BAD, what, fix))


async def examine(
    settings: ChannelSettings, alerts: Alerts, test_webhook: bool = False
) -> list[Finding]:
    """Checks every channel that is turned on.

    Args:
        settings: The channels' settings.
        alerts: Where the checks themselves tell of trouble.
        test_webhook: Let Zalo try the bot's webhook, which it allows a few times a day.

    Returns:
        What was found, channel by channel; one problem where no channel is turned on.
    """
    findings: list[Finding] = []
    checks: list[tuple[bool, Callable[[], Awaitable[list[Finding]]]]] = [
        (settings.zalo_on, lambda: zalo(settings, alerts)),
        (settings.zalo_bot_on, lambda: zalo_bot(settings, alerts, test_webhook)),
        (settings.telegram_on, lambda: telegram(settings)),
    ]
    for on, check in checks:
        if on:
            findings.extend(await check())
    if not findings:
        report = _Report("channels")
        report.bad("No channel is turned on.", "See docs/channels/ for the variables to set.")
        return report.findings
    return [*findings, *open_alerts(settings)]


def open_alerts(settings: ChannelSettings) -> list[Finding]:
    """What the running program has raised and nobody has put right."""
    url = make_url(settings.database.replace("postgresql://", "postgresql+psycopg://", 1))
    if url.get_backend_name() == "sqlite" and not (settings.data_dir / "motcua.sqlite").exists():
        return []
    engine = create_engine(url)
    try:
        if not inspect(engine).has_table("channel_alerts"):
            return []
        found = Queue(engine).open_alerts()
    finally:
        engine.dispose()
    return [
        Finding(
            alert.key.partition(".")[0],
            Level.BAD,
            f"Alert since {_day(alert.raised_at / 1000)} (times raised: {alert.times})",
            alert.text,
        )
        for alert in found
    ]


# --- Zalo Official Account -----------------------------------------------------------------------


async def zalo(settings: ChannelSettings, alerts: Alerts) -> list[Finding]:
    """Checks the Official Account: settings, signature, tokens, identity, webhook."""
    report = _Report("zalo")
    needed = {
        "MOTCUA_ZALO_APP_SECRET": (settings.zalo_app_secret, f"{_CONSOLE} → “Cài đặt”"),
        "MOTCUA_ZALO_OA_SECRET_KEY": (settings.zalo_oa_secret_key, f"{_CONSOLE} → “Webhook”"),
    }
    for name, (value, where) in needed.items():
        if not value.get_secret_value():
            report.bad(f"{name} is not set.", f"Copy it from {where}.")
    secret = settings.zalo_app_secret.get_secret_value()
    if secret and secret == settings.zalo_oa_secret_key.get_secret_value():
        report.note(
            "The App Secret and the OA Secret Key are the same.",
            f"They usually differ: the OA Secret Key stands at {_CONSOLE} → “Webhook”.",
        )
    _signature(report)
    oauth = OAuthClient(settings)
    tokens = Tokens(settings, token_store(settings), oauth, alerts)
    api = OpenApi(settings, tokens, alerts)
    try:
        state = await tokens.state()
        _tokens(report, state)
        if state is not None:
            await _account(report, settings, api)
    except ValueError:
        report.bad("The token file is damaged.", "Store a pair anew: motcua zalo token import.")
    finally:
        await api.close()
        await oauth.close()
        await tokens.close()
    await _own_webhook(report, settings)
    return report.findings


def _signature(report: _Report) -> None:
    app, secret = "360846524940903967", "TEST_OA_SECRET_KEY"
    if verified(_VECTOR, f"mac={_VECTOR_SIGNATURE}", app, secret) and not verified(
        _VECTOR + b" ", f"mac={_VECTOR_SIGNATURE}", app, secret
    ):
        report.good("The published signature sample is verified.")
    else:
        report.bad(
            "The published signature sample is not verified.", "Report this bug to the project."
        )


def _tokens(report: _Report, state: TokenState | None) -> None:
    if state is None:
        report.bad(
            "No token is stored.",
            "Copy a token pair from developers.zalo.me → “Công cụ” → “API Explorer” → "
            "“OA Access Token” and run motcua zalo token import; or run "
            "motcua zalo token authorise.",
        )
        return
    now = time.time()
    age = (now - state.refreshed_at) / _DAY
    if state.stopped:
        report.bad(
            f"The token is no longer renewed: {state.stopped}",
            "Get a new token pair and run motcua zalo token import.",
        )
    elif not state.refresh_token:
        report.bad(
            "There is no refresh token.", "Run motcua zalo token import with the whole pair."
        )
    elif age > _REFRESH_LIFE_DAYS:
        report.bad(
            f"The token is {age:.0f} days old; its refresh token has expired.",
            "Get a new token pair and run motcua zalo token import.",
        )
    else:
        left = max(state.expires_at - now, 0) / 3600
        report.good(f"Token renewed at {_day(state.refreshed_at)}, valid for {left:.1f} h more.")


async def _account(report: _Report, settings: ChannelSettings, api: OpenApi) -> None:
    try:
        account = await api.account()
    except SendError as error:
        fix = meaning(error.code or 0).fix or AUTHORISATION_FIXES.get(error.code or 0, "")
        if error.trouble is Trouble.UNSENT:
            fix = (
                f"This server does not reach {settings.zalo_api_base}: check network and firewall."
            )
        report.bad(f"The OA cannot be read: {error}", fix or "Try again in a few minutes.")
        return
    identifier = str(account.get("oaid", ""))
    report.good(f"OA: {account.get('name', '')} ({identifier})")
    if settings.zalo_oa_id and identifier != settings.zalo_oa_id:
        report.bad(
            f"The token belongs to OA {identifier}, not to {settings.zalo_oa_id}.",
            "Correct MOTCUA_ZALO_OA_ID, or grant access again with the right OA.",
        )
    if account.get("is_verified") is False:
        report.bad("The OA is not verified.", meaning(-221).fix)


async def _own_webhook(report: _Report, settings: ChannelSettings) -> None:
    """Delivers a signed event to our own public address, as Zalo would."""
    if not settings.public_url:
        report.bad("MOTCUA_PUBLIC_URL is not set.", "Set an https address that Zalo can reach.")
        return
    url = settings.webhook_url("zalo")
    body = json.dumps(
        {"event_name": "motcua_doctor", "app_id": settings.zalo_app_id, "timestamp": "1"},
        separators=(",", ":"),
    ).encode()
    by_account = settings.zalo_signature_first_term == "oa_id"
    first = settings.zalo_oa_id if by_account else settings.zalo_app_id
    mac = signature(body, "1", first, settings.zalo_oa_secret_key.get_secret_value())
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT) as http:
            answer = await http.post(url, content=body, headers={HEADER: f"mac={mac}"})
        processed = answer.status_code == 200 and answer.json().get("processed") is True
    except (httpx.HTTPError, ValueError):
        processed = False
    if processed:
        report.good(f"The webhook accepts signed messages: {url}")
        report.note(
            "Zalo lets no program read which webhook is registered.",
            f"Compare the URL at {_CONSOLE} → “Webhook” with {url}",
        )
    else:
        report.bad(
            f"The webhook does not accept signed messages: {url}",
            "Check that motcua serve runs with the same settings; check domain, https certificate "
            "and proxy.",
        )


# --- Zalo Bot Platform ---------------------------------------------------------------------------


async def zalo_bot(settings: ChannelSettings, alerts: Alerts, test_webhook: bool) -> list[Finding]:
    """Checks the bot: identity, secret, webhook."""
    report = _Report("zalo-bot")
    api = BotApi(settings, alerts)
    try:
        me = await api.me()
        report.good(f"Bot: {me.get('account_name', '')} ({me.get('id', '')})")
        await _bot_webhook(report, settings, api, await api.webhook(), test_webhook)
    except SendError as error:
        report.bad(
            f"The Zalo Bot Platform did not answer as expected: {error}",
            "Check MOTCUA_ZALO_BOT_TOKEN and MOTCUA_ZALO_BOT_API_BASE; the OA “Zalo Bot Manager” "
            "gives the token.",
        )
    finally:
        await api.close()
    return report.findings


async def _bot_webhook(
    report: _Report, settings: ChannelSettings, api: BotApi, registered: str, test: bool
) -> None:
    if settings.zalo_bot_mode == "polling":
        if registered:
            report.bad(
                f"The webhook {registered} is registered, so polling gets no messages.",
                "Remove it: motcua channels setup zalo-bot.",
            )
        return
    if len(settings.zalo_bot_secret.get_secret_value()) not in SECRET_LENGTH:
        report.bad("MOTCUA_ZALO_BOT_SECRET must have 8 to 256 characters.", "Set a random string.")
    _compare(report, "zalo-bot", registered, settings)
    if test and registered:
        result = await api.test_webhook()
        if result.get("ok"):
            report.good("Zalo tried the webhook: it works.")
        else:
            report.bad(
                f"Zalo tried the webhook: {result.get('outcome')}", str(result.get("hint", ""))
            )


# --- Telegram ------------------------------------------------------------------------------------


async def telegram(settings: ChannelSettings) -> list[Finding]:
    """Checks the bot: identity, secret, webhook."""
    report = _Report("telegram")
    bot = make_bot(settings)
    try:
        me = await bot.get_me()
        report.good(f"Bot: @{me.username}")
        await _telegram_webhook(report, settings, bot)
    except InvalidToken:
        report.bad(
            "Telegram does not accept the token.",
            "Get the right token from @BotFather (command /token) and set MOTCUA_TELEGRAM_TOKEN.",
        )
    except TelegramError as error:
        report.bad(
            f"Telegram cannot be called: {type(error).__name__}",
            f"Check that this server reaches {settings.telegram_api_base}.",
        )
    finally:
        await close(bot)
    return report.findings


async def _telegram_webhook(report: _Report, settings: ChannelSettings, bot: Bot) -> None:
    info = await bot.get_webhook_info()
    if settings.telegram_mode == "polling":
        if info.url:
            report.note(
                f"The webhook {info.url} is registered.",
                "Polling takes it away; use another bot for trials if this one is in real use.",
            )
        return
    if not settings.telegram_webhook_secret.get_secret_value():
        report.bad(
            "MOTCUA_TELEGRAM_WEBHOOK_SECRET is not set, so every message is refused.",
            "Set a random string of A-Z, a-z, 0-9, _ and -.",
        )
    _compare(report, "telegram", info.url, settings)
    if info.last_error_message and info.last_error_date:
        when = _day(info.last_error_date.timestamp())
        report.note(
            f"Telegram last failed to call the webhook at {when}: {info.last_error_message}",
            "If it happens again, check the https certificate and the proxy.",
        )
    if info.pending_update_count:
        report.note(f"Messages waiting at Telegram: {info.pending_update_count}.")


# --- shared --------------------------------------------------------------------------------------


def _compare(report: _Report, channel: str, registered: str, settings: ChannelSettings) -> None:
    wanted = settings.webhook_url(channel)
    if not settings.public_url:
        report.bad(
            "MOTCUA_PUBLIC_URL is not set.", "Set an https address that the platform can reach."
        )
    elif registered == wanted:
        report.good(f"Webhook registered: {wanted}")
    else:
        report.bad(
            f"The registered webhook is {registered or '(none)'}; it should be {wanted}.",
            f"Run motcua channels setup {channel}.",
        )


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
