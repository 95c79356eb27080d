"""From an update of the Bot API to what the delivery takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import (
    CallbackQuery,
    Message,
    MessageEntity,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType

from connectors.channel import Event, EventKind
from connectors.message import Inbound, InboundKind
from connectors.telegram.links import code_of

CHANNEL = "telegram"
DIRECT, TOKEN = "c:", "t:"
"""What a button's data begins with: the id of a choice itself, or a short token for it."""

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_KINDS = (
    ("location", InboundKind.LOCATION),
    ("venue", InboundKind.LOCATION),
    ("contact", InboundKind.CONTACT),
    ("sticker", InboundKind.STICKER),
    ("photo", InboundKind.IMAGE),
    ("voice", InboundKind.AUDIO),
    ("audio", InboundKind.AUDIO),
    ("video", InboundKind.VIDEO),
    ("video_note", InboundKind.VIDEO),
    ("animation", InboundKind.VIDEO),
    ("document", InboundKind.FILE),
    ("poll", InboundKind.UNSUPPORTED),
    ("dice", InboundKind.UNSUPPORTED),
    ("game", InboundKind.UNSUPPORTED),
    ("story", InboundKind.UNSUPPORTED),
    ("paid_media", InboundKind.UNSUPPORTED),
    ("invoice", InboundKind.UNSUPPORTED),
    ("checklist", InboundKind.UNSUPPORTED),
)
"""Which attribute of a message makes it which kind; anything else is a notice of the platform."""

_GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP}


@dataclass(frozen=True, slots=True)
class Bot:
    """Who the bot is, for telling whether a group speaks to it."""

    id: int = 0
    username: str = ""


def events_of(update: Update, bot: Bot) -> list[Event]:
    """Reads an update; empty where there is nothing to answer."""
    inbound: Inbound | None = None
    if update.callback_query is not None:
        inbound = _tapped(update.callback_query)
    elif update.message is not None:
        inbound = _said(update.message, bot)
    elif update.edited_message is not None and update.edited_message.text:
        inbound = _said(update.edited_message, bot)  # a corrected question is asked anew
    elif update.my_chat_member is not None:
        return _left(update)
    if inbound is None:
        return []
    key = f"update:{update.update_id}"
    return [Event(EventKind.MESSAGE, key, inbound.conversation, update.update_id, inbound)]


def chat_of(conversation: str) -> int:
    """The chat that answers of a conversation go to."""
    return int(conversation.partition(":")[0])


def _left(update: Update) -> list[Event]:
    member = update.my_chat_member
    if member is None or member.new_chat_member.status not in {
        ChatMemberStatus.BANNED,
        ChatMemberStatus.LEFT,
    }:
        return []
    return [
        Event(EventKind.FORGET, f"update:{update.update_id}", str(member.chat.id), update.update_id)
    ]


def _said(message: Message, bot: Bot) -> Inbound | None:
    sender = message.from_user
    if sender is None or sender.is_bot:
        return None
    conversation = str(message.chat.id)
    text = message.text or message.caption or ""
    if message.chat.type in _GROUPS:
        if not _addressed(message, bot):
            return None
        conversation = f"{message.chat.id}:{sender.id}"
        text = _without_mention(text, bot)
    elif message.chat.type != ChatType.PRIVATE:
        return None
    inbound = Inbound(
        CHANNEL, conversation, text, message_id=str(message.message_id), sent_at=message.date
    )
    if message.text is not None:
        return _command(inbound, message)
    for attribute, kind in _KINDS:
        if getattr(message, attribute, None):
            place = message.location or (message.venue.location if message.venue else None)
            return replace(
                inbound,
                kind=kind,
                latitude=place.latitude if place else None,
                longitude=place.longitude if place else None,
            )
    return None


def _command(inbound: Inbound, message: Message) -> Inbound:
    """Turns ``/start`` into a beginning; other commands are the assistant's own words."""
    first = next(iter(message.entities), None)
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return inbound
    name = inbound.text.split()[0].partition("@")[0].lower()
    rest = inbound.text.split()[1:]
    if name != "/start":
        return replace(inbound, text=" ".join([name, *rest]))
    code = code_of(rest[0]) if rest else None
    return replace(inbound, kind=InboundKind.START, text=code or "")


def _tapped(query: CallbackQuery) -> Inbound | None:
    data = query.data or ""
    if data.startswith((DIRECT, TOKEN)):
        choice = data[len(DIRECT) :]
    else:
        return None
    message, title = query.message, ""
    conversation = str(query.from_user.id)
    if message is not None:
        conversation = str(message.chat.id)
        if message.chat.type in _GROUPS:
            conversation = f"{message.chat.id}:{query.from_user.id}"
    if isinstance(message, Message):
        markup = message.reply_markup
        rows = markup.inline_keyboard if markup else ()
        titles = [b.text for row in rows for b in row if b.callback_data == data]
        title = titles[0] if titles and not titles[0].isdigit() else ""
    return Inbound(
        CHANNEL,
        conversation,
        title,
        choice=choice,
        kind=InboundKind.CHOICE,
        message_id=f"callback:{query.id}",
    )


def _addressed(message: Message, bot: Bot) -> bool:
    """Whether a message in a group speaks to the bot: by name, by command or as a reply to it."""
    reply = message.reply_to_message
    if reply is not None and reply.from_user is not None and reply.from_user.id == bot.id:
        return True
    if not bot.username:
        return False
    name = f"@{bot.username}".lower()
    found = {
        **message.parse_entities([MessageEntity.MENTION, MessageEntity.BOT_COMMAND]),
        **message.parse_caption_entities([MessageEntity.MENTION]),
    }
    return any(
        words.lower() == name
        if entity.type == MessageEntity.MENTION
        else words.lower().endswith(name)
        for entity, words in found.items()
    )


def _without_mention(text: str, bot: Bot) -> str:
    words = text.split()
    return " ".join(w for w in words if w.lower() != f"@{bot.username}".lower())
