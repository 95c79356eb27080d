"""The signature of Official Account webhooks: SHA-256 of a concatenation, not an HMAC."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

HEADER = "x-zevent-signature"


def signature(raw: bytes, timestamp: str, first_term: str, secret: str) -> str:
    """Computes a signature.

    Args:
        raw: The body, byte for byte.
        timestamp: The field of that name inside the body, as it is written there.
        first_term: The app id, or the account's id where the account is set up so.
        secret: The "OA Secret Key" of the console's webhook page.

    Returns:
        64 hexadecimal digits.
    """
    return hashlib.sha256(
        first_term.encode() + raw + timestamp.encode() + secret.encode()
    ).hexdigest()


def read_body(raw: bytes) -> dict[str, Any] | None:
    """Reads a body; None for what is no JSON object."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def verified(raw: bytes, header: str | None, first_term: str, secret: str) -> bool:
    """Tells whether a body bears a valid signature; always false without a secret."""
    body = read_body(raw)
    if not header or not secret or not first_term or body is None:
        return False
    timestamp = body.get("timestamp")
    if isinstance(timestamp, bool) or not isinstance(timestamp, str | int):
        return False
    got = header.strip().removeprefix("mac=").lower()
    want = signature(raw, str(timestamp), first_term, secret)
    return hmac.compare_digest(got.encode(), want.encode())
