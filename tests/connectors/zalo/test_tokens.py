"""The token pair: renewed once, saved before it is used, never tried after a refusal."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes.harness import Program, eventually, zalo_settings
from fakes.zalo import FakeZalo

from connectors.channel import SendError, Trouble
from connectors.settings import ChannelSettings
from connectors.zalo.authorise import Authorisation, NotAskedForError
from connectors.zalo.oauth import OAuthClient, Pair
from connectors.zalo.tokens import (
    HOUR,
    FileTokenStore,
    Tokens,
    TokenState,
    token_store,
    write_private,
)

START = 1_700_000_000.0
OA = FakeZalo.oa_id


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Raised:
    """Remembers alerts."""

    def __init__(self) -> None:
        self.open: dict[str, str] = {}

    def raise_alert(self, key: str, text: str) -> None:
        self.open[key] = text

    def clear_alerts(self, prefix: str) -> None:
        self.open = {k: v for k, v in self.open.items() if not k.startswith(prefix)}


class Kit:
    """Tokens of one process, with everything they rest on in reach."""

    def __init__(self, zalo: FakeZalo, folder: Path, **more: Any) -> None:
        settings = zalo_settings(zalo, data_dir=folder, **more)
        self.settings = ChannelSettings(_env_file=None, **settings)
        self.clock, self.alerts = Clock(), Raised()
        self.store = FileTokenStore(folder / "zalo-tokens.json")
        self.oauth = OAuthClient(self.settings)
        self.tokens = Tokens(self.settings, self.store, self.oauth, self.alerts, self.clock)


@pytest.fixture
async def kit(zalo: FakeZalo, tmp_path: Path) -> AsyncIterator[Kit]:
    kit = Kit(zalo, tmp_path)
    yield kit
    await kit.oauth.close()


async def test_takes_the_pair_of_the_settings_once(kit: Kit, zalo: FakeZalo) -> None:
    first = zalo.access
    assert await kit.tokens.access() == first
    new = await kit.tokens.renew(first)
    assert new == zalo.access != first
    again = Kit(zalo, kit.settings.data_dir)  # a restart with the same, now old, settings
    again.settings.zalo_access_token = kit.settings.zalo_access_token
    again.settings.zalo_refresh_token = kit.settings.zalo_refresh_token
    assert await again.tokens.access() == new
    await again.oauth.close()


async def test_a_new_pair_in_the_settings_is_taken_over(kit: Kit, zalo: FakeZalo) -> None:
    await kit.tokens.access()
    zalo.issue()
    again = Kit(zalo, kit.settings.data_dir)
    assert await again.tokens.access() == zalo.access
    await again.oauth.close()


async def test_the_file_is_private_and_never_half_written(kit: Kit, tmp_path: Path) -> None:
    await kit.tokens.access()
    assert stat.S_IMODE(kit.store.path.stat().st_mode) == 0o600
    before = kit.store.path.read_text()
    write_private(tmp_path / "other", "x")
    with pytest.raises(TypeError):
        write_private(kit.store.path, 5)  # type: ignore[arg-type]
    assert kit.store.path.read_text() == before
    assert not list(tmp_path.glob("*.new"))


async def test_nothing_prints_a_token(kit: Kit) -> None:
    await kit.tokens.access()
    state = await kit.tokens.state()
    assert state is not None
    shown = f"{state!r} {kit.settings!r} {Pair('geheim', 'auch', 1)!r}"
    assert state.access_token not in shown
    assert state.refresh_token not in shown
    assert "geheim" not in shown


async def test_many_at_once_renew_once(kit: Kit, zalo: FakeZalo) -> None:
    used = await kit.tokens.access()
    zalo.token_delay = 0.2
    found = await asyncio.gather(*(kit.tokens.renew(used) for _ in range(10)))
    assert set(found) == {zalo.access}
    assert zalo.refreshes == 1


RENEW = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from connectors.settings import ChannelSettings
from connectors.zalo.oauth import OAuthClient
from connectors.zalo.tokens import FileTokenStore, Tokens

class Silent:
    def raise_alert(self, key, text): print("ALERT", key)
    def clear_alerts(self, prefix): pass

async def main():
    settings = ChannelSettings(_env_file=None)
    store = FileTokenStore(Path(sys.argv[1]))
    tokens = Tokens(settings, store, OAuthClient(settings), Silent())
    print(await tokens.renew(sys.argv[2]))

asyncio.run(main())
"""


