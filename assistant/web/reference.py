"""The API reference: Swagger UI from this server, with nothing loaded from elsewhere.

It works under the content policy of every page: no script and no style within the page.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import APIRouter, HTTPException, Request, Response

from assistant.web.pages.templates import environment
from assistant.web.respond import cacheable

PATH: Final = "/api/docs"
FILES: Final = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}
LIFETIME: Final = "public, max-age=86400"
_PACKAGE: Final = "fastapi_offline"
_START: Final = """SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  validatorUrl: null,
});
"""

router = APIRouter(prefix=PATH, include_in_schema=False)


@router.get("")
def reference(request: Request) -> Response:
    """Shows the page; what it says comes from ``/api/openapi.json``."""
    body = environment().get_template("reference.html").render(path=PATH).encode()
    return cacheable(request, body, "text/html; charset=utf-8", LIFETIME)


@router.get("/start.js")
def start(request: Request) -> Response:
    """Serves the lines that start Swagger UI."""
    return cacheable(request, _START.encode(), FILES["swagger-ui-bundle.js"], LIFETIME)


@router.get("/{name}")
def file(request: Request, name: str) -> Response:
    """Serves a file of Swagger UI."""
    if name not in FILES:
        raise HTTPException(404)
    return cacheable(request, _read(name), FILES[name], LIFETIME)


@lru_cache(maxsize=len(FILES))
def _read(name: str) -> bytes:
    """Reads a file of the package that carries Swagger UI, without importing it."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise HTTPException(503, f"{_PACKAGE} is not installed; run `make install`.")
    return (Path(spec.submodule_search_locations[0]) / "static" / name).read_bytes()
