"""The commands about the channels: ``channels`` and ``zalo``."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from connectors.settings import ChannelSettings

if TYPE_CHECKING:
    from connectors.zalo.tokens import Tokens

T = TypeVar("T")

_MARKS: Final = {"ok": "✓", "note": "i", "problem": "✗"}


class _Printed:
    """Shows alerts on the terminal."""

    def raise_alert(self, key: str, text: str) -> None:
        click.echo(f"{key}: {text}", err=True)

    def clear_alerts(self, prefix: str) -> None:
        """There is nothing to take back."""


@click.group()
def channels() -> None:
    """Set up and check Zalo and Telegram."""


@channels.command()
@click.option(
    "--test-webhook",
    is_flag=True,
    help="Let Zalo try the bot's webhook; it allows this a few times a day.",
)
def doctor(test_webhook: bool) -> None:
    """Check every channel and say what to fix, and where.

    Ends with status 1 when there is a problem.
    """
    from connectors.doctor import Level, examine

    findings = asyncio.run(examine(ChannelSettings(), _Printed(), test_webhook))
    for finding in findings:
        click.echo(f"{_MARKS[finding.level]} [{finding.channel}] {finding.what}")
        if finding.fix:
            click.echo(f"    → {finding.fix}")
    if any(finding.level is Level.BAD for finding in findings):
        raise SystemExit(1)


@channels.group()
def setup() -> None:
    """Register webhooks and menus on a platform."""


@setup.command("telegram")
def setup_telegram() -> None:
    """Register the webhook, the menu and the description of the Telegram bot.

    With MOTCUA_TELEGRAM_MODE=polling the webhook is taken away instead.
    """
    from telegram.error import TelegramError

    from connectors.telegram.channel import close, make_bot, set_up, set_up_menu

    settings = ChannelSettings()
    if not settings.telegram_on:
        raise click.ClickException("MOTCUA_TELEGRAM_TOKEN is not set.")
    secret = settings.telegram_webhook_secret.get_secret_value()
    polling = settings.telegram_mode == "polling"
    if not polling:
        _need_public_url(settings)
        if not secret:
            raise _suggest("MOTCUA_TELEGRAM_WEBHOOK_SECRET")

    async def work() -> str:
        bot = make_bot(settings)
        try:
            if polling:
                await bot.delete_webhook()
                await set_up_menu(bot)
            else:
                await set_up(bot, settings.webhook_url("telegram"), secret)
            return str((await bot.get_me()).username)
        finally:
            await close(bot)

    try:
        name = asyncio.run(work())
    except TelegramError as error:
        raise click.ClickException(f"Telegram refused: {type(error).__name__}: {error}") from None
    where = "polling" if polling else settings.webhook_url("telegram")
    click.echo(f"@{name}: {where}")


@setup.command("zalo-bot")
def setup_zalo_bot() -> None:
    """Register the webhook of the Zalo bot.

    With MOTCUA_ZALO_BOT_MODE=polling the webhook is taken away instead. Start `motcua serve`
    first: Zalo tries the address at once.
    """
    from connectors.channel import SendError
    from connectors.zalo.bot import SECRET_LENGTH
    from connectors.zalo.bot_api import BotApi

    settings = ChannelSettings()
    if not settings.zalo_bot_on:
        raise click.ClickException("MOTCUA_ZALO_BOT_TOKEN is not set.")
    secret = settings.zalo_bot_secret.get_secret_value()
    polling = settings.zalo_bot_mode == "polling"
    if not polling:
        _need_public_url(settings)
        if len(secret) not in SECRET_LENGTH:
            raise _suggest("MOTCUA_ZALO_BOT_SECRET")

    async def work() -> dict[str, Any]:
        api = BotApi(settings, _Printed())
        try:
            if polling:
                await api.delete_webhook()
                return {}
            return await api.set_webhook(settings.webhook_url("zalo-bot"), secret)
        finally:
            await api.close()

    try:
        result = asyncio.run(work())
    except SendError as error:
        raise click.ClickException(f"Zalo refused: {error}") from None
    if polling:
        click.echo("The webhook is gone; updates are fetched by polling.")
        return
    click.echo(f"Webhook: {result.get('url', '')}")
    tried = result.get("verification")
    if isinstance(tried, dict):
        click.echo(f"{tried.get('outcome', '')}: {tried.get('hint', '')}")


@click.group()
def zalo() -> None:
    """Look after the Zalo Official Account."""


@zalo.group()
def token() -> None:
    """Look after the Official Account's token pair."""


