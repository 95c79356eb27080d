from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.app import create_app

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(settings: Settings, engine: Engine) -> Iterator[str]:
    """The application on a real socket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        create_app(settings, engine), port=port, ws="wsproto", log_level="warning"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


def test_health_readiness_and_metrics(address: str) -> None:
    assert httpx.get(f"{address}/healthz").text == "ok"
    ready = httpx.get(f"{address}/readyz")
    assert ready.status_code == 200
    assert ready.json()["database"] is True
    httpx.post(f"{address}/api/v1/messages", json={"conversation": "m", "text": "chào"})
    assert (
        'motcua_replies_total{channel="api",kind="smalltalk"}'
        in httpx.get(f"{address}/metrics").text
    )


def test_a_conversation_over_http(address: str) -> None:
    url = f"{address}/api/v1/messages"
    body = {"conversation": "http-1", "text": "đăng ký thường trú hết bao nhiêu tiền", "choice": ""}
    (reply,) = httpx.post(url, json=body).json()["replies"]
    assert reply["procedure"] == "1.004222"
    assert reply["choices"]
    body = {"conversation": "http-1", "text": "", "choice": reply["choices"][0]["id"]}
    (second,) = httpx.post(url, json=body).json()["replies"]
    assert second["procedure"] == "1.004222"
    assert second["aspects"] != reply["aspects"]


def test_a_conversation_without_a_name_gets_one_nobody_can_guess(address: str) -> None:
    url = f"{address}/api/v1/messages"
    names = {httpx.post(url, json={"text": "chào"}).json()["conversation"] for _ in range(2)}
    assert len(names) == 2
    assert all(len(name) > 30 for name in names)


@pytest.mark.parametrize(
    "content", [b"", b"not json", b"[]", b'{"text": 5}', b'{"conversation": "a b<script>"}']
)
def test_bad_input_is_refused_with_a_reason(address: str, content: bytes) -> None:
    answer = httpx.post(
        f"{address}/api/v1/messages", content=content, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_conversation_can_be_deleted(address: str, engine: Engine) -> None:
    httpx.post(f"{address}/api/v1/messages", json={"conversation": "del", "text": "tạm trú ở đâu"})
    assert engine.turns.of_conversation("api:del")
    assert httpx.delete(f"{address}/api/v1/conversations/del").status_code == 204
    assert engine.turns.of_conversation("api:del") == []


def test_the_contract_is_documented(address: str) -> None:
    schema = httpx.get(f"{address}/api/openapi.json").json()
    assert "/api/v1/messages" in schema["paths"]
    page = httpx.get(f"{address}/api/docs")
    assert page.status_code == 200
    assert "http" not in page.text.replace("/api/", "")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "http" not in policy
    assert "SwaggerUIBundle(" in httpx.get(f"{address}/api/docs/start.js").text
    assert httpx.get(f"{address}/api/docs/other.js").status_code == 404


def test_pages_carry_a_strict_policy(address: str) -> None:
    page = httpx.get(f"{address}/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"


def test_a_reply_is_voted_on_over_http(address: str, engine: Engine) -> None:
    body = {"conversation": "vote-1", "text": "đăng ký thường trú hết bao nhiêu tiền"}
    answered = httpx.post(f"{address}/api/v1/messages", json=body).json()
    (handle,) = answered["feedback"]
    assert handle
    assert "feedback" not in answered["replies"][0], "the reply object is the public contract"
    url = f"{address}/api/v1/feedback"
    vote = {"conversation": "vote-1", "feedback": handle, "useful": False}
    given = httpx.post(url, json={**vote, "reason": "outdated", "comment": "gọi 0912 345 678"})
    assert given.status_code == 200
    code = given.json()["code"]
    item = engine.feedback.items.by_code(code)
    assert item is not None
    assert item.snapshot["vote_reason"] == "outdated"
    assert "0912" not in item.snapshot["comment"]
    body = {"conversation": "vote-2", "text": code}
    assert "Đã tiếp nhận" in httpx.post(f"{address}/api/v1/messages", json=body).text
    assert httpx.post(url, json={**vote, "useful": True}).json() == {"useful": True, "code": code}
    assert httpx.post(url, json={**vote, "conversation": "vote-2"}).status_code == 404
    assert httpx.post(url, json={**vote, "reason": "because"}).status_code == 422
    assert httpx.post(url, json={**vote, "feedback": "x" * 41}).status_code == 422
