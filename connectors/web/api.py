"""The widget's side of the HTTP API: replies as blocks, bound to one conversation and one site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from connectors.message import Answerer, Inbound, InboundKind, Reply
from connectors.web.blocks import ChoiceObject, WidgetReply, as_widget
from connectors.web.origins import PREFIX
from connectors.web.replay import Replay

CHANNEL = "web"
MAX_BODY_TEXT = 20_000
_TOKEN = r"^[A-Za-z0-9._-]*$"  # noqa: S105 - a pattern, not a password
Token = Annotated[str, Field(max_length=120, pattern=_TOKEN)]


class Tokens(Protocol):
    """Makes conversation tokens that nobody can guess, each for the site that asked for it."""

    def new(self, audience: str = "") -> str:
        """Makes a token."""
        ...

    def valid(self, token: str, audience: str = "") -> bool:
        """Tells whether a token is one of ours and was made for this site."""
        ...


class WidgetMessageIn(BaseModel):
    """A citizen's message from the widget."""

    model_config = ConfigDict(extra="ignore")

    conversation: Token = Field(
        default="", description="The token of the conversation. Empty: a new one is begun."
    )
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")] | None = Field(
        default=None,
        description="A random name of this message. A repeated one is answered only once.",
    )
    text: Annotated[str, Field(max_length=MAX_BODY_TEXT)] = ""
    choice: Annotated[str, Field(max_length=200)] | None = None


class WidgetMessagesOut(BaseModel):
    """The replies to a message, and the token to go on with."""

    conversation: str
    replies: list[WidgetReply]


class ForgetIn(BaseModel):
    """A conversation to delete."""

    conversation: Token


class FeedbackIn(BaseModel):
    """A vote on an answer, from its two small buttons."""

    conversation: Token
    feedback: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    useful: bool


class Suggestion(BaseModel):
    """Something to tap before anything was asked; without ``choice`` the title is the question."""

    title: str
    choice: str | None = None


class WidgetConfig(BaseModel):
    """What the widget has to know before the first message."""

    max_length: int
    expiry_hours: float
    about: ChoiceObject | None = None
    suggestions: list[Suggestion] = Field(default_factory=list)


@dataclass(slots=True)
class WidgetService:
    """What the widget's API needs of the program.

    Attributes:
        answerer: Returns the engine, or None as long as it loads.
        configure: Makes the configuration; its argument is a procedure code or empty.
        record: Counts replies.
        vote: Takes down a vote of a conversation on the answer with a handle; tells whether the
            conversation got that answer.
    """

    answerer: Callable[[], Answerer | None]
    tokens: Tokens
    configure: Callable[[str], WidgetConfig]
    record: Callable[[str, Sequence[Reply]], None]
    vote: Callable[[str, str, bool], bool]
    replay: Replay[WidgetMessagesOut] = field(default_factory=Replay)

    def engine(self) -> Answerer:
        """Returns the engine, or answers 503."""
        engine = self.answerer()
        if engine is None:
            raise HTTPException(503, "The assistant is starting.", {"Retry-After": "2"})
        return engine

    def conversation(self, token: str, site: str) -> str:
        """Checks a token; one of another site, or not of ours, is gone."""
        if token and not self.tokens.valid(token, site):
            raise HTTPException(410, "This conversation is not known here.")
        return token or self.tokens.new(site)


def widget_router(service_of: Callable[[Request], WidgetService]) -> APIRouter:
    """Makes the routes below ``/api/v1/widget``.

    Args:
        service_of: Returns the service of the application that serves a request.
    """
    router = APIRouter(prefix=PREFIX, tags=["widget"])

    @router.get("/config", summary="What the widget has to know before the first message")
    async def config(
        request: Request,
        response: Response,
        procedure: Annotated[str, Field(max_length=40)] = "",
    ) -> WidgetConfig:
        response.headers["Cache-Control"] = "public, max-age=300"
        return service_of(request).configure(procedure)

    @router.post("/messages", summary="Send a message and get the replies as blocks")
    async def messages(
        message: WidgetMessageIn, request: Request, response: Response
    ) -> WidgetMessagesOut:
        response.headers["Cache-Control"] = "no-store"
        service = service_of(request)
        site = request.headers.get("origin", "")
        if message.conversation:
            service.conversation(message.conversation, site)
        key = f"{site} {message.conversation} {message.id}" if message.id else ""
        return await service.replay.once(key, _answering(service, message, site))

    @router.post("/feedback", status_code=204, summary="Vote on an answer")
    def feedback(given: FeedbackIn, request: Request) -> None:
        service = service_of(request)
        if not given.conversation:
            raise HTTPException(410, "This conversation is not known here.")
        conversation = service.conversation(given.conversation, request.headers.get("origin", ""))
        service.engine()
        if not service.vote(conversation, given.feedback, given.useful):
            raise HTTPException(404, "This conversation got no such answer.")

    @router.post("/forget", status_code=204, summary="Delete what is stored of a conversation")
    async def forget(message: ForgetIn, request: Request) -> None:
        service = service_of(request)
        site = request.headers.get("origin", "")
        if not message.conversation:
            raise HTTPException(410, "This conversation is not known here.")
        conversation = service.conversation(message.conversation, site)
        await service.engine().forget(CHANNEL, conversation)
        service.replay.forget(conversation)

    return router


def _answering(
    service: WidgetService, message: WidgetMessageIn, site: str
) -> Callable[[], Awaitable[WidgetMessagesOut]]:
    async def work() -> WidgetMessagesOut:
        engine = service.engine()
        conversation = service.conversation(message.conversation, site)
        choice: dict[str, Any] = (
            {"choice": message.choice, "kind": InboundKind.CHOICE} if message.choice else {}
        )
        replies = await engine.answer(
            Inbound(
                channel=CHANNEL,
                conversation=conversation,
                text=message.text,
                message_id=message.id or "",
                **choice,
            )
        )
        service.record(CHANNEL, replies)
        return WidgetMessagesOut(
            conversation=conversation, replies=[as_widget(reply) for reply in replies]
        )

    return work
