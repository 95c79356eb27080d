"""The addresses that platforms deliver to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from connectors.channel import Accept, Channel, ForgedError

logger = logging.getLogger(__name__)

BODY_LIMIT: Final = 1 << 20
SECONDS: Final = 1.8
"""Zalo waits two seconds; a delivery that is not safe by then is better sent again."""


def webhook_router(channels: Mapping[str, Channel], accept: Accept) -> APIRouter:
    """Makes ``/webhooks/<channel>`` for each channel.

    A delivery is verified, stored and acknowledged; it is answered later. What cannot be verified
    is dropped, on Zalo with a 200 as well: it tests an address with an unsigned request and takes
    nothing else.
    """
    router = APIRouter(prefix="/webhooks", tags=["channels"], include_in_schema=False)
    for name, channel in channels.items():
        _add(router, name, channel, accept)
    return router


def _add(router: APIRouter, name: str, channel: Channel, accept: Accept) -> None:
    @router.get(f"/{name}", response_class=PlainTextResponse)
    async def look() -> str:
        return "ok"

    @router.post(f"/{name}")
    async def receive(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            logger.warning("A delivery for %s was too long and was dropped", name)
            return JSONResponse({"processed": False})
        try:
            events = channel.parse(request.headers, body)
        except ForgedError as error:
            logger.warning("A delivery for %s was dropped: %s", name, error)
            return JSONResponse({"processed": False}, channel.refusal_status)
        if events:
            try:
                await asyncio.wait_for(asyncio.shield(accept(name, events)), SECONDS)
            except Exception:
                logger.exception("A delivery for %s could not be stored", name)
                return JSONResponse({"processed": False}, 503)
        return JSONResponse({"processed": True})


async def _read(request: Request) -> bytes | None:
    """Reads a body up to the limit; None for a longer one."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)
