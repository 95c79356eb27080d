from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

SITE = "https://hongbang.gov.vn"
OTHER = "https://vinhbao.gov.vn"
ID = "0123456789abcdef0123456789abcdef"
MESSAGES = "/api/v1/widget/messages"

Client = httpx.AsyncClient


@pytest.fixture
def client(make_app: Callable[..., Any], client_of: Callable[..., Client]) -> Client:
    return client_of(make_app(allowed_origins=f"{SITE} {OTHER}"))


async def post(client: Client, origin: str = SITE, **body: Any) -> httpx.Response:
    return await client.post(MESSAGES, json=body, headers={"Origin": origin})


async def test_a_message_is_answered_in_blocks(client: Client, engine: Any) -> None:
    response = await post(client, text="làm khai sinh", id=ID)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == SITE
    assert response.headers["cache-control"] == "no-store"
    assert "access-control-allow-credentials" not in response.headers
    assert "set-cookie" not in response.headers
    (reply,) = response.json()["replies"]
    assert reply["kind"] == "answer"
    assert reply["procedure"] == "1.001193"
    assert {"heading", "list", "source"} <= {block["type"] for block in reply["blocks"]}
    assert reply["feedback"] == "handle-1"
    assert engine.heard[0].message_id == ID


async def test_choices_come_back_as_choices(client: Client, engine: Any) -> None:
    first = (await post(client, text="giấy tờ")).json()
    choice = first["replies"][0]["choices"][0]
    second = await post(
        client, conversation=first["conversation"], text=choice["title"], choice=choice["id"]
    )
    assert second.json()["replies"][0]["kind"] == "answer"
    assert engine.heard[1].choice == choice["id"]
    assert engine.heard[0].conversation == engine.heard[1].conversation


async def test_a_repeated_message_is_answered_once(client: Client, engine: Any) -> None:
    engine.pause = 0.01
    many = await asyncio.gather(*(post(client, text="xin chào", id=ID) for _ in range(4)))
    assert len(engine.heard) == 1
    assert len({response.text for response in many}) == 1
    again = await post(client, text="xin chào", id=ID)
    assert again.text == many[0].text
    assert len(engine.heard) == 1


async def test_another_site_does_not_get_the_answer_of_a_repeated_message(
    client: Client, engine: Any
) -> None:
    one = (await post(client, text="xin chào", id=ID)).json()
    two = (await post(client, OTHER, text="xin chào", id=ID)).json()
    assert one["conversation"] != two["conversation"]
    assert len(engine.heard) == 2


async def test_tokens_cannot_be_guessed_and_hold_for_one_site(client: Client, engine: Any) -> None:
    token = (await post(client, text="xin chào")).json()["conversation"]
    for made_up in ("a", "a.b", token[:-1], token + "0", token.split(".")[0], ".", "x" * 100):
        response = await post(client, conversation=made_up, text="xin chào")
        assert response.status_code == 410, made_up
        assert response.headers["access-control-allow-origin"] == SITE
    assert (await post(client, OTHER, conversation=token, text="xin chào")).status_code == 410
    assert (await post(client, conversation=token, text="xin chào")).status_code == 200
    assert len(engine.heard) == 2


async def test_a_website_that_is_not_listed_is_refused(client: Client, engine: Any) -> None:
    for origin in ("https://evil.example", "null", "https://hongbang.gov.vn.evil.example"):
        response = await post(client, origin, text="xin chào")
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
    assert engine.heard == []


async def test_preflight_is_answered_for_listed_websites_only(client: Client) -> None:
    asked = {"Access-Control-Request-Method": "POST"}
    good = await client.options(MESSAGES, headers={"Origin": SITE, **asked})
    assert good.status_code == 204
    assert good.headers["access-control-allow-origin"] == SITE
    assert good.headers["access-control-allow-headers"] == "Content-Type"
    bad = await client.options(MESSAGES, headers={"Origin": "https://evil.example", **asked})
    assert bad.status_code == 403


async def test_errors_can_be_read_by_the_widget_too(client: Client) -> None:
    response = await post(client, text=5)
    assert response.status_code == 422
    assert response.headers["access-control-allow-origin"] == SITE


