"""The HTTP API: one message in, replies out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.feedback.values import Reason
from assistant.privacy import mask
from assistant.replies.contract import ReplyObject, as_contract
from assistant.text import clean
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
    feedback: list[str | None] = Field(
        description="For each reply the handle to vote on it with, or null."
    )


class FeedbackIn(BaseModel):
    """A vote on a reply."""

    model_config = ConfigDict(extra="ignore")

    conversation: Annotated[str, Field(min_length=1, max_length=120)]
    feedback: Annotated[str, Field(min_length=1, max_length=40)] = Field(
        description="The handle that came with the reply."
    )
    useful: bool = Field(description="Whether the reply was of use; a later vote replaces it.")
    reason: Reason | None = Field(default=None, description="Why it was not.")
    comment: Annotated[str, Field(max_length=2_000)] = Field(
        default="", description="More about it; personal numbers are masked."
    )


class FeedbackOut(BaseModel):
    """A vote as it stands."""

    useful: bool
    code: str | None = Field(description="The code to look up what became of it, if any.")


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
    return MessagesOut(
        conversation=conversation,
        replies=[as_contract(reply) for reply in replies],
        feedback=[reply.feedback for reply in replies],
    )


@router.post("/feedback", summary="Vote on a reply")
def post_feedback(given: FeedbackIn, request: Request) -> FeedbackOut:
    """Takes down a vote of the conversation that got the reply."""
    state = app_state(request)
    if state.engine is None:
        raise HTTPException(503, "The assistant is starting.")
    reason = given.reason.value if given.reason is not None and not given.useful else ""
    comment = "" if given.useful else mask(clean(given.comment)).text
    vote = state.engine.feedback.vote(
        f"api:{given.conversation}", given.feedback, given.useful, reason, comment
    )
    if vote is None:
        raise HTTPException(404, "This conversation got no such reply.")
    return FeedbackOut(useful=vote.useful, code=vote.item.code if vote.item else None)


@router.delete("/conversations/{conversation}", status_code=204, summary="Forget a conversation")
async def delete_conversation(conversation: str, request: Request) -> None:
    """Deletes everything stored of one conversation."""
    state = app_state(request)
    if state.engine is None:
        raise HTTPException(503, "The assistant is starting.")
    await state.engine.forget("api", conversation)
