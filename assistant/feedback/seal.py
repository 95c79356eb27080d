"""Encrypts the little that has to be stored and must not be read: contacts, second factors."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"motcua sealed columns"


class SealBrokenError(ValueError):
    """Raised when a value was not sealed with this installation's secret, or was changed."""


class Seal:
    """Seals texts with a key made of the installation's secret (:mod:`assistant.keys`)."""

    def __init__(self, secret: bytes) -> None:
        """Takes the secret, of any length."""
        key = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret)
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        """Encrypts a text; an empty one stays empty."""
        return self._fernet.encrypt(text.encode()).decode() if text else ""

    def open(self, sealed: str) -> str:
        """Decrypts what :meth:`close` gave.

        Raises:
            SealBrokenError: When it was sealed with another secret, or changed.
        """
        if not sealed:
            return ""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBrokenError("sealed with another secret") from error
