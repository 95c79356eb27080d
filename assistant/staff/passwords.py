"""Passwords: hashed with argon2id, checked against a short policy, generated for first sign-ins."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 200
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106 for little memory


def hash_password(password: str) -> str:
    """Hashes a password, in the format that carries its own parameters."""
    return _hasher.hash(password)


def verify_password(known: str, password: str) -> bool:
    """Tells whether a password is the one that was hashed.

    It takes the same work when there is no hash at all, so that the time does not tell whether an
    account exists or has a password.

    Args:
        known: The stored hash; empty where there is none.
        password: What was typed.
    """
    try:
        return _hasher.verify(known or _nobody(), password) and bool(known)
    except (VerificationError, InvalidHashError):
        return False


def outdated(known: str) -> bool:
    """Tells whether a hash was made with other parameters than are in use now."""
    return _hasher.check_needs_rehash(known)


def objection(password: str, username: str) -> str:
    """Says, in Vietnamese, why a password is not taken; empty when it is."""
    if len(password) < MIN_LENGTH:
        return f"Mật khẩu cần ít nhất {MIN_LENGTH} ký tự."
    if len(password) > MAX_LENGTH:
        return f"Mật khẩu dài nhất {MAX_LENGTH} ký tự."
    if username and username.casefold() in password.casefold():
        return "Mật khẩu không được chứa tên đăng nhập."
    if len(set(password)) < 5:
        return "Mật khẩu lặp lại quá ít ký tự. Hãy dùng một câu ngắn dễ nhớ."
    return ""


def generate_password() -> str:
    """Makes a password that is easy to read out, with 99 bits of chance."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """The hash of a password that nobody knows."""
    return _hasher.hash(secrets.token_urlsafe(24))
