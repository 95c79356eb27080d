"""The ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from assistant.engine import Engine
from assistant.keys import secret_key
from assistant.settings import Settings
from assistant.staff.app import install as install_staff
from assistant.web import api, chat, health, qr_routes, reference, widget
from assistant.web.channels import Channels
from assistant.web.metrics import Metrics
from assistant.web.pages import opinions
from assistant.web.pages import routes as pages
from assistant.web.releases import CurrentEngine, ReleaseKeeper
from assistant.web.security import SecurityHeaders
from assistant.web.state import AppState
from assistant.web.tokens import ConversationTokens
from connectors.web.origins import Origins, WidgetOrigins

logger = logging.getLogger(__name__)

STATIC = Path(__file__).with_name("static")
CLEAN_UP_SECONDS = 3600.0
GATHER_SECONDS = 60.0


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """Makes the application.

    Args:
        settings: The settings.
        engine: One that is loaded already; None: it is loaded at start.

    Returns:
        An application that loads and releases everything in its lifespan.
    """
    key = secret_key(settings.secret.get_secret_value(), settings.data_dir)
    state = AppState(settings, Metrics(), ConversationTokens(key), engine)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if state.engine is None:
            state.engine = Engine.load(settings)
        state.metrics.procedures.set(len(state.engine.knowledge.catalogue))
        keepers = [
            asyncio.create_task(_clean_up(state)),
            asyncio.create_task(_gather(state)),
            asyncio.create_task(ReleaseKeeper(state).run()),
        ]
        channels = Channels(settings, state.engine.database, CurrentEngine(state))
        channels.mount(app)
        await channels.start()
        yield
        await channels.stop()
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)

    app = FastAPI(
        title="Một Cửa",
        summary="Answers questions about Vietnamese administrative procedures",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.motcua = state
    app.state.widget = widget.make_service(state)
    origins = Origins(settings.allowed_origins, settings.public_url)
    app.add_middleware(WidgetOrigins, origins=origins)
    app.add_middleware(SecurityHeaders)
    app.include_router(api.router)
    app.include_router(reference.router)
    app.include_router(health.router)
    app.include_router(widget.api_router)
    app.include_router(widget.router)
    app.include_router(chat.router)
    app.include_router(pages.router)
    app.include_router(opinions.router)
    app.include_router(qr_routes.router)
    install_staff(app, key)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


async def _clean_up(state: AppState) -> None:
    """Deletes what has expired, once at start and then every hour."""
    while True:
        try:
            if state.engine is not None:
                await asyncio.to_thread(state.engine.clean_up)
        except Exception:
            logger.exception("Cleaning up failed; it is tried again in an hour")
        await asyncio.sleep(CLEAN_UP_SECONDS)


async def _gather(state: AppState) -> None:
    """Puts questions without a good answer into the review queue every minute, on a thread."""
    while True:
        await asyncio.sleep(GATHER_SECONDS)
        try:
            if state.engine is not None:
                await asyncio.to_thread(state.engine.gather)
        except Exception:
            logger.exception("Gathering unanswered questions failed; it is tried again")