@token.command("import")
@click.option("--access-token", prompt=True, hide_input=True, help="Asked for when left out.")
@click.option("--refresh-token", prompt=True, hide_input=True, help="Asked for when left out.")
def import_token(access_token: str, refresh_token: str) -> None:
    """Store a token pair copied from the console.

    Copy both from developers.zalo.me → “Công cụ” → “API Explorer” → “OA Access Token”. The
    running program uses them at once.
    """
    from connectors.zalo.oauth import DEFAULT_LIFE, Pair

    pair = Pair(access_token.strip(), refresh_token.strip(), DEFAULT_LIFE)
    if not pair.access_token or not pair.refresh_token:
        raise click.ClickException("Both tokens are needed.")
    _with_tokens(lambda tokens: tokens.take(pair))
    click.echo("Stored. Check with: motcua channels doctor")


@token.command("refresh")
def refresh_token() -> None:
    """Renew the token pair now."""
    from connectors.channel import SendError

    try:
        _with_tokens(lambda tokens: tokens.renew(None))
    except SendError as error:
        raise click.ClickException(f"Not renewed: {error}") from None
    click.echo("Renewed.")


@token.command("status")
def token_status() -> None:
    """Show how old the token pair is; the tokens themselves are never shown."""
    state = _with_tokens(lambda tokens: tokens.state())
    if state is None:
        raise click.ClickException("No token is stored. Run: motcua zalo token import")
    now = time.time()
    click.echo(f"renewed:       {_moment(state.refreshed_at)}")
    click.echo(f"expires:       {_moment(state.expires_at)} ({_hours(state.expires_at - now)})")
    click.echo(f"refresh token: {'yes' if state.refresh_token else 'no'}")
    if state.stopped:
        raise click.ClickException(f"Zalo refused to renew it: {state.stopped}")


@token.command("authorise")
def authorise() -> None:
    """Print the address at which an administrator grants access.

    The callback is accepted for 15 minutes, by the running `motcua serve`.
    """
    from connectors.zalo.authorise import Authorisation

    settings = _zalo_settings()
    _need_public_url(settings)
    click.echo(Authorisation(settings).begin())


COMMANDS: Final = [channels, zalo]


def _with_tokens(work: Callable[[Tokens], Coroutine[Any, Any, T]]) -> T:
    from connectors.zalo.oauth import OAuthClient
    from connectors.zalo.tokens import Tokens, token_store

    settings = _zalo_settings()

    async def run() -> T:
        oauth = OAuthClient(settings)
        tokens = Tokens(settings, token_store(settings), oauth, _Printed())
        try:
            return await work(tokens)
        finally:
            await oauth.close()
            await tokens.close()

    return asyncio.run(run())


def _zalo_settings() -> ChannelSettings:
    settings = ChannelSettings()
    if not settings.zalo_on:
        raise click.ClickException("MOTCUA_ZALO_APP_ID is not set.")
    return settings


def _need_public_url(settings: ChannelSettings) -> None:
    if not settings.public_url:
        raise click.ClickException("MOTCUA_PUBLIC_URL is not set: the platform must reach us.")


def _suggest(name: str) -> click.ClickException:
    return click.ClickException(
        f"{name} is not set. Add this line to .env, start the program anew and try again:\n"
        f"{name}={secrets.token_urlsafe(32)}"
    )


def _moment(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone().isoformat(timespec="minutes")


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h left" if seconds > 0 else "over"
