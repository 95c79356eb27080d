"""Names of anonymous conversations that nobody can guess or take over."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_BYTES = 18


class ConversationTokens:
    """Makes conversation tokens and tells ours from made-up ones."""

    def __init__(self, key: bytes) -> None:
        """Takes the key."""
        self._key = key

    def new(self, audience: str = "") -> str:
        """Makes a token.

        Args:
            audience: The website it is for; on another one it is not valid.
        """
        name = secrets.token_urlsafe(_BYTES)
        return f"{name}.{self._sign(name, audience)}"

    def valid(self, token: str, audience: str = "") -> bool:
        """Tells whether a token is one of ours and was made for this audience."""
        name, _, signature = token.partition(".")
        return bool(signature) and hmac.compare_digest(
            signature.encode(), self._sign(name, audience).encode()
        )

    def _sign(self, name: str, audience: str) -> str:
        signed = f"{name} {audience}" if audience else name
        return hmac.new(self._key, signed.encode(), hashlib.sha256).hexdigest()[:32]
