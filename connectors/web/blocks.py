"""Turns a reply into what the widget draws: plain data, never markup."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from connectors.message import (
    Block,
    Fact,
    Heading,
    ItemList,
    Link,
    Paragraph,
    Reply,
    Source,
)


class ChoiceObject(TypedDict):
    """Something to tap."""

    id: str
    title: str


class WidgetReply(TypedDict):
    """One reply, as the widget reads it.

    Attributes:
        kind: One of :class:`connectors.message.ReplyKind`.
        text: The whole reply as plain text, for copying and for screen readers.
        blocks: What to draw, in order; ``type`` tells which of ``connectors/web/widget.d.ts``.
        feedback: Handle to send back with a vote, or None.
    """

    kind: str
    text: str
    blocks: list[dict[str, Any]]
    choices: list[ChoiceObject]
    procedure: str | None
    feedback: str | None


def as_widget(reply: Reply) -> WidgetReply:
    """Turns a reply into the object that the widget draws."""
    drawn = [as_block(block) for block in reply.blocks]
    return {
        "kind": reply.kind.value,
        "text": reply.text,
        "blocks": [block for block in drawn if block is not None],
        "choices": [{"id": choice.id, "title": choice.title} for choice in reply.choices],
        "procedure": reply.procedure,
        "feedback": reply.feedback,
    }


def as_block(block: Block) -> dict[str, Any] | None:
    """Turns one block into data; None where nothing of it may be shown."""
    match block:
        case Paragraph(text=text, strong=strong):
            return {"type": "paragraph", "text": text, "strong": strong}
        case Heading(text=text):
            return {"type": "heading", "text": text}
        case ItemList(items=items, style=style, title=title):
            return {
                "type": "list",
                "style": style,
                "title": title,
                "items": [{"text": item.text, "detail": item.detail} for item in items],
            }
        case Fact(label=label, value=value, note=note):
            return {"type": "fact", "label": label, "value": value, "note": note}
        case Link(text=text, url=url):
            return {"type": "link", "text": text, "url": url} if is_web_address(url) else None
        case Source(text=text, links=links):
            return {
                "type": "source",
                "text": text,
                "links": [
                    {"text": link.text, "url": link.url}
                    for link in links
                    if is_web_address(link.url)
                ],
            }


def is_web_address(url: str) -> bool:
    """Tells whether a link may be shown: only http and https lead out."""
    return url.lower().startswith(("https://", "http://"))
