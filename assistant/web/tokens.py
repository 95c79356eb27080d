"""Names of anonymous conversations that nobody can guess or take over."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

_BYTES = 18


def secret_key(configured: str, data_dir: Path) -> bytes:
    """Returns the key that binds tokens; makes and keeps one where none was set.

    Args:
        configured: ``MOTCUA_SECRET``, or empty.
        data_dir: Where a key that we make is kept, readable by its owner alone.
    """
    if configured:
        return configured.encode()
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


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
