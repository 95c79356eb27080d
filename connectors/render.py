"""From a channel-neutral reply to the messages of one channel."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from connectors.channel import Button, Capabilities, Outgoing, Unit
from connectors.message import (
    Block,
    Choice,
    Fact,
    Heading,
    Item,
    ItemList,
    Link,
    Paragraph,
    Reply,
    Source,
)
from connectors.split import Measure, html_length, plain_length, split
from connectors.styled import Styled, bold, italic, join, link, plain
from connectors.votes import invitation, vote_choices

CHOOSE_BY_NUMBER = "Bạn trả lời bằng số thứ tự:"
"""Heads a numbered list of choices."""

_LIST_MARKS = {"checklist": "☐ ", "bullets": "• "}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What to send for one reply.

    Attributes:
        messages: In the order in which they are sent.
        choices: The choices that they offer, in the order of their numbers.
    """

    messages: tuple[Outgoing, ...]
    choices: tuple[Choice, ...] = ()


def token_of(identifier: str) -> str:
    """A short name for a choice: 20 characters, the same for the same choice."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:20]


def render(reply: Reply, capabilities: Capabilities, data_of: Callable[[Choice], str]) -> Rendered:
    """Renders a reply within a channel's limits.

    Args:
        reply: The reply.
        capabilities: What the channel can do.
        data_of: Gives the data that a button carries.

    Returns:
        At least one message when the reply has anything to show. Buttons are on the last one; a
        channel without them, and choices that do not fit into buttons, become a numbered list.
        A vote has a row of its own, or room among the buttons; else it is asked for in words, and
        only where the reply invites it.
    """
    shown = tuple(choice for choice in reply.choices if choice.title.strip())
    buttons = tuple(Button(normal(choice.title), data_of(choice)) for choice in shown)
    as_buttons = _fit(buttons, capabilities)
    long_titles = any(len(b.title) > capabilities.button_title for b in buttons)
    if as_buttons and long_titles:
        if capabilities.titles_as_text:
            as_buttons = False
        else:
            buttons = tuple(Button(str(n), b.data) for n, b in enumerate(buttons, start=1))
    numbers_shown = bool(shown) and (not as_buttons or long_titles)
    parts = _split(_body(reply.blocks, capabilities.html), capabilities)
    if numbers_shown:
        parts = _append(parts, plain(numbered(shown)), capabilities)
    votes = tuple(Button(choice.title, data_of(choice)) for choice in vote_choices(reply))
    row: tuple[Button, ...] = ()
    if votes and capabilities.vote_row:
        row = votes
    elif votes and not numbers_shown and _fit((*buttons, *votes), capabilities):
        shown, buttons, as_buttons = (*shown, *vote_choices(reply)), (*buttons, *votes), True
    elif votes and reply.invite:
        line = invitation(len(shown), numbers_shown)
        parts = _append(parts, plain(line), capabilities)
        shown = (*shown, *vote_choices(reply))
    if not parts and buttons:
        parts = [plain(CHOOSE_BY_NUMBER)]
    messages = [_message(part, capabilities) for part in parts]
    if as_buttons and messages:
        last = messages[-1]
        fallback = "" if numbers_shown else numbered(shown)
        messages[-1] = Outgoing(last.text, last.html, buttons, fallback)
    if row and messages:
        messages[-1] = replace(messages[-1], votes=row)
    return Rendered(tuple(messages), shown)


def _message(part: Styled, capabilities: Capabilities) -> Outgoing:
    if capabilities.html and part.marks:
        return Outgoing(part.spelled_out(), part.html())
    return Outgoing(part.text)


def numbered(choices: Sequence[Choice]) -> str:
    """The choices as numbered lines below a line that says what the numbers are for."""
    lines = [f"{n}. {normal(choice.title)}" for n, choice in enumerate(choices, start=1)]
    return "\n".join([CHOOSE_BY_NUMBER, *lines])


def without_buttons(message: Outgoing, limit: int) -> list[Outgoing]:
    """The same message for a platform that refused its buttons: plain text, choices numbered."""
    whole = plain(message.text)
    if not message.numbered:
        return [Outgoing(part.text) for part in split(whole, limit)]
    capabilities = Capabilities(limit)
    parts = _append(split(whole, limit), plain(message.numbered), capabilities)
    return [Outgoing(part.text) for part in parts]


def normal(text: str) -> str:
    """Puts a text into Unicode form C, the form that the platforms count and show."""
    return unicodedata.normalize("NFC", text)


# --- blocks ----------------------------------------------------------------------------------


def _body(blocks: Sequence[Block], rich: bool) -> Styled:
    return join((part for part in (_block(b, rich) for b in blocks) if part.text), "\n\n")


def _block(block: Block, rich: bool) -> Styled:
    match block:
        case Paragraph(text=text, strong=strong):
            return bold(normal(text)) if strong else plain(normal(text))
        case Heading(text=text):
            return bold(normal(text))
        case Fact(label=label, value=value, note=note):
            line = plain(f"{normal(label)}: " if label else "") + bold(normal(value))
            return line + plain("\n") + italic(normal(note)) if note else line
        case Link():
            return _link(block, rich)
        case Source(text=text, links=links):
            lines = [italic(normal(text)), *(_link(one, rich) for one in links)]
            return join((line for line in lines if line.text), "\n")
        case ItemList(items=items, style=style, title=title):
            heads = [bold(normal(title))] if title else []
            lines = [_item(item, number, style) for number, item in enumerate(items, start=1)]
            return join([*heads, *lines], "\n")


def _item(item: Item, number: int, style: str) -> Styled:
    mark = f"{number}. " if style == "steps" else _LIST_MARKS.get(style, "• ")
    line = plain(mark + normal(item.text))
    return line + plain("\n   ") + italic(normal(item.detail)) if item.detail else line


def _link(one: Link, rich: bool) -> Styled:
    if rich:
        return link(normal(one.text) or one.url, one.url)
    return plain(f"{normal(one.text)}: {one.url}" if one.text else one.url)


# --- fitting ---------------------------------------------------------------------------------


def _fit(buttons: Sequence[Button], capabilities: Capabilities) -> bool:
    """All buttons or none: a shortened one would say or do something else."""
    return 0 < len(buttons) <= capabilities.buttons and all(
        b.data and len(b.data.encode()) <= capabilities.button_payload for b in buttons
    )


def _measure(capabilities: Capabilities) -> Measure:
    return html_length if capabilities.unit is Unit.HTML else plain_length


def _split(text: Styled, capabilities: Capabilities) -> list[Styled]:
    return split(text, capabilities.text_limit, _measure(capabilities))


def _append(parts: list[Styled], tail: Styled, capabilities: Capabilities) -> list[Styled]:
    """Puts a text below the last part where it fits whole, else into parts of its own."""
    if parts:
        joined = parts[-1] + plain("\n\n") + tail
        if _measure(capabilities)(joined) <= capabilities.text_limit:
            return [*parts[:-1], joined]
    return [*parts, *_split(tail, capabilities)]
