"""Granting access: the address an administrator opens, and what comes back."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Callable
from typing import Final

from connectors.settings import ChannelSettings
from connectors.zalo.oauth import OAuthClient, new_verifier, permission_url
from connectors.zalo.tokens import Tokens, write_private

WINDOW_SECONDS: Final = 900.0
"""How long after asking for the address the callback is taken."""


class NotAskedForError(Exception):
    """A callback came that nobody asked for, or not from the address that was given out."""


class Authorisation:
    """One way in at a time, opened by an operator on the command line.

    With a verifier of its own each address carries a state that has to come back. With the fixed
    verifier of the settings, whose challenge is saved in the console, the console makes the
    address and need not echo a state: then the open window alone lets the callback in.
    """

    def __init__(self, settings: ChannelSettings, clock: Callable[[], float] = time.time) -> None:
        """Takes the settings; ``clock`` gives seconds since 1970."""
        self._settings = settings
        self._clock = clock
        self._path = settings.data_dir / "zalo-authorise.json"

    def begin(self) -> str:
        """Opens the window and returns the address to open in a browser."""
        fixed = self._settings.zalo_pkce_verifier.get_secret_value()
        verifier, state = fixed or new_verifier(), secrets.token_urlsafe(24)
        pending = {
            "verifier": verifier,
            "state": state,
            "fixed": bool(fixed),
            "until": self._clock() + WINDOW_SECONDS,
        }
        write_private(self._path, json.dumps(pending))
        return permission_url(self._settings, verifier, state)

    async def finish(
        self, code: str, oa_id: str, state: str | None, oauth: OAuthClient, tokens: Tokens
    ) -> None:
        """Takes a callback and stores the tokens; the window closes whatever comes of it.

        Raises:
            NotAskedForError: When the callback does not belong to an open window.
            AuthorisationError: When the platform gives no tokens for the code.
        """
        try:
            pending = json.loads(self._path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            raise NotAskedForError("no authorisation was asked for") from None
        if self._clock() > pending["until"]:
            self._path.unlink(missing_ok=True)
            raise NotAskedForError("the window has closed")
        if state is None and not pending["fixed"]:
            raise NotAskedForError("the state is missing")
        if state is not None and not hmac.compare_digest(state.encode(), pending["state"].encode()):
            raise NotAskedForError("the state does not match")
        wanted = self._settings.zalo_oa_id
        if wanted and oa_id and oa_id != wanted:
            raise NotAskedForError("this is another Official Account")
        self._path.unlink(missing_ok=True)
        await tokens.take(await oauth.exchange(code, pending["verifier"]))
