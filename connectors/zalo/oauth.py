"""OAuth v4 of the Official Account, with PKCE."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import httpx

from connectors.channel import SendError, Trouble
from connectors.http import client, envelope
from connectors.settings import ChannelSettings
from connectors.zalo.errors import RATE_ERROR

DEFAULT_LIFE = 90_000
"""Seconds that an access token lives where the platform does not say."""


class AuthorisationError(Exception):
    """The platform refused to give tokens.

    Attributes:
        transient: Whether the same request may work later; if not, it must not be repeated.
        code: The platform's number; for people only.
    """

    def __init__(self, detail: str, transient: bool, code: int | None = None) -> None:
        """Takes the platform's words; they hold no token."""
        super().__init__(detail if code is None else f"{code}: {detail}")
        self.transient = transient
        self.code = code


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token with the refresh token that belongs to it, and its life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int

    def __repr__(self) -> str:
        """Never shows a token."""
        return f"Pair(expires_in={self.expires_in})"


def new_verifier() -> str:
    """Makes a PKCE verifier of 43 characters."""
    return _base64url(secrets.token_bytes(32))


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return _base64url(hashlib.sha256(verifier.encode("ascii")).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def permission_url(settings: ChannelSettings, verifier: str, state: str) -> str:
    """The address at which an administrator of the account grants access."""
    query = urlencode(
        {
            "app_id": settings.zalo_app_id,
            "redirect_uri": settings.zalo_callback,
            "code_challenge": challenge_of(verifier),
            "state": state,
        }
    )
    return f"{settings.zalo_oauth_base.rstrip('/')}/v4/oa/permission?{query}"


class OAuthClient:
    """Talks to the token endpoint."""

    def __init__(self, settings: ChannelSettings) -> None:
        """Takes app id, app secret and the base address."""
        self._settings = settings
        self._http = client(settings.zalo_oauth_base)

    async def exchange(self, code: str, verifier: str) -> Pair:
        """Turns the code of the callback into the first token pair.

        Raises:
            AuthorisationError: When the platform refuses.
        """
        return await self._token(
            {"code": code, "grant_type": "authorization_code", "code_verifier": verifier}
        )

    async def refresh(self, refresh_token: str) -> Pair:
        """Turns a refresh token, which is spent by this, into a new pair.

        Raises:
            AuthorisationError: When the platform refuses or does not answer.
        """
        pair = await self._token({"refresh_token": refresh_token, "grant_type": "refresh_token"})
        return pair if pair.refresh_token else replace(pair, refresh_token=refresh_token)

    async def close(self) -> None:
        """Closes connections."""
        await self._http.aclose()

    async def _token(self, form: dict[str, str]) -> Pair:
        try:
            response = await self._http.post(
                "/v4/oa/access_token",
                data={**form, "app_id": self._settings.zalo_app_id},
                headers={"secret_key": self._settings.zalo_app_secret.get_secret_value()},
            )
            data = envelope(response)
        except httpx.HTTPError as error:
            raise AuthorisationError(type(error).__name__, transient=True) from None
        except SendError as error:
            raise AuthorisationError(str(error), error.trouble is Trouble.RETRY) from None
        access = data.get("access_token")
        if isinstance(access, str) and access:
            refresh = data.get("refresh_token")
            return Pair(access, refresh if isinstance(refresh, str) else "", _life(data))
        code = data.get("error")
        detail = " ".join(
            str(data[name])
            for name in ("error_name", "error_reason", "error_description", "message")
            if data.get(name)
        )
        number = int(code) if isinstance(code, int | str) and _is_number(code) else None
        raise AuthorisationError(
            detail or f"HTTP {response.status_code}", number == RATE_ERROR, number
        )


def _life(data: dict[str, Any]) -> int:
    """The life of a token in seconds; the platform writes it as a string."""
    value = data.get("expires_in")
    return int(value) if isinstance(value, int | str) and _is_number(value) else DEFAULT_LIFE


def _is_number(value: int | str) -> bool:
    try:
        int(value)
    except ValueError:
        return False
    return True
