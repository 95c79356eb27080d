"""The secret of this installation, from which every key is made."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(configured: str, data_dir: Path) -> bytes:
    """Returns the secret; makes and keeps one where none was set.

    Args:
        configured: ``MOTCUA_SECRET``, or empty.
        data_dir: Where a secret that we make is kept, readable by its owner alone.
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
