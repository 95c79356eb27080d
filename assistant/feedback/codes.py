"""Tracking codes: short enough for the telephone, too many to be guessed."""

from __future__ import annotations

import re
import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""

LENGTH: Final = 8
_MISREAD: Final = str.maketrans("ILO", "110")
_GAP = r"[\s.\-–—_]{0,3}"
_WRITTEN = re.compile(rf"(?<!\w)mc{_GAP}((?:[0-9a-z]{_GAP}){{8}})(?!\w)", re.IGNORECASE)


def new_code() -> str:
    """Makes a code such as ``MC-7Q4K-92XD``.

    A code holds a letter and a digit: so neither a word nor a number is ever taken for one.
    """
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not body.isdigit() and not body.isalpha():
            return _shown(body)


def read_code(text: str) -> str | None:
    """Reads a code that somebody typed: by itself, or within a message.

    Letters of any case, with or without dashes; I and L count as 1 and O as 0.

    Returns:
        The code as :func:`new_code` writes it, or None where the text holds none.
    """
    for match in _WRITTEN.finditer(text):
        body = re.sub(r"[^0-9A-Za-z]", "", match.group(1)).upper()
        if not any(c.isdigit() for c in body):
            continue
        body = body.translate(_MISREAD)
        if all(c in ALPHABET for c in body) and not body.isdigit():
            return _shown(body)
    return None


def _shown(body: str) -> str:
    return f"MC-{body[:4]}-{body[4:]}"