async def test_processes_renew_once_between_them(kit: Kit, zalo: FakeZalo) -> None:
    used = await kit.tokens.access()
    zalo.token_delay = 0.5
    root = str(Path(__file__).resolve().parents[3])
    env = {
        **os.environ,
        "MOTCUA_ZALO_OAUTH_BASE": kit.settings.zalo_oauth_base,
        "MOTCUA_ZALO_APP_ID": zalo.app_id,
        "MOTCUA_ZALO_APP_SECRET": zalo.app_secret,
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RENEW, str(kit.store.path), used, root],
            env=env,
            cwd=kit.settings.data_dir,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    printed = [(await asyncio.to_thread(p.communicate))[0].strip() for p in started]
    assert printed == [zalo.access] * 3
    assert zalo.refreshes == 1


@pytest.mark.parametrize("fault", [-32, ("http", 502), ("http", 500)])
async def test_passing_trouble_is_tried_again(kit: Kit, zalo: FakeZalo, fault: Any) -> None:
    used = await kit.tokens.access()
    zalo.fail_oauth = [fault]
    with pytest.raises(SendError) as caught:
        await kit.tokens.renew(used)
    assert caught.value.trouble is Trouble.UNSENT
    assert await kit.tokens.renew(used) == zalo.access
    assert kit.alerts.open == {}


@pytest.mark.parametrize("code", [-14012, -14014, -14024, -19005, -1])
async def test_any_other_error_is_final(kit: Kit, zalo: FakeZalo, code: int) -> None:
    used = await kit.tokens.access()
    zalo.fail_oauth = [code]
    for _ in range(3):
        with pytest.raises(SendError) as caught:
            await kit.tokens.renew(used)
        assert caught.value.trouble is Trouble.ACCOUNT
    assert zalo.calls.count("token") == 1
    assert "motcua zalo token import" in kit.alerts.open["zalo.token"]
    assert await kit.tokens.access() == used, "the access token is used as long as it lives"
    await kit.tokens.take(Pair(*zalo.issue(), 90_000))
    assert kit.alerts.open == {}
    assert await kit.tokens.access() == zalo.access


async def test_a_crash_before_saving_ends_in_an_alert(kit: Kit, zalo: FakeZalo) -> None:
    """The platform rotated the pair, the program died: the stored refresh token is spent."""
    used = await kit.tokens.access()

    def dies(_: TokenState) -> None:
        raise KeyboardInterrupt

    kit.store.save = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        await kit.tokens.renew(used)
    again = Kit(zalo, kit.settings.data_dir)
    again.settings = kit.settings
    again.tokens = Tokens(kit.settings, again.store, again.oauth, again.alerts, again.clock)
    with pytest.raises(SendError) as caught:
        await again.tokens.renew(used)
    assert caught.value.trouble is Trouble.ACCOUNT
    assert "zalo.token" in again.alerts.open
    await again.oauth.close()


async def test_a_full_disk_does_not_lose_the_pair(kit: Kit, zalo: FakeZalo) -> None:
    used = await kit.tokens.access()
    save = kit.store.save

    def full(_: TokenState) -> None:
        raise OSError("no space left")

    kit.store.save = full  # type: ignore[method-assign]
    with pytest.raises(SendError):
        await kit.tokens.renew(used)
    assert "zalo.token.save" in kit.alerts.open
    kit.store.save = save  # type: ignore[method-assign]
    assert await kit.tokens.renew(used) == zalo.access
    assert zalo.refreshes == 1
    assert kit.alerts.open == {}


async def test_renewal_is_due_in_time(kit: Kit) -> None:
    await kit.tokens.access()
    state = await kit.tokens.state()
    assert state is not None
    assert not kit.tokens.due(state)
    kit.clock.now = START + 18 * HOUR
    assert not kit.tokens.due(state)
    kit.clock.now = START + 19.5 * HOUR
    assert kit.tokens.due(state), "less than six hours are left and it is in use"
    kit.clock.now = START + 48 * HOUR
    assert not kit.tokens.due(state), "nobody uses it"
    kit.clock.now = START + 7 * 24 * HOUR
    assert kit.tokens.due(state), "the refresh token must not lapse"


async def test_an_expired_token_is_renewed_before_it_is_used(kit: Kit, zalo: FakeZalo) -> None:
    await kit.tokens.access()
    kit.clock.now = START + 25 * HOUR
    assert await kit.tokens.access() == zalo.access
    assert zalo.refreshes == 1


