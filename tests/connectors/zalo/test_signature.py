"""The signature of webhooks and the arithmetic of OAuth, by published vectors."""

from __future__ import annotations

import json

import pytest

from connectors.zalo.api import appsecret_proof
from connectors.zalo.oauth import challenge_of, new_verifier
from connectors.zalo.signature import verified

APP, SECRET = "360846524940903967", "TEST_OA_SECRET_KEY"
RAW = (
    '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},'
    '"user_id_by_app":"552177279717587730","recipient":{"id":"388613280878808645"},'
    '"event_name":"user_send_text","message":{"text":"xin chào","msg_id":"96d3cdf3af150460909"},'
    '"timestamp":"154390853474"}'
).encode()
GOOD = "79c1ae7cec58a192857a6109e37bc6aea1af21dab9570a4eefb049b398bd4cd4"
HMAC = "c950471c094450c1498030f6dc2201949a0885bd21bd95e19bea1559bd8df402"
SERIALISED_ANEW = "393fbcb4f940e23a3114f79c1d270546de57048a859ac7878ecd169824a4f4b2"


def test_the_published_signature_holds() -> None:
    assert len(RAW) == 265
    for header in (f"mac={GOOD}", GOOD, f" mac={GOOD.upper()} "):
        assert verified(RAW, header, APP, SECRET)


@pytest.mark.parametrize(
    ("header", "app", "secret"),
    [
        (f"mac={HMAC}", APP, SECRET),
        (f"mac={SERIALISED_ANEW}", APP, SECRET),
        (f"mac={GOOD}", "388613280878808645", SECRET),
        (f"mac={GOOD}", APP, ""),
        (f"mac={GOOD}", "", SECRET),
        (None, APP, SECRET),
        ("", APP, SECRET),
        ("mac=ồ", APP, SECRET),
    ],
)
def test_anything_else_fails(header: str | None, app: str, secret: str) -> None:
    assert not verified(RAW, header, app, secret)


def test_the_bytes_count_and_not_their_meaning() -> None:
    assert not verified(json.dumps(json.loads(RAW)).encode(), f"mac={GOOD}", APP, SECRET)
    assert not verified(RAW + b" ", f"mac={GOOD}", APP, SECRET)
    assert not verified(b"[" * 100_000, f"mac={GOOD}", APP, SECRET)


@pytest.mark.parametrize(
    ("verifier", "challenge"),
    [
        (
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
        (
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "6oZqdX5MOLq_qBJ8vppAnT4fk6AP8UiP9zX8-Rev_9A",
        ),
    ],
)
def test_pkce_vectors(verifier: str, challenge: str) -> None:
    assert challenge_of(verifier) == challenge


def test_a_new_verifier_has_43_characters() -> None:
    assert len(new_verifier()) == 43
    assert new_verifier() != new_verifier()


def test_appsecret_proof_vector() -> None:
    assert appsecret_proof("APP_SECRET", "ACCESS_TOKEN") == (
        "a727796e1b4e9053916f82f7a0b90f240862b289bb3c9ac5ff6e2231e18a491c"
    )
