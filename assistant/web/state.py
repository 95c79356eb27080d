"""What the parts of the web application share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fastapi import Request

from assistant.settings import Settings
from assistant.web.metrics import Metrics
from assistant.web.tokens import ConversationTokens

if TYPE_CHECKING:
    from assistant.engine import Engine


@dataclass(slots=True)
class AppState:
    """The engine is None until it has loaded."""

    settings: Settings
    metrics: Metrics
    tokens: ConversationTokens
    engine: Engine | None = None


def app_state(request: Request) -> AppState:
    """The state of the application that serves a request."""
    return cast(AppState, request.app.state.motcua)
