"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for its loss."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
TOLERANCE: Final = 1
"""Steps that a clock may be off, to either side."""

RECOVERY_CODES: Final = 10
ISSUER: Final = "Mot Cua"
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """Makes a secret of 160 bits, in base 32."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, username: str, office: str = "") -> str:
    """The address that an authenticator app reads from the QR code."""
    issuer = f"{ISSUER} {_ascii(office)}".strip()[:40].strip()
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Finds the time step that a code belongs to.

    The caller must refuse a step that is not later than the last one it accepted: a code works
    once (RFC 6238, section 5.2).

    Args:
        secret: In base 32.
        code: What was typed; spaces do not matter.
        now: The present time, with a zone.

    Returns:
        The number of the step, or None when the code is wrong.
    """
    typed = "".join(code.split())
    if not (len(typed) == 6 and typed.isascii() and typed.isdigit()):
        return None
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(current - TOLERANCE, current + TOLERANCE + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Makes codes that each stand in for the app once; shown once and kept hashed."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(code: str) -> str:
    """Hashes a recovery code; case, spaces and dashes do not matter.

    A fast hash is enough: a code is 49 bits of chance, not a word that somebody thought of.
    """
    bare = "".join(c for c in code.casefold() if c.isalnum())
    return hashlib.sha256(f"motcua-recovery {bare}".encode()).hexdigest()


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == " "))
