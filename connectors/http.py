"""What an HTTP failure means for a message that was to be sent."""

from __future__ import annotations

from typing import Any

import httpx

from connectors.channel import SendError, Trouble

TIMEOUT = httpx.Timeout(15.0, connect=5.0)

_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


def client(base_url: str) -> httpx.AsyncClient:
    """A client for one platform; it follows no redirects, which no platform uses."""
    return httpx.AsyncClient(base_url=base_url.rstrip("/"), timeout=TIMEOUT)


def trouble_of(error: Exception) -> SendError:
    """Classifies a request that brought no answer.

    The text names only the kind of error: addresses may hold tokens.
    """
    kind = Trouble.UNSENT if isinstance(error, _NEVER_LEFT) else Trouble.UNCERTAIN
    return SendError(kind, type(error).__name__)


def envelope(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer.

    Raises:
        SendError: To be retried, when the answer is a server error or no JSON object.
    """
    if response.status_code >= 500:
        raise SendError(Trouble.RETRY, f"HTTP {response.status_code}")
    try:
        data = response.json()
    except ValueError:
        raise SendError(Trouble.RETRY, f"HTTP {response.status_code} without JSON") from None
    if not isinstance(data, dict):
        raise SendError(Trouble.RETRY, f"HTTP {response.status_code} with other JSON")
    return data
