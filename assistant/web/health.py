"""Whether the program lives, whether it is ready, and what it has counted."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text

from assistant.web.state import app_state

router = APIRouter(tags=["health"])


@router.get("/healthz", response_class=PlainTextResponse, summary="Whether the process lives")
async def healthz() -> str:
    """Answers as long as the process can answer at all."""
    return "ok"


@router.get("/readyz", summary="Whether questions can be answered")
async def readyz(request: Request) -> JSONResponse:
    """Answers 200 when the model is loaded and the database answers, else 503."""
    engine = app_state(request).engine
    checks = {"engine": engine is not None, "database": False}
    if engine is not None:
        try:
            with engine.database.connect() as connection:
                connection.execute(text("select 1"))
            checks["database"] = True
        except Exception as error:  # any driver's error means the same here
            return JSONResponse({**checks, "error": type(error).__name__}, 503)
    return JSONResponse(checks, 200 if all(checks.values()) else 503)


@router.get("/metrics", summary="Counters for Prometheus")
async def metrics(request: Request) -> Response:
    """Renders the counters."""
    return Response(app_state(request).metrics.render(), media_type=CONTENT_TYPE_LATEST)
