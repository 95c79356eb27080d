"""From an event of the Official Account to what the delivery takes."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from connectors.channel import Event, EventKind
from connectors.message import Inbound, InboundKind

logger = logging.getLogger(__name__)

CHANNEL: Final = "zalo"

_KINDS: Final = {
    "user_send_image": InboundKind.IMAGE,
    "user_send_gif": InboundKind.IMAGE,
    "user_send_link": InboundKind.LINK,
    "user_send_audio": InboundKind.AUDIO,
    "user_send_video": InboundKind.VIDEO,
    "user_send_sticker": InboundKind.STICKER,
    "user_send_location": InboundKind.LOCATION,
    "user_send_file": InboundKind.FILE,
    "user_send_business_card": InboundKind.CONTACT,
}

_BY_ACCOUNT: Final = frozenset(
    f"oa_send_{what}" for what in ("text", "image", "file", "sticker", "gif", "list", "template")
)
"""Messages of the account; with an ``admin_id`` a member of staff wrote them."""

IGNORED: Final = frozenset(
    {
        # receipts and reactions; receipts have sender and recipient the other way round
        "user_seen_message", "user_received_message", "user_reacted_message", "oa_reacted_message",
        # visitors who are not logged in: only the old message interface reaches them
        "anonymous_send_text", "anonymous_send_image", "anonymous_send_file",
        "anonymous_send_sticker", "oa_send_anonymous_text", "oa_send_anonymous_image",
        "oa_send_anonymous_file", "oa_send_anonymous_sticker",
        # personal data that was not asked for
        "user_submit_info", "update_user_info",
        # tags, widgets, consent, calls and shop matters of the account
        "add_user_to_tag", "remove_user_from_tag", "remove_tag", "widget_interaction_accepted",
        "widget_failed_to_sync_user_external_id", "oa_send_consent", "user_reply_consent",
        "user_call_oa", "oa_call_user", "extension_purchased", "change_template_status",
        "change_template_quality", "change_oa_daily_quota", "change_oa_template_tags",
        "user_feedback", "user_click_response_button",
        # groups
        "create_group", "delete_group", "update_group_info", "add_group_admin",
        "remove_group_admin", "user_join_group", "user_leave_group", "user_request_join_group",
        "react_request_join_group_accept", "react_request_join_group_reject",
    }
)  # fmt: skip
"""Names that are known and left alone on purpose."""

_IGNORED_BEGINNINGS: Final = ("user_send_group_", "oa_send_group_", "event_journey_")


def events_of(body: Mapping[str, Any]) -> list[Event]:
    """Reads a verified event; empty where there is nothing to do."""
    name = body.get("event_name")
    if not isinstance(name, str):
        return []
    reader = _READERS.get(name)
    if name in _BY_ACCOUNT and not _staff(body):
        return []  # our own messages come back too
    if reader is None:
        if name not in IGNORED and not name.startswith(_IGNORED_BEGINNINGS):
            logger.info("An event that is not known was left alone: %.60s", name)
        return []
    event = reader(name, body)
    if event is None:
        logger.warning("An event %s lacks what it needs", name)
        return []
    return [event]


def _said(name: str, body: Mapping[str, Any]) -> Event | None:
    user, message = _id(body, "sender"), _object(body, "message")
    identifier = _text(message.get("msg_id"))
    if not user or not identifier:
        return None
    text = _text(message.get("text"))
    kind = _KINDS.get(name, InboundKind.TEXT)
    if kind is InboundKind.TEXT and not text.strip():
        kind = InboundKind.UNSUPPORTED  # the platform may hide the words of protected people
    latitude, longitude = _place(body, message) if kind is InboundKind.LOCATION else (None, None)
    inbound = Inbound(
        CHANNEL,
        user,
        text,
        kind=kind,
        message_id=identifier,
        sent_at=_time(body),
        latitude=latitude,
        longitude=longitude,
    )
    return Event(EventKind.MESSAGE, f"msg:{identifier}", user, _stamp(body), inbound)


def _came(name: str, body: Mapping[str, Any]) -> Event | None:
    user = _subject(body)
    if not user:
        return None
    key = _management_key(name, user, body)
    inbound = Inbound(CHANNEL, user, kind=InboundKind.START, message_id=key, sent_at=_time(body))
    return Event(EventKind.MESSAGE, key, user, _stamp(body), inbound)


def _went(name: str, body: Mapping[str, Any]) -> Event | None:
    user = _subject(body)
    key = _management_key(name, user, body)
    return Event(EventKind.FORGET, key, user, _stamp(body)) if user else None


def _from_account(name: str, body: Mapping[str, Any]) -> Event | None:
    user, message = _id(body, "recipient"), _object(body, "message")
    if not user:
        return None
    identifier = _text(message.get("msg_id"))
    key = f"staff:{identifier}" if identifier else _management_key(name, user, body)
    return Event(EventKind.TAKEOVER, key, user, _stamp(body))


def _staff(body: Mapping[str, Any]) -> str:
    sources = (body, _object(body, "sender"), _object(body, "message"))
    return next((_text(s.get("admin_id")) for s in sources if s.get("admin_id")), "")


_Reader = Callable[[str, Mapping[str, Any]], Event | None]
_READERS: Final[dict[str, _Reader]] = {
    "user_send_text": _said,
    **dict.fromkeys(_KINDS, _said),
    "follow": _came,
    "user_click_chatnow": _came,
    "unfollow": _went,
    "user_withdraw": _went,
    **dict.fromkeys(_BY_ACCOUNT, _from_account),
}


def _subject(body: Mapping[str, Any]) -> str:
    """Whom a management event is about; each of them says it in its own place."""
    return (
        _id(body, "follower")
        or _text(body.get("user_id"))
        or _id(body, "user")
        or _id(body, "sender")
    )


def _management_key(name: str, user: str, body: Mapping[str, Any]) -> str:
    """Names an event by a fingerprint: the key outlives the citizen's data."""
    about = f"{name}:{user}:{_text(body.get('timestamp'))}"
    return f"{name}:{hashlib.sha256(about.encode()).hexdigest()[:32]}"


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _id(body: Mapping[str, Any], name: str) -> str:
    return _text(_object(body, name).get("id"))


def _text(value: object) -> str:
    """A field as text; ids are strings on the wire, a number is read all the same."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def _stamp(body: Mapping[str, Any]) -> int | None:
    """The event's time in the platform's own count, for ordering only."""
    text = _text(body.get("timestamp"))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _time(body: Mapping[str, Any]) -> datetime | None:
    stamp = _stamp(body)
    if stamp is None or stamp >= 10**14:
        return None
    return datetime.fromtimestamp(stamp / 1000, UTC)


def _place(
    body: Mapping[str, Any], message: Mapping[str, Any]
) -> tuple[float | None, float | None]:
    """The coordinates of a shared location; they are strings on the wire."""
    attachments = message.get("attachments") or body.get("attachments") or []
    places = [a.get("payload") for a in attachments if isinstance(a, dict)]
    for place in [*places, message.get("location")]:
        if not isinstance(place, dict):
            continue
        coordinates = place.get("coordinates")
        coordinates = coordinates if isinstance(coordinates, dict) else place
        try:
            return float(coordinates["latitude"]), float(coordinates["longitude"])
        except (KeyError, TypeError, ValueError):
            continue
    return None, None
