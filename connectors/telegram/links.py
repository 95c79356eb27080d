"""Links that open the bot with a procedure, for example from a QR code on a counter."""

from __future__ import annotations

import re

from knowledge_base.schema import CODE_PATTERN

_PAYLOAD = re.compile(r"^(?:tt-)?([A-Za-z0-9_-]{1,64})$")
_PREFIX = "tt-"


def start_payload(code: str) -> str:
    """The payload for a procedure's code; a payload cannot hold dots, so they are underscores.

    Args:
        code: A national code such as ``1.001193``.

    Raises:
        ValueError: When the code is none, or too long for a payload.
    """
    payload = _PREFIX + code.replace(".", "_")
    if not CODE_PATTERN.match(code) or len(payload) > 64:
        raise ValueError(f"not a procedure's code: {code!r}")
    return payload


def code_of(payload: str) -> str | None:
    """The procedure's code in a payload; None for anything else, since anyone can make one up.

    Payloads made by hand are read too: without the prefix, or with ``-`` for a dot.
    """
    match = _PAYLOAD.match(payload)
    if match is None or len(payload) > 64:
        return None
    code = re.sub(r"[_-]", ".", match.group(1))
    return code if CODE_PATTERN.match(code) else None


def deep_link(bot: str, code: str) -> str:
    """The address that opens a bot with a procedure.

    Args:
        bot: The bot's user name without ``@``.
        code: The procedure's national code.
    """
    return f"https://t.me/{bot}?start={start_payload(code)}"
