"""The HTTP API: one message in, replies out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.replies.contract import ReplyObject, as_contract
from assistant.web.state import app_state
from connectors.message import Inbound, InboundKind

router = APIRouter(prefix="/api/v1", tags=["messages"])

MAX_BODY_TEXT = 20_000


class MessageIn(BaseModel):
    """A citizen's message."""

    model_config = ConfigDict(extra="ignore")

    conversation: Annotated[str, Field(max_length=120)] = Field(
        default="",
        description="Names the conversation. Empty: a new one is begun and its name returned.",
        pattern=r"^[A-Za-z0-9._:-]*$",
    )
    text: Annotated[str, Field(max_length=MAX_BODY_TEXT)] = Field(
        default="", description="What the citizen typed."
    )
    choice: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="The id of a choice that was tapped."
    )


class MessagesOut(BaseModel):
    """The replies to a message."""

    conversation: str
    replies: list[ReplyObject]


@router.post("/messages", summary="Send a message and get the replies")
async def post_message(message: MessageIn, request: Request) -> MessagesOut:
    """Answers one message of a conversation."""
    state = app_state(request)
    if state.engine is None:
        raise HTTPException(503, "The assistant is starting.")
    conversation = message.conversation or state.tokens.new()
    inbound = Inbound(
        channel="api",
        conversation=conversation,
        text=message.text,
        choice=message.choice or None,
        kind=InboundKind.CHOICE if message.choice else InboundKind.TEXT,
    )
    replies = await state.engine.answer(inbound)
    state.metrics.record("api", replies)
    return MessagesOut(conversation=conversation, replies=[as_contract(reply) for reply in replies])


@router.delete("/conversations/{conversation}", status_code=204, summary="Forget a conversation")
async def delete_conversation(conversation: str, request: Request) -> None:
    """Deletes everything stored of one conversation."""
    state = app_state(request)
    if state.engine is None:
        raise HTTPException(503, "The assistant is starting.")
    await state.engine.forget("api", conversation)
