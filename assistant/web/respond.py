"""Sends text that caches may keep: entity tags, compression, lifetimes."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping

from fastapi import Request, Response

PUBLIC = "public, max-age=300, stale-while-revalidate=86400"
PRIVATE = "private, no-cache"
_WORTH_COMPRESSING = 1_000


def cacheable(
    request: Request,
    body: bytes,
    media_type: str,
    cache_control: str = PUBLIC,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answers with a body, or with 304 when the reader has it already.

    Args:
        request: The request; its ``If-None-Match`` and ``Accept-Encoding`` are honoured.
        body: The uncompressed body. It must hold no secret of a person, as it is compressed.
        media_type: With its character set.
        cache_control: How long it may be kept, and by whom.
        headers: More headers.
    """
    squeeze = len(body) >= _WORTH_COMPRESSING and "gzip" in request.headers.get(
        "accept-encoding", ""
    )
    digest = hashlib.sha256(body).hexdigest()[:20]
    tag = f'"{digest}-gz"' if squeeze else f'"{digest}"'
    shared = {
        **(headers or {}),
        "Cache-Control": cache_control,
        "ETag": tag,
        "Vary": "Accept-Encoding",
    }
    if _has(request.headers.get("if-none-match", ""), digest):
        return Response(status_code=304, headers=shared)
    if squeeze:
        body = gzip.compress(body, compresslevel=6, mtime=0)
        shared["Content-Encoding"] = "gzip"
    return Response(body, headers=shared, media_type=media_type)


def _has(header: str, digest: str) -> bool:
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")}
    return "*" in tags or digest in tags or f"{digest}-gz" in tags
