"""QR codes: what they say, and how they are drawn."""

from __future__ import annotations

import io
from enum import StrEnum
from xml.sax.saxutils import quoteattr

import segno

from connectors.telegram.links import deep_link

MODULES_OF_QUIET = 4
PNG_SCALE = 16
"""Pixels a module: a code of version 4 is 656 pixels wide, 2 cm at 830 dots an inch."""


class Target(StrEnum):
    """Where a code leads."""

    PAGE = "page"
    TELEGRAM = "telegram"
    ZALO = "zalo"


class TargetUnknownError(ValueError):
    """Raised when a code would lead nowhere; the message names the setting that is missing."""


def page_url(base: str, code: str = "") -> str:
    """The address of a procedure's page, or of the chat page."""
    return f"{base}/thu-tuc/{code}" if code else f"{base}/"


def address(
    target: Target, base: str, path: str, code: str = "", telegram: str = "", zalo: str = ""
) -> str:
    """Says what a code has to say.

    Args:
        target: Where it leads.
        base: Address of this server.
        path: Path of the page, for codes that lead to it.
        code: The procedure that the Telegram bot begins with; empty: it only begins.
        telegram: Name of the Telegram bot.
        zalo: Id of the Zalo Official Account.

    Raises:
        TargetUnknownError: When the address, bot or account that it leads to is not set.
    """
    match target:
        case Target.PAGE:
            if not base:
                raise TargetUnknownError("MOTCUA_PUBLIC_URL is not set")
            return f"{base}{path}"
        case Target.TELEGRAM:
            if not telegram:
                raise TargetUnknownError("MOTCUA_TELEGRAM_BOT is not set")
            bot = telegram.removeprefix("@")
            return deep_link(bot, code) if code else f"https://t.me/{bot}"
        case Target.ZALO:
            if not zalo:
                raise TargetUnknownError("MOTCUA_ZALO_OA_ID is not set")
            return f"https://zalo.me/{zalo}"


def svg(text: str, label: str = "") -> str:
    """Draws a code as one SVG element without any style, so that it scales and prints sharply.

    Args:
        text: What the code says.
        label: Its name for those who do not see it.
    """
    out = io.BytesIO()
    _code(text).save(
        out,
        kind="svg",
        border=MODULES_OF_QUIET,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
        nl=False,
        dark="#000",
        light="#fff",
    )
    named = f'<svg role="img" aria-label={quoteattr(label)} ' if label else "<svg "
    return out.getvalue().decode().replace("<svg ", named, 1)


def png(text: str, scale: int = PNG_SCALE) -> bytes:
    """Draws a code as a PNG picture in black and white.

    Args:
        text: What the code says.
        scale: Pixels a module.
    """
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=scale, border=MODULES_OF_QUIET)
    return out.getvalue()


def _code(text: str) -> segno.QRCode:
    """Makes a code with error correction M or better, as small as the text lets it be."""
    return segno.make_qr(text, error="m", boost_error=True)
