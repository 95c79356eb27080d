"""The Official Account's token pair: kept safely, renewed by one process at a time.

A refresh token works once. So whoever renews holds a lock that all processes share, and saves the
new pair before anyone uses it. When the platform refuses to renew, nothing is tried again until a
person pastes a new pair: a spent token only makes things worse.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

from connectors.channel import Alerts, SendError, Trouble
from connectors.settings import ChannelSettings
from connectors.zalo.oauth import DEFAULT_LIFE, AuthorisationError, OAuthClient, Pair

logger = logging.getLogger(__name__)

HOUR: Final = 3600.0
RENEW_BEFORE: Final = 6 * HOUR
"""A token in use is renewed when it has less than this left."""
IDLE_RENEWAL: Final = 6.5 * 24 * HOUR
"""A token that nobody uses is renewed as often, for the refresh token dies after three months."""
_IN_USE: Final = 24 * HOUR
_MARGIN: Final = 60.0
_CHECK_SECONDS: Final = 600.0
STOPPED_ALERT: Final = "zalo.token"
RECOVERY: Final = (
    "The OA's token cannot be renewed, so no message can be sent. Get a new token pair at "
    "developers.zalo.me → “Công cụ” → “API Explorer” → “OA Access Token” and run "
    "motcua zalo token import. The reason: {reason}"
)


@dataclass(frozen=True, slots=True)
class TokenState:
    """What is stored. Times are seconds since 1970.

    Attributes:
        access_token: Goes with every call.
        refresh_token: Makes the next pair, once.
        expires_at: When the access token ends.
        refreshed_at: When this pair was made, or handed in.
        stopped: Why no renewal is tried any more; empty while all is well.
        seed: Fingerprint of the pair in the settings that was taken over last.
    """

    access_token: str
    refresh_token: str
    expires_at: float
    refreshed_at: float
    stopped: str = ""
    seed: str = ""

    def __repr__(self) -> str:
        """Never shows a token."""
        return f"TokenState(expires_at={self.expires_at}, stopped={self.stopped!r})"


class TokenStore(Protocol):
    """Where the pair is kept, and the lock that all processes share."""

    def load(self) -> TokenState | None:
        """Returns what is stored."""
        ...

    def save(self, state: TokenState) -> None:
        """Stores a pair; it is safe when this returns."""
        ...

    def lock(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Lets one process at a time renew."""
        ...

    async def close(self) -> None:
        """Closes connections."""
        ...


class FileTokenStore:
    """A file that only its owner can read, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        """Takes the path; the folder is made when needed."""
        self.path = path

    def load(self) -> TokenState | None:
        """Returns what is stored; None where there is no file.

        Raises:
            ValueError: When the file is damaged.
        """
        try:
            text = self.path.read_text("utf-8")
        except FileNotFoundError:
            return None
        return _state(json.loads(text))

    def save(self, state: TokenState) -> None:
        """Writes beside the file, flushes, and renames over it."""
        write_private(self.path, json.dumps(asdict(state)))

    @contextlib.asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Holds a lock on a file beside the tokens."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)  # which also releases the lock

    async def close(self) -> None:
        """There is nothing to close."""


class RedisTokenStore:
    """Redis, for processes on several machines; a file keeps a copy for recovery."""

    _HOLD_SECONDS = 60

    def __init__(self, url: str, app_id: str, copy: FileTokenStore) -> None:
        """Takes the address, the app whose tokens these are, and where the copy goes."""
        from redis import Redis
        from redis.asyncio import Redis as AsyncRedis

        self._name = f"motcua:zalo:{app_id}:tokens"
        self._redis = Redis.from_url(url, decode_responses=True)
        self._locks = AsyncRedis.from_url(url)
        self._copy = copy

    def load(self) -> TokenState | None:
        """Returns what Redis holds, else the copy."""
        text = self._redis.get(self._name)
        return _state(json.loads(str(text))) if text else self._copy.load()

    def save(self, state: TokenState) -> None:
        """Writes the copy first, so that the pair outlives Redis."""
        self._copy.save(state)
        self._redis.set(self._name, json.dumps(asdict(state)))

    @contextlib.asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Holds a lock in Redis that ends by itself when its holder dies."""
        async with self._locks.lock(f"{self._name}:lock", timeout=self._HOLD_SECONDS):
            yield

    async def close(self) -> None:
        """Closes the connections to Redis."""
        self._redis.close()
        await self._locks.aclose()


def token_store(settings: ChannelSettings) -> TokenStore:
    """The store that the settings ask for."""
    file = FileTokenStore(settings.data_dir / "zalo-tokens.json")
    if settings.redis_url:
        return RedisTokenStore(settings.redis_url, settings.zalo_app_id, file)
    return file


