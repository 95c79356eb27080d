"""Signing in through the office's own provider (OpenID Connect, authorisation code with PKCE).

The provider answers for the password and the second factor. What a member may do follows from a
claim of the provider, or from the account an administrator keeps here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from assistant.feedback.seal import Seal, SealBrokenError
from assistant.moments import Clock, utc_now
from assistant.settings import Settings
from assistant.staff.roles import Role

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures that are taken: none with a shared secret, and never an unsigned token."""

LASTS: Final = timedelta(minutes=10)
"""How long somebody may take at the provider."""

_LEEWAY: Final = 60
_SECONDS: Final = 10.0
_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class ProviderError(RuntimeError):
    """Raised when the provider cannot be reached or its answer cannot be trusted."""


class DeniedError(RuntimeError):
    """Raised when the provider, or the person there, said no."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in that is under way; the browser keeps it, sealed.

    Attributes:
        state: Ties the provider's answer to this browser.
        nonce: Ties the provider's token to this attempt.
        verifier: Proves to the provider that the code is redeemed by who asked for it.
        onward: Where to go afterwards.
        began: Seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    onward: str
    began: float


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, for the provider.

    Attributes:
        subject: Names the person for ever; of the provider and its own name for the person.
        username: What they are called there.
        role: What the provider's claim lets them do; None: it says nothing.
    """

    subject: str
    username: str
    name: str
    role: Role | None


class Provider:
    """The office's provider, as its settings describe it."""

    def __init__(self, settings: Settings, seal: Seal, clock: Clock = utc_now) -> None:
        """Takes the settings; ``configured`` tells whether there is a provider at all."""
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client_id = settings.oidc_client_id
        self._client_secret = settings.oidc_client_secret.get_secret_value()
        self._scopes = settings.oidc_scopes
        self._claim = settings.oidc_role_claim
        self._roles = read_roles(settings.oidc_roles)
        self._seal = seal
        self._clock = clock

    @property
    def configured(self) -> bool:
        """Whether an issuer and a client are set."""
        return bool(self._issuer and self._client_id)

    def begin(self, redirect_uri: str, onward: str) -> tuple[str, str]:
        """Begins a sign-in.

        Args:
            redirect_uri: Where the provider sends the browser back to.
            onward: Where to go afterwards.

        Returns:
            The provider's address for the browser, and the sealed attempt for its cookie.

        Raises:
            ProviderError: When the provider cannot be reached.
        """
        attempt = Attempt(
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(48),
            onward,
            self._clock().timestamp(),
        )
        about = self._discover()
        with self._client(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address), self._seal.close(json.dumps(asdict(attempt)))

    def finish(
        self, answer: Mapping[str, str], sealed: str, redirect_uri: str
    ) -> tuple[Person, str]:
        """Ends a sign-in with what the provider sent the browser back with.

        Args:
            answer: The fields of the address.
            sealed: The cookie.
            redirect_uri: As at the beginning.

        Returns:
            Who it is, and where to go.

        Raises:
            DeniedError: When the person or the provider said no.
            ProviderError: When state, nonce, signature, issuer, audience or time are not right.
        """
        attempt = self._attempt(sealed)
        if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise ProviderError("the state is not that of this browser")
        if answer.get("error"):
            raise DeniedError(answer["error"][:100])
        code = answer.get("code", "")
        if not code:
            raise ProviderError("there is no code")
        about = self._discover()
        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    about["token_endpoint"], code=code, code_verifier=attempt.verifier
                )
        except (OAuthError, httpx.HTTPError, ValueError) as error:
            raise ProviderError(f"the code was not taken: {type(error).__name__}") from error
        claims = self._claims(str(token.get("id_token", "")), about, attempt.nonce)
        return self._person(claims), attempt.onward

    # --- inside ------------------------------------------------------------------------------

    def _attempt(self, sealed: str) -> Attempt:
        try:
            attempt = Attempt(**json.loads(self._seal.open(sealed) or "null"))
        except (SealBrokenError, ValueError, TypeError) as error:
            raise ProviderError("this browser has not begun a sign-in") from error
        if self._clock().timestamp() - attempt.began > LASTS.total_seconds():
            raise ProviderError("the sign-in took too long")
        return attempt

    def _client(self, redirect_uri: str) -> OAuth2Client:
        return OAuth2Client(
            self._client_id,
            self._client_secret,
            scope=self._scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=_SECONDS,
        )

    def _discover(self) -> dict[str, Any]:
        about = self._get(f"{self._issuer}/.well-known/openid-configuration")
        if str(about.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderError("the provider names itself otherwise than the setting")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            _check_address(str(about.get(name, "")))
        return about

    def _get(self, address: str) -> dict[str, Any]:
        _check_address(address)
        try:
            response = httpx.get(address, timeout=_SECONDS, follow_redirects=False)
            response.raise_for_status()
            found = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderError(f"the provider gives no answer: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise ProviderError("the provider's answer makes no sense")
        return found

    def _claims(self, token: str, about: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """Checks an identity token as OpenID Connect Core 1.0, section 3.1.3.7, asks for."""
        try:
            keys = KeySet.import_key_set(self._get(str(about["jwks_uri"])))  # type: ignore[arg-type]
            claims = dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
            jwt.JWTClaimsRegistry(
                now=lambda: int(self._clock().timestamp()),
                leeway=_LEEWAY,
                iss={"essential": True, "value": str(about["issuer"])},
                aud={"essential": True, "value": self._client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderError(
                f"the identity token is not right: {type(error).__name__}"
            ) from error
        parties = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", self._client_id) != self._client_id or (
            len(parties) > 1 and "azp" not in claims
        ):
            raise ProviderError("the identity token is for somebody else")
        return claims

    def _person(self, claims: Mapping[str, Any]) -> Person:
        username = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        subject = hashlib.sha256(f"{claims['iss']}\n{claims['sub']}".encode()).hexdigest()
        name = str(claims.get("name") or username)
        return Person(subject, username[:80], name[:120], self._role(claims))

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        """The most that any value of the claim allows; a dot in its name leads inwards."""
        found: Any = claims
        for part in self._claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        values = found if isinstance(found, list) else [found]
        roles = [self._roles[str(value)] for value in values if str(value) in self._roles]
        return max(roles, key=list(Role).index, default=None)


def read_roles(text: str) -> dict[str, Role]:
    """Reads the setting that maps values of the claim to roles: ``mot-cua-admins=admin …``.

    Raises:
        ValueError: When a part is not ``value=role``.
    """
    found: dict[str, Role] = {}
    for part in text.split():
        value, separator, role = part.rpartition("=")
        if not separator or role not in set(Role):
            raise ValueError(f"MOTCUA_OIDC_ROLES: {part!r} is not value=role")
        found[value] = Role(role)
    return found


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise ProviderError("the provider has to be reached by https")
