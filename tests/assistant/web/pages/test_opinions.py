"""The public forms, without JavaScript as a citizen's old telephone sends them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import html5lib
import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.feedback.forms import SENDINGS
from assistant.feedback.hearing import Heard, Hearing
from assistant.feedback.items import Item
from assistant.feedback.tables import ratings
from assistant.feedback.values import Kind, Origin, State
from assistant.settings import Settings
from assistant.web.app import create_app
from connectors.message import Paragraph

COMPLAINT = {
    "kind": "complaint",
    "about": "attitude",
    "place": "UBND phường Thử",
    "text": "Cán bộ quầy 3 to tiếng với người già",
}
SCRIPT = "<script>document.title='hacked'</script><img src=x onerror=alert(1)>"


@pytest.fixture
def engine(scripted: Any) -> Any:
    return scripted.ScriptedEngine()


@pytest.fixture
def web(engine: Any, tmp_path: Path) -> TestClient:
    app = create_app(Settings(data_dir=tmp_path, public_url="https://m.example.vn"), engine)
    return TestClient(app, base_url="https://m.example.vn")


def token(web: TestClient, path: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', web.get(path).text)
    assert found is not None
    return found.group(1)


@pytest.fixture
def send(web: TestClient) -> Callable[..., httpx.Response]:
    def post(path: str, **fields: str) -> httpx.Response:
        return web.post(path, data={"token": token(web, path), **fields})

    return post


def only(engine: Any) -> Item:
    found, total = engine.feedback.items.find()
    assert total == 1
    item: Item = found[0]
    return item


@pytest.mark.parametrize(
    "path", ["/gop-y", "/khao-sat", "/tra-cuu", "/gop-y?thu-tuc=1.001193&noi=Quầy%203"]
)
def test_forms_are_valid_labelled_and_kept_by_nobody(web: TestClient, path: str) -> None:
    response = web.get(path)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert "script-src 'none'" in response.headers["content-security-policy"]
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.text)
    labelled = {label.get("for") for label in page.findall(".//label")}
    within = {id(field) for label in page.findall(".//label") for field in label.iter()}
    for field in [*page.findall(".//form//input"), *page.findall(".//form//textarea")]:
        if field.get("type") != "hidden":
            assert field.get("id") in labelled or id(field) in within, field.attrib


def test_a_complaint_gets_a_code_that_shows_its_state(
    web: TestClient, engine: Any, send: Callable[..., httpx.Response]
) -> None:
    done = send("/gop-y", **COMPLAINT)
    assert done.status_code == 200
    item = only(engine)
    assert item.code is not None
    assert item.code in done.text
    assert (item.kind, item.origin, item.channel) == (Kind.COMPLAINT, Origin.PAGE, "page")
    assert (item.about, item.place) == ("attitude", "UBND phường Thử")
    assert item.contact == ""
    assert "Đã tiếp nhận" in web.post("/tra-cuu", data={"ma": item.code}).text
    engine.feedback.items.update(
        item.id, None, {"state": State.DONE, "reply": f"Đã nhắc nhở {SCRIPT}"}, "lan"
    )
    shown = web.post("/tra-cuu", data={"ma": item.code.removeprefix("MC-").lower()}).text
    assert "Đã xử lý" in shown
    assert "Đã nhắc nhở" in shown
    assert "<script>document" not in shown
    assert "quầy 3" not in shown, "what was written is not shown to whoever has the code"


def test_an_opinion_about_a_procedure_names_it(
    web: TestClient, engine: Any, send: Callable[..., httpx.Response]
) -> None:
    assert "khai sinh" in web.get("/gop-y?thu-tuc=1.001193").text
    send("/gop-y", **{**COMPLAINT, "thu_tuc": "1.001193"})
    assert only(engine).procedure == "1.001193"
    send("/gop-y", **{**COMPLAINT, "thu_tuc": "not-a-code"})
    assert engine.feedback.items.find()[0][0].procedure is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"text": "tệ"}, "text"),
        ({"text": "  \u200b  "}, "text"),
        ({"kind": ""}, "kind"),
        ({"kind": "unanswered"}, "kind"),
        ({"contact": "gọi tôi", "consent": "1"}, "contact"),
        ({"contact": "0912 345 678"}, "consent"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    engine: Any, send: Callable[..., httpx.Response], changes: dict[str, str], problem: str
) -> None:
    response = send("/gop-y", **{**COMPLAINT, **changes})
    assert response.status_code == 422
    assert f'id="loi-{problem}"' in response.text
    assert 'role="alert"' in response.text
    assert "UBND phường Thử" in response.text
    assert engine.feedback.items.find()[1] == 0


def test_a_contact_is_sealed_and_kept_with_its_consent(
    engine: Any, send: Callable[..., httpx.Response]
) -> None:
    send("/gop-y", **COMPLAINT, contact="0912 345 678", consent="1")
    item = only(engine)
    assert "0912" not in item.contact
    assert engine.feedback.seal.open(item.contact) == "0912 345 678"
    assert item.consent_at is not None
    assert item.consent_at <= datetime.now(UTC)


def test_personal_numbers_are_masked_and_markup_stays_text(
    engine: Any, send: Callable[..., httpx.Response]
) -> None:
    bad = send("/gop-y", **{**COMPLAINT, "kind": "", "text": SCRIPT, "place": SCRIPT})
    assert "<script>document" not in bad.text
    assert "<img" not in bad.text
    send("/gop-y", **{**COMPLAINT, "text": "Số căn cước của tôi là 001099012345, cán bộ ghi sai"})
    assert "001099012345" not in only(engine).text


def test_a_form_that_is_sent_twice_counts_once(web: TestClient, engine: Any) -> None:
    own = token(web, "/gop-y")
    first = web.post("/gop-y", data={"token": own, **COMPLAINT})
    again = web.post("/gop-y", data={"token": own, **COMPLAINT})
    code = only(engine).code or ""
    assert code in first.text
    assert code in again.text


@pytest.mark.parametrize("path", ["/gop-y", "/khao-sat"])
def test_forms_of_others_and_of_robots_are_not_taken(
    web: TestClient, engine: Any, path: str
) -> None:
    fields = {**COMPLAINT, "score": "1", "comment": "Một lời phàn nàn rất dài"}
    own = token(web, path)
    for forged in (
        fields,
        {"token": "", **fields},
        {"token": "made.up", **fields},
        {"token": own[:-1] + ("0" if own[-1] != "0" else "1"), **fields},
        {"token": own, "trang_web": "https://spam.example", **fields},
    ):
        response = web.post(path, data=forged)
        assert response.status_code == 400
        assert "bấm gửi lại" in response.text
    assert engine.feedback.items.find()[1] == 0


def test_one_address_cannot_flood_the_queue(
    engine: Any, send: Callable[..., httpx.Response]
) -> None:
    responses = [send("/gop-y", **COMPLAINT).status_code for _ in range(SENDINGS + 2)]
    assert responses == [200] * SENDINGS + [429] * 2
    assert engine.feedback.items.find()[1] == SENDINGS


def test_an_alarm_is_pointed_to_the_right_body_and_still_recorded(
    engine: Any, send: Callable[..., httpx.Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm = Heard(Hearing.ALARM, (Paragraph("Gọi 113 ngay"),))
    monkeypatch.setattr(engine.ear, "listen", lambda text: alarm)
    response = send("/gop-y", **COMPLAINT)
    assert "Gọi 113 ngay" in response.text
    assert (only(engine).code or "") in response.text


def test_codes_cannot_be_enumerated(
    web: TestClient, engine: Any, send: Callable[..., httpx.Response]
) -> None:
    send("/gop-y", **COMPLAINT)
    code = only(engine).code or ""
    statuses = [
        web.post("/tra-cuu", data={"ma": f"MC-0000-00{n:02d}"[:-1] + "A"}).status_code
        for n in range(0, 110, 10)
    ]
    assert statuses == [404] * 10 + [429]
    blocked = web.post("/tra-cuu", data={"ma": code})
    assert blocked.status_code == 429
    assert "Đã tiếp nhận" not in blocked.text
    assert web.get(f"/tra-cuu?ma={code}").text.find("Đã tiếp nhận") == -1


def _ratings(engine: Any) -> list[tuple[int, str, str]]:
    with engine.database.connect() as connection:
        rows = connection.execute(select(ratings.c.score, ratings.c.place, ratings.c.comment))
        return [tuple(row) for row in rows]


def test_a_survey_takes_a_score_and_the_counter(
    web: TestClient, engine: Any, send: Callable[..., httpx.Response]
) -> None:
    assert 'value="Quầy 3"' in web.get("/khao-sat", params={"noi": "Quầy 3"}).text
    done = send("/khao-sat", score="5", place="Quầy 3", comment="Nhanh, gọn")
    assert done.status_code == 200
    assert _ratings(engine) == [(5, "Quầy 3", "Nhanh, gọn")]
    assert engine.feedback.items.find()[1] == 0
    for score in ("", "0", "6", "x"):
        assert send("/khao-sat", score=score).status_code == 422
    assert len(_ratings(engine)) == 1


def test_a_low_score_with_a_comment_enters_the_queue(
    engine: Any, send: Callable[..., httpx.Response]
) -> None:
    send("/khao-sat", score="2")
    assert engine.feedback.items.find()[1] == 0
    done = send("/khao-sat", score="1", place="Quầy 3", comment="Chờ hai tiếng không ai gọi")
    item = only(engine)
    assert item.code is not None
    assert item.code in done.text
    assert (item.kind, item.place) == (Kind.COMPLAINT, "Quầy 3")