@pytest.mark.parametrize("body", [{"id": "short"}, {"id": "a b" * 10}, {"text": "a" * 20_001}])
async def test_malformed_messages_are_refused(
    client: Client, engine: Any, body: dict[str, str]
) -> None:
    assert (await post(client, **{"text": "xin chào", **body})).status_code == 422
    assert engine.heard == []


async def test_forgetting_needs_the_token(client: Client, engine: Any) -> None:
    token = (await post(client, text="xin chào", id=ID)).json()["conversation"]
    forget = "/api/v1/widget/forget"
    for wrong in ("", "made-up.0123"):
        response = await client.post(forget, json={"conversation": wrong}, headers={"Origin": SITE})
        assert response.status_code == 410
    assert engine.forgotten == []
    response = await client.post(forget, json={"conversation": token}, headers={"Origin": SITE})
    assert response.status_code == 204
    assert engine.forgotten == [("web", token)]


async def test_configuration(
    make_app: Callable[..., Any], client_of: Callable[..., Client]
) -> None:
    app = make_app(max_message_length=321, widget_suggestions="Một? | Hai?|")
    client = client_of(app)
    config = (await client.get("/api/v1/widget/config")).json()
    assert config["max_length"] == 321
    assert config["suggestions"] == [
        {"title": "Một?", "choice": None},
        {"title": "Hai?", "choice": None},
    ]
    about = (await client.get("/api/v1/widget/config?procedure=1.001193")).json()
    assert about["about"]["id"] == "p:1.001193"
    assert about["suggestions"][0] == {
        "title": "Giấy tờ cần có",
        "choice": "p:1.001193:documents",
    }
    unknown = (await client.get("/api/v1/widget/config?procedure=0.000000")).json()
    assert unknown["about"] is None


async def test_the_widget_is_served_compressed_to_any_site_and_kept_by_caches(
    make_app: Callable[..., Any], client_of: Callable[..., Client]
) -> None:
    client = client_of(make_app())
    for name, kind in (("widget.js", "text/javascript"), ("widget.css", "text/css")):
        response = await client.get(f"/{name}")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(kind)
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        tag = response.headers["etag"]
        again = await client.get(f"/{name}", headers={"If-None-Match": tag})
        assert again.status_code == 304
        plain = await client.get(f"/{name}", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == response.text


async def test_the_engine_that_is_still_loading_is_said_with_503(
    make_app: Callable[..., Any], client_of: Callable[..., Client]
) -> None:
    app = make_app(allowed_origins=SITE)
    app.state.motcua.engine = None
    client = client_of(app)
    response = await post(client, text="xin chào", id=ID)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "2"
    assert response.headers["access-control-allow-origin"] == SITE


async def test_an_answer_is_voted_on_by_whoever_got_it(client: Client, engine: Any) -> None:
    answered = (await post(client, text="làm khai sinh")).json()
    handle = answered["replies"][0]["feedback"]

    async def vote(origin: str = SITE, **changes: Any) -> int:
        body = {
            "conversation": answered["conversation"], "feedback": handle, "useful": True, **changes
        }  # fmt: skip
        headers = {"Origin": origin}
        return (
            await client.post("/api/v1/widget/feedback", json=body, headers=headers)
        ).status_code

    assert await vote() == 204
    assert engine.feedback.votes.of(handle)["useful"] is True
    assert await vote(useful=False) == 204
    assert engine.feedback.votes.of(handle)["useful"] is False
    stranger = (await post(client, text="chào")).json()["conversation"]
    assert await vote(conversation=stranger) == 404
    assert await vote(feedback="handle-99") == 404
    assert await vote(conversation="") == 410
    assert await vote(conversation="made.up") == 410
    assert await vote(OTHER) == 410, "a token is good on its own site alone"
    assert await vote("https://evil.example") == 403
    assert await vote(feedback="<script>") == 422


async def test_a_vote_against_asks_why(client: Client, engine: Any) -> None:
    answered = (await post(client, text="làm khai sinh")).json()
    handle = answered["replies"][0]["feedback"]
    asked = await post(
        client, conversation=answered["conversation"], text="Chưa đúng", choice=f"v:-:{handle}"
    )
    (reply,) = asked.json()["replies"]
    assert reply["kind"] == "feedback"
    assert reply["choices"][0]["id"] == f"w:wrong_procedure:{handle}"
    assert engine.feedback.items.by_handle(handle).code in reply["text"]