async def test_a_damaged_file_is_not_taken_for_none(kit: Kit) -> None:
    kit.store.path.write_text(json.dumps({"access_token": "x"}))
    with pytest.raises(ValueError, match="damaged"):
        kit.store.load()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis of our own; skips where there is none."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed")
    path = tmp_path / "redis.sock"
    server = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(path), "--save", ""],
        stdout=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    eventually(path.exists)
    yield f"unix://{path}"
    server.terminate()
    server.wait(10)


@pytest.mark.services
async def test_machines_share_the_pair_through_redis(
    zalo: FakeZalo, tmp_path: Path, redis: str
) -> None:
    kits = [Kit(zalo, tmp_path / name, redis_url=redis) for name in ("one", "two")]
    for kit in kits:
        kit.tokens = Tokens(
            kit.settings, token_store(kit.settings), kit.oauth, kit.alerts, kit.clock
        )
    used = await kits[0].tokens.access()
    assert await kits[1].tokens.access() == used
    zalo.token_delay = 0.3
    found = await asyncio.gather(*(kit.tokens.renew(used) for kit in kits))
    assert found == [zalo.access] * 2
    assert zalo.refreshes == 1
    copy = kits[0].store.load() or kits[1].store.load()
    assert copy is not None
    for kit in kits:
        await kit.oauth.close()
        await kit.tokens.close()


# --- granting access ----------------------------------------------------------------------------


async def grant(url: str) -> httpx.QueryParams:
    """What an administrator does in a browser; returns what the callback receives."""
    async with httpx.AsyncClient() as http:
        answer = await http.get(url)
    assert answer.status_code == 302, answer.text
    return httpx.URL(answer.headers["location"]).params


@pytest.mark.parametrize("verifier", ["", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"])
async def test_a_grant_brings_tokens_once(zalo: FakeZalo, tmp_path: Path, verifier: str) -> None:
    kit = Kit(
        zalo,
        tmp_path,
        zalo_redirect_uri=zalo.redirect_uri,
        zalo_pkce_verifier=verifier,
        zalo_access_token="",
        zalo_refresh_token="",
    )
    authorisation = Authorisation(kit.settings)
    back = await grant(authorisation.begin())
    state = None if verifier else back["state"]  # the console's own link need not echo it
    await authorisation.finish(back["code"], back["oa_id"], state, kit.oauth, kit.tokens)
    assert await kit.tokens.access() == zalo.access
    with pytest.raises(NotAskedForError):
        await authorisation.finish(back["code"], back["oa_id"], state, kit.oauth, kit.tokens)
    await kit.oauth.close()


@pytest.mark.parametrize(
    ("state", "oa_id", "seconds"),
    [
        (None, OA, 0),
        ("wrong", OA, 0),
        ("", "", 0),
        ("right", "another account", 0),
        ("right", OA, 901),
    ],
)
async def test_a_callback_nobody_asked_for_is_refused(
    zalo: FakeZalo, tmp_path: Path, state: str | None, oa_id: str, seconds: float
) -> None:
    kit = Kit(zalo, tmp_path, zalo_redirect_uri=zalo.redirect_uri)
    back = await grant(Authorisation(kit.settings, kit.clock).begin())
    kit.clock.now += seconds
    given = back["state"] if state == "right" else state
    with pytest.raises(NotAskedForError):
        await Authorisation(kit.settings, kit.clock).finish(
            back["code"], oa_id, given, kit.oauth, kit.tokens
        )
    assert "token" not in zalo.calls
    await kit.oauth.close()


async def test_the_callback_page_says_what_happened(zalo: FakeZalo, zalo_program: Program) -> None:
    zalo.redirect_uri = f"{zalo_program.url}/webhooks/zalo/oauth"
    settings = zalo_program.settings.model_copy(update={"zalo_redirect_uri": zalo.redirect_uri})
    async with httpx.AsyncClient() as http:
        refused = await http.get(zalo.redirect_uri, params={"code": "x", "oa_id": zalo.oa_id})
        assert refused.status_code == 403
        url = Authorisation(settings).begin()
        granted = await http.get(url, follow_redirects=True)
    assert granted.status_code == 200
    assert "Đã kết nối" in granted.text
    stored = FileTokenStore(settings.data_dir / "zalo-tokens.json").load()
    assert stored is not None
    assert stored.access_token == zalo.access
