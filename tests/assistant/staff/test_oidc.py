"""Signing in through a provider, which is a small one on a real socket."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.dialogue.database import connect
from assistant.settings import Settings
from assistant.staff.oidc import read_roles
from assistant.staff.roles import Role
from assistant.web.app import create_app

CLIENT, SECRET = "mot-cua", "s3cret-of-the-office"
ORIGIN = "https://motcua.example.vn"
CALLBACK = f"{ORIGIN}/staff/oidc/tra-ve"


class FakeProvider:
    """Issues codes and tokens; ``claims`` and ``sign`` can be bent by a test."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
        self.issuer = ""
        self.claims: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self._sign
        self.codes: dict[str, dict[str, str]] = {}
        self.named_issuer = ""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.about),
                Route("/keys", self.keys),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    async def about(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.named_issuer or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self, request: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.codes.pop(str(form["code"]), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or request.headers.get("authorization") != f"Basic {basic}"
            or asked["code_challenge"] != challenge
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "u-17",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": "lan@phuong.vn",
            "name": "Nguyễn Thị Lan",
            "groups": ["mot-cua-bien-tap", "khac"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return JSONResponse(
            {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(claims)}
        )

    def approve(self, address: str) -> dict[str, str]:
        """What the provider's page does when the person signs in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def _sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)


@pytest.fixture(scope="module")
def running() -> Iterator[FakeProvider]:
    provider = FakeProvider()
    config = uvicorn.Config(provider.app(), port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.issuer = f"http://127.0.0.1:{port}"
    yield provider
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def provider(running: FakeProvider) -> FakeProvider:
    running.claims, running.named_issuer = {}, ""
    running.sign = running._sign
    return running


@pytest.fixture
def linked(office: Any, scripted: Any, provider: FakeProvider, tmp_path: Path) -> Any:
    """An office that is linked with the provider."""
    settings = Settings(
        data_dir=tmp_path,
        public_url=ORIGIN,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_name="Sở Nội vụ",
        oidc_roles="mot-cua-bien-tap=editor mot-cua-quan-tri=admin",
    )
    engine = scripted.ScriptedEngine()
    engine.database = connect(f"sqlite:///{tmp_path / 'test.sqlite'}")
    office.app = create_app(settings, engine)
    office.settings = settings
    yield office
    engine.database.dispose()


def begin(browser: Any, onward: str = "/staff") -> str:
    answer = browser.client.get("/staff/oidc", params={"tiep": onward})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def come_back(browser: Any, fields: dict[str, str]) -> httpx.Response:
    answer: httpx.Response = browser.client.get("/staff/oidc/tra-ve", params=fields)
    return answer


def test_a_person_signs_in_with_the_role_of_a_group(linked: Any, provider: FakeProvider) -> None:
    browser = linked.stranger()
    assert "Đăng nhập bằng Sở Nội vụ" in browser.get("/staff/dang-nhap").text
    address = begin(browser, "/staff/thong-bao")
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == [CALLBACK]
    assert asked["code_challenge_method"] == ["S256"]
    answer = come_back(browser, provider.approve(address))
    assert answer.headers["location"] == "/staff/thong-bao"
    assert browser.get("/staff/thong-bao").status_code == 200
    account = linked.accounts.by_username("lan@phuong.vn")
    assert account.role is Role.EDITOR
    assert account.external
    assert not account.has_password

    provider.claims = {"groups": "mot-cua-quan-tri"}
    again = linked.stranger()
    come_back(again, provider.approve(begin(again)))
    assert linked.accounts.by_username("lan@phuong.vn").role is Role.ADMIN
    assert len(linked.accounts.all()) == 1


def test_who_has_no_role_is_not_let_in(linked: Any, provider: FakeProvider) -> None:
    provider.claims = {"groups": ["khac"]}
    browser = linked.stranger()
    answer = come_back(browser, provider.approve(begin(browser)))
    assert answer.status_code == 401
    assert "chưa được cấp quyền" in answer.text
    assert not linked.accounts.all()


def test_a_disabled_account_stays_out(linked: Any, provider: FakeProvider) -> None:
    browser = linked.stranger()
    come_back(browser, provider.approve(begin(browser)))
    linked.accounts.disable(linked.accounts.by_username("lan@phuong.vn").id)
    other = linked.stranger()
    assert come_back(other, provider.approve(begin(other))).status_code == 401


def test_a_local_account_of_the_same_name_is_not_taken_over(
    linked: Any, provider: FakeProvider
) -> None:
    local = linked.accounts.add("lan@phuong.vn", "Lan khác", Role.ADMIN)
    browser = linked.stranger()
    assert come_back(browser, provider.approve(begin(browser))).status_code == 401
    assert linked.accounts.get(local.id) == local


def test_the_answer_must_belong_to_this_browser(linked: Any, provider: FakeProvider) -> None:
    victim, attacker = linked.stranger(), linked.stranger()
    answer_of_attacker = provider.approve(begin(attacker))
    assert come_back(victim, answer_of_attacker).status_code == 401, "it has begun nothing"
    begin(victim)
    assert come_back(victim, answer_of_attacker).status_code == 401, "the state is another one"
    for state in ("", "x"):
        assert come_back(attacker, answer_of_attacker | {"state": state}).status_code == 401
    assert victim.get("/staff").status_code == 303
    assert come_back(attacker, answer_of_attacker).status_code == 303
    assert come_back(attacker, answer_of_attacker).status_code == 401, "an answer works once"


def test_an_attempt_does_not_last_for_ever(
    linked: Any, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from assistant.moments import utc_now
    from assistant.staff import oidc

    browser = linked.stranger()
    answer = provider.approve(begin(browser))
    original = oidc.Provider.__init__

    def later(self: Any, settings: Any, seal: Any) -> None:
        original(self, settings, seal, lambda: utc_now() + timedelta(minutes=11))

    monkeypatch.setattr(oidc.Provider, "__init__", later)
    assert come_back(browser, answer).status_code == 401


BENT: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "of an earlier sign-in"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody-else"},
    "several audiences without a party": {"aud": [CLIENT, "other"]},
    "another party": {"azp": "other"},
    "another issuer": {"iss": "https://evil.example"},
    "over": {"exp": 1_000_000_000},
    "no end": {"exp": None},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("how", BENT)
def test_a_token_that_is_not_for_us_is_refused(
    linked: Any, provider: FakeProvider, how: str
) -> None:
    provider.claims = BENT[how]
    browser = linked.stranger()
    assert come_back(browser, provider.approve(begin(browser))).status_code == 401
    assert not linked.accounts.all()


def unsigned(claims: dict[str, Any]) -> str:
    import json

    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


def by_another_key(claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)


def by_the_client_secret(claims: dict[str, Any]) -> str:
    key = OctKey.import_key(SECRET.encode().ljust(32, b"x"))
    return jwt.encode({"alg": "HS256"}, claims, key)


@pytest.mark.parametrize("sign", [unsigned, by_another_key, by_the_client_secret, lambda _: "x"])
def test_a_signature_of_somebody_else_is_refused(
    linked: Any, provider: FakeProvider, sign: Callable[[dict[str, Any]], str]
) -> None:
    provider.sign = sign
    browser = linked.stranger()
    assert come_back(browser, provider.approve(begin(browser))).status_code == 401


def test_no_from_the_provider_and_wrong_codes(linked: Any, provider: FakeProvider) -> None:
    browser = linked.stranger()
    fields = provider.approve(begin(browser))
    denied = come_back(browser, {"state": fields["state"], "error": "access_denied"})
    assert denied.status_code == 401
    assert "huỷ" in denied.text
    assert come_back(browser, {"state": fields["state"], "code": "made-up"}).status_code == 401
    assert come_back(browser, {"state": fields["state"]}).status_code == 401


def test_a_provider_of_another_name_is_not_asked(linked: Any, provider: FakeProvider) -> None:
    provider.named_issuer = "https://evil.example"
    assert linked.stranger().get("/staff/oidc").status_code == 502


def test_without_a_provider_there_is_no_such_way(office: Any) -> None:
    assert office.stranger().get("/staff/oidc").status_code == 404
    assert "/staff/oidc" not in office.stranger().get("/staff/dang-nhap").text


def test_roles_are_read_strictly() -> None:
    assert read_roles(" a=admin  cn=b,dc=c=editor ") == {
        "a": Role.ADMIN,
        "cn=b,dc=c": Role.EDITOR,
    }
    for wrong in ("a", "a=chief", "=", "a=admin b"):
        with pytest.raises(ValueError, match="value=role"):
            read_roles(wrong)