class Tokens:
    """Hands out a valid access token and renews it in time."""

    def __init__(
        self,
        settings: ChannelSettings,
        store: TokenStore,
        oauth: OAuthClient,
        alerts: Alerts,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Takes its parts; ``clock`` gives seconds since 1970."""
        self._settings = settings
        self._store = store
        self._oauth = oauth
        self._alerts = alerts
        self._clock = clock
        self._mine = asyncio.Lock()
        self._unsaved: TokenState | None = None
        self._used_at = 0.0
        self._seeded = False
        self._told = False

    async def close(self) -> None:
        """Closes the store."""
        await self._store.close()

    async def access(self) -> str:
        """Returns a token to call with.

        Raises:
            SendError: When there is none; a human is told.
        """
        state = await self.state()
        now = self._clock()
        self._used_at = now
        if state is not None and state.access_token and state.expires_at > now + _MARGIN:
            return state.access_token
        return await self.renew(state.access_token if state else "")

    async def state(self) -> TokenState | None:
        """What is stored, with the pair of the settings taken over when it is new."""
        if not self._seeded:
            async with self._locked():
                await self._seed()
            self._seeded = True
        return await asyncio.to_thread(self._store.load)

    async def renew(self, used: str | None) -> str:
        """Makes a new pair unless somebody else has done so in the meantime.

        Args:
            used: The access token that did not work; None: renew in any case.

        Returns:
            The access token to use from now on.

        Raises:
            SendError: When the platform refuses, for good or for now.
        """
        async with self._locked():
            state = self._unsaved or await asyncio.to_thread(self._store.load)
            if state is None or not (state.access_token or state.refresh_token):
                raise self._stop_error("no token is stored", alert=True)
            if self._unsaved is not None:
                return await self._commit(self._unsaved)
            if used is not None and state.access_token != used:
                return state.access_token
            if state.stopped:
                raise self._stop_error(state.stopped, alert=False)
            if not state.refresh_token:
                return await self._stop(state, "there is no refresh token")
            try:
                pair = await self._oauth.refresh(state.refresh_token)
            except AuthorisationError as error:
                if error.transient:
                    raise SendError(Trouble.UNSENT, f"token: {error}") from None
                return await self._stop(state, str(error))
            return await self._commit(self._fresh(pair, state.seed))

    async def take(self, pair: Pair) -> None:
        """Takes over a pair that a person handed in or granted."""
        async with self._locked():
            await self._commit(self._fresh(pair, self._fingerprint()))
            self._seeded = True

    def due(self, state: TokenState) -> bool:
        """Whether a pair should be renewed ahead of time."""
        now = self._clock()
        if state.stopped or not state.refresh_token:
            return False
        if now - self._used_at < _IN_USE and state.expires_at - now < RENEW_BEFORE:
            return True
        return now - state.refreshed_at > IDLE_RENEWAL

    async def keep(self) -> None:
        """Renews ahead of time, for ever; runs in the background."""
        while True:
            try:
                await self._look_after()
            except SendError as error:
                logger.warning("The Zalo token was not renewed: %s", error)
            except Exception:
                logger.exception("The Zalo token could not be looked after")
            await asyncio.sleep(_CHECK_SECONDS)

    async def _look_after(self) -> None:
        state = await self.state()
        if state is not None and state.stopped:
            self._stop_error(state.stopped, alert=True)
            return
        if self._told:  # a new pair was handed in, perhaps in another process
            self._told = False
            self._alerts.clear_alerts(STOPPED_ALERT)
        if state is not None and self.due(state):
            await self.renew(state.access_token)

    # --- inside the lock -----------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        async with self._mine, self._store.lock():
            yield

    async def _seed(self) -> None:
        access = self._settings.zalo_access_token.get_secret_value()
        refresh = self._settings.zalo_refresh_token.get_secret_value()
        if not access and not refresh:
            return
        state = await asyncio.to_thread(self._store.load)
        if state is not None and state.seed == self._fingerprint():
            return
        pair = Pair(access, refresh, DEFAULT_LIFE if access else 0)
        await self._commit(self._fresh(pair, self._fingerprint()))

    async def _commit(self, state: TokenState) -> str:
        """Saves a pair; keeps it in memory when that fails, for it cannot be had again."""
        self._unsaved = state
        try:
            await asyncio.to_thread(self._store.save, state)
        except Exception as error:
            self._alerts.raise_alert(
                "zalo.token.save",
                "The Zalo token cannot be saved: check disk space and permissions. "
                "Do not stop the program before that, or a new token pair will be needed.",
            )
            raise SendError(Trouble.UNSENT, f"token: {type(error).__name__}") from error
        self._unsaved = None
        self._alerts.clear_alerts(STOPPED_ALERT)
        return state.access_token

    async def _stop(self, state: TokenState, reason: str) -> str:
        await asyncio.to_thread(self._store.save, replace(state, stopped=reason))
        raise self._stop_error(reason, alert=True)

    def _stop_error(self, reason: str, alert: bool) -> SendError:
        if alert:
            self._told = True
            self._alerts.raise_alert(STOPPED_ALERT, RECOVERY.format(reason=reason))
        return SendError(Trouble.ACCOUNT, f"token: {reason}")

    def _fresh(self, pair: Pair, seed: str) -> TokenState:
        now = self._clock()
        return TokenState(
            pair.access_token, pair.refresh_token, now + pair.expires_in, now, seed=seed
        )

    def _fingerprint(self) -> str:
        access = self._settings.zalo_access_token.get_secret_value()
        refresh = self._settings.zalo_refresh_token.get_secret_value()
        if not access and not refresh:
            return ""
        return hashlib.sha256(f"{access}\0{refresh}".encode()).hexdigest()[:16]


def write_private(path: Path, text: str) -> None:
    """Replaces a file that only its owner can read; after a crash it is the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _state(data: Any) -> TokenState:
    try:
        return TokenState(**data)
    except TypeError as error:
        raise ValueError("the stored tokens are damaged") from error
