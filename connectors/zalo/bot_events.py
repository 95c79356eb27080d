"""From an update of the Zalo Bot Platform to what the delivery takes."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from connectors.channel import Event, EventKind
from connectors.message import Inbound, InboundKind

logger = logging.getLogger(__name__)

CHANNEL: Final = "zalo-bot"

_KINDS: Final = {
    "message.text.received": InboundKind.TEXT,
    "message.image.received": InboundKind.IMAGE,
    "message.sticker.received": InboundKind.STICKER,
    "message.voice.received": InboundKind.AUDIO,
    "message.link.received": InboundKind.LINK,
    "message.unsupported.received": InboundKind.UNSUPPORTED,
}
"""Protected people's messages come as "unsupported", without their words; see the reference."""


def events_of(update: Mapping[str, Any]) -> list[Event]:
    """Reads an update, wrapped in ``result`` or bare; empty where there is nobody to answer."""
    wrapped = update.get("result")
    if isinstance(wrapped, dict):
        update = wrapped
    name, message = update.get("event_name"), update.get("message")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        logger.info("An event that is not known was left alone: %.60s", name)
        return []
    if not isinstance(message, dict):
        logger.warning("An event %s names no chat to answer in", name)
        return []
    chat, sender = _object(message.get("chat")), _object(message.get("from"))
    conversation = str(chat.get("id") or sender.get("id") or "")
    if not conversation or chat.get("chat_type", "PRIVATE") != "PRIVATE" or sender.get("is_bot"):
        return []
    text = message.get("text") or message.get("caption") or ""
    text = text if isinstance(text, str) else ""
    if kind is InboundKind.TEXT and not text.strip():
        kind = InboundKind.UNSUPPORTED
    date = message.get("date")
    stamp = date if isinstance(date, int) and not isinstance(date, bool) else None
    identifier = str(message.get("message_id") or "")
    inbound = Inbound(
        CHANNEL,
        conversation,
        text,
        kind=kind,
        message_id=identifier,
        sent_at=datetime.fromtimestamp(stamp / 1000, UTC) if stamp and stamp < 10**14 else None,
    )
    about = hashlib.sha256(f"{conversation}:{stamp}".encode()).hexdigest()[:32]
    key = f"{name}:{identifier or about}"
    return [Event(EventKind.MESSAGE, key, conversation, stamp, inbound)]


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
