"""The queue and an item's page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.items import Item, NewItem
from assistant.feedback.period import VIETNAM
from assistant.feedback.values import Kind, Origin, State
from assistant.staff.roles import Role

BIRTH = "1.001193"
RESIDENCE = "1.004194"
SNAPSHOT = {
    "question": "làm giấy chứng sinh điện tử cần gì",
    "read_as": "làm giấy chứng sinh điện tử cần gì",
    "intent": "ask_procedure",
    "aspects": ["documents"],
    "candidates": [[RESIDENCE, 0.61], [BIRTH, 0.22]],
    "confidence": 0.61,
    "reply": "Đăng ký tạm trú cần các giấy tờ sau",
    "kind": "answer",
    "procedure": RESIDENCE,
    "catalogue_version": "test",
    "vote_reason": "wrong_procedure",
    "comment": "",
}


def put(office: Any, **changes: Any) -> Item:
    values: dict[str, Any] = {
        "kind": Kind.ANSWER,
        "origin": Origin.VOTE,
        "channel": "telegram",
        "text": "làm giấy chứng sinh điện tử cần gì",
        "conversation": "telegram:7",
        "handle": "h1",
        "snapshot": SNAPSHOT,
        "procedure": RESIDENCE,
    }
    item: Item = office.items.create(NewItem(**{**values, **changes}))
    return item


def listed(html: str) -> set[int]:
    return {int(found) for found in re.findall(r'href="/staff/muc/(\d+)"', html)}


def test_filters_find_what_they_name(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    me = office.member(Role.REVIEWER).id
    vote = put(office)
    wish = put(
        office,
        kind=Kind.SUGGESTION,
        origin=Origin.PAGE,
        channel="web",
        text="Thêm ghế ngồi",
        procedure=None,
        snapshot={},
        tracked=True,
    )
    late = put(office, text="Câu đã quá hạn", origin=Origin.DECLINED, kind=Kind.UNANSWERED)
    office.items.update(
        late.id, None, {"due_at": datetime.now(UTC) - timedelta(days=1), "assignee": me}, "x"
    )
    done = put(office, text="Đã xong từ lâu")
    office.items.update(done.id, None, {"state": State.DONE}, "x")
    today = datetime.now(VIETNAM).date()
    cases = {
        "": {vote.id, wish.id, late.id},
        "trang-thai=tat-ca": {vote.id, wish.id, late.id, done.id},
        "trang-thai=done": {done.id},
        "loai=suggestion": {wish.id},
        "nguon=declined": {late.id},
        "kenh=web": {wish.id},
        f"thu-tuc={RESIDENCE}": {vote.id, late.id},
        "nguoi=toi": {late.id},
        "nguoi=chua": {vote.id, wish.id},
        f"nguoi={me}": {late.id},
        "qua-han=1": {late.id},
        "tim=ghe+ngoi": {wish.id},
        f"tim={wish.code}": {wish.id},
        f"tu={today - timedelta(days=2)}": {vote.id, wish.id, late.id},
        f"den={today - timedelta(days=2)}": set(),
        "loai=nonsense&nguoi=x&tu=yesterday&trang=abc&nhom=-1": {vote.id, wish.id, late.id},
    }
    for query, expected in cases.items():
        page = browser.get(f"/staff?{query}")
        assert page.status_code == 200
        assert listed(page.text) == expected, query


def test_long_lists_have_pages(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    made = {put(office, text=f"câu số {n}").id for n in range(27)}
    first = listed(browser.get("/staff").text)
    second = browser.get("/staff?trang=2")
    assert first | listed(second.text) == made
    assert "Trang 2 / 2" in second.text


def test_a_page_shows_the_conversation_what_was_understood_and_the_record(office: Any) -> None:
    log = TurnLog(office.database)
    for number, handle in enumerate(("h0", "h1", "h2")):
        log.record(
            Turn("telegram:7", "telegram", f"câu hỏi {number}", "", "ask_procedure", "answer",
                 None, (), (), 0.5, f"câu trả lời {number}", 1.0, "test", handle=handle)
        )  # fmt: skip
    item = put(office)
    page = office.browser(Role.REVIEWER).get(f"/staff/muc/{item.id}").text
    for number in range(3):
        assert f"câu hỏi {number}" in page
    assert re.search(r'<li class="own">\s*<p class="asked">.*?câu hỏi 1</p>', page)
    assert "61%" in page
    assert "Không đúng thủ tục tôi hỏi" in page
    assert f'href="/thu-tuc/{RESIDENCE}"' in page
    assert "Mức đầy đủ" in page


def test_a_decision_becomes_a_proposal(office: Any) -> None:
    from assistant.feedback.learning.proposals import Proposals

    item = put(office)
    browser = office.browser(Role.REVIEWER)
    form = {"version": item.version, "decision": "missing_alias", "code": f"{BIRTH} Khai",
            "phrase": "giấy chứng sinh điện tử", "turns": "giấy chứng sinh điện tử"}  # fmt: skip
    answer = browser.post(f"/staff/muc/{item.id}/quyet-dinh", form)
    assert answer.status_code == 303, answer.text
    (proposal,) = Proposals(office.database).find(item_id=item.id)
    assert proposal.created_by == "reviewer"
    assert proposal.change.code == BIRTH
    after = office.items.get(item.id)
    assert after.state is State.OPEN
    assert after.decision == "missing_alias"
    page = browser.get(answer.headers["location"]).text
    assert "chờ biên tập viên duyệt" in page
    assert "giấy chứng sinh điện tử" in page


def test_a_new_fee_is_typed_as_an_amount(office: Any) -> None:
    from assistant.feedback.learning.proposals import Proposals

    item = put(office)
    form = {"version": item.version, "decision": "missing_field", "code": RESIDENCE,
            "field": "fees.-", "value": "20.000 đồng", "source": "Thông tư 75/2022/TT-BTC",
            "link": "https://vanban.chinhphu.vn/?docid=1", "checked": "2026-01-05",
            "turns": SNAPSHOT["question"]}  # fmt: skip
    answer = office.browser(Role.REVIEWER).post(f"/staff/muc/{item.id}/quyet-dinh", form)
    assert answer.status_code == 303, answer.text
    (proposal,) = Proposals(office.database).find(item_id=item.id)
    assert proposal.change.correction.value["amount"] == 20_000
    assert proposal.regression["turns"] != [SNAPSHOT["question"]], "that asks for papers"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "Bạn chọn một quyết định"),
        ({"decision": "x"}, "Bạn chọn một quyết định"),
        ({"decision": "not_actionable"}, "Bạn ghi lý do"),
        ({"decision": "forward", "reason": "chuyển"}, "Bạn ghi cơ quan"),
        ({"decision": "missing_alias", "code": "9.9"}, "Không có thủ tục mang mã"),
        ({"decision": "wrong_field", "code": BIRTH, "value": "x"}, "Bạn cần điền mục này"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    office: Any, form: dict[str, str], message: str
) -> None:
    item = put(office)
    typed = {"version": item.version, "turns": "câu tôi đã sửa", **form}
    answer = office.browser(Role.REVIEWER).post(f"/staff/muc/{item.id}/quyet-dinh", typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert "câu tôi đã sửa" in answer.text
    assert office.items.get(item.id) == item


def test_forwarding_tells_the_citizen_and_dismissing_needs_a_reason(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    wish = put(office, kind=Kind.COMPLAINT, origin=Origin.FLOW, snapshot={}, tracked=True)
    form = {"version": wish.version, "decision": "forward", "to": "Công an phường Thử"}
    assert browser.post(f"/staff/muc/{wish.id}/quyet-dinh", form).status_code == 303
    after = office.items.get(wish.id)
    assert after.state is State.DONE
    assert "Công an phường Thử" in after.reply
    refused = browser.post(
        f"/staff/muc/{wish.id}/quyet-dinh",
        {"version": after.version, "decision": "right_procedure", "code": BIRTH},
    )
    assert refused.status_code == 422


def test_two_members_do_not_overwrite_each_other(office: Any) -> None:
    item = put(office, tracked=True)
    first, second = office.browser(Role.REVIEWER), office.browser(Role.EDITOR)
    path = f"/staff/muc/{item.id}/tra-loi"
    ok = first.post(path, {"version": item.version, "reply": "Trả lời của người thứ nhất"})
    assert ok.status_code == 303
    late = second.post(path, {"version": item.version, "reply": "Câu tôi viết rất lâu"})
    assert late.status_code == 409
    assert "reviewer vừa thay đổi mục này" in late.text
    assert "Câu tôi viết rất lâu" in late.text
    assert office.items.get(item.id).reply == "Trả lời của người thứ nhất"
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version is not None
    again = second.post(path, {"version": version.group(1), "reply": "Câu tôi viết rất lâu",
                               "dong": "1"})  # fmt: skip
    assert again.status_code == 303
    after = office.items.get(item.id)
    assert after.reply == "Câu tôi viết rất lâu"
    assert after.state is State.DONE
    entries, _ = office.audit.find(subject="item", subject_id=item.id)
    assert [entry.actor for entry in entries] == ["editor", "reviewer"]
    assert entries[0].before["reply"] == "Trả lời của người thứ nhất"


def test_assigning_takes_an_item_up_and_sets_its_end(office: Any) -> None:
    item = put(office)
    browser = office.browser(Role.REVIEWER)
    person = office.member(Role.EDITOR)
    path = f"/staff/muc/{item.id}/phan-cong"
    form = {"version": item.version, "assignee": person.id, "due": "2026-12-24"}
    assert browser.post(path, form).status_code == 303
    after = office.items.get(item.id)
    assert (after.assignee, after.state) == (person.id, State.OPEN)
    assert after.due_at == datetime(2026, 12, 24, 16, 59, 59, tzinfo=UTC)
    page = browser.get(f"/staff/muc/{item.id}").text
    assert 'value="2026-12-24"' in page
    assert "Cán bộ editor" in page
    same = {"version": after.version, "assignee": person.id, "due": "2026-12-24"}
    browser.post(path, same)
    assert office.items.get(item.id).version == after.version, "nothing was changed"
    bad = {"version": after.version, "due": "mai"}
    assert browser.post(path, bad).status_code == 422
    for nobody in ("999", "x"):
        wrong = {"version": after.version, "assignee": nobody}
        assert browser.post(path, wrong).status_code == 422


def test_notes_are_masked_and_shown(office: Any) -> None:
    item = put(office)
    browser = office.browser(Role.REVIEWER)
    text = "Đã gọi 0912 345 678, <i>hẹn</i> thứ Hai"
    assert browser.post(f"/staff/muc/{item.id}/ghi-chu", {"note": text}).status_code == 303
    page = browser.get(f"/staff/muc/{item.id}").text
    assert "0912 345 678" not in page
    assert "&lt;i&gt;hẹn&lt;/i&gt;" in page
    assert browser.post(f"/staff/muc/{item.id}/ghi-chu", {"note": " "}).status_code == 422


def test_closing_and_opening_again(office: Any) -> None:
    item = put(office)
    browser = office.browser(Role.REVIEWER)
    path = f"/staff/muc/{item.id}/trang-thai"
    browser.post(path, {"version": item.version, "trang-thai": "xong"})
    closed = office.items.get(item.id)
    assert closed.state is State.DONE
    assert closed.closed_at is not None
    browser.post(path, {"version": closed.version, "trang-thai": "mo"})
    assert office.items.get(item.id).state is State.OPEN
    assert browser.post(path, {"version": closed.version, "trang-thai": "x"}).status_code == 422
    assert browser.post(path, {"trang-thai": "xong"}).status_code == 422


def test_the_contact_is_shown_on_a_click_that_is_recorded(office: Any) -> None:
    sealed = office.keys.seal.close("0912 345 678")
    item = put(office, contact=sealed, consent_at=datetime.now(UTC))
    reviewer, editor = office.browser(Role.REVIEWER), office.browser(Role.EDITOR)
    path = f"/staff/muc/{item.id}"
    assert "0912 345 678" not in editor.get(path).text
    assert reviewer.post(f"{path}/lien-he").status_code == 403
    assert not office.audit.find(action="item.contact_shown")[0]
    shown = editor.post(f"{path}/lien-he")
    assert "0912 345 678" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    (entry,) = office.audit.find(action="item.contact_shown")[0]
    assert (entry.actor, entry.subject_id) == ("editor", str(item.id))
    assert "0912" not in str(entry)
    assert "0912 345 678" not in editor.get(path).text


def test_several_items_at_once(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    person = office.member(Role.EDITOR)
    first, second, third = (put(office, tracked=True) for _ in range(3))
    chosen = [f"{item.id}:{item.version}" for item in (first, second)]
    answer = browser.post("/staff/hang-loat", {"muc": chosen, "viec": "giao",
                                               "nguoi-nhan": person.id})  # fmt: skip
    assert "Đã làm với 2 mục" in answer.text
    assert office.items.get(second.id).assignee == person.id
    assert office.items.get(third.id).assignee is None

    stale = browser.post("/staff/hang-loat", {"muc": [*chosen, f"{third.id}:{third.version}"],
                                              "viec": "bo-qua", "reason": "Tin thử"})  # fmt: skip
    assert "Đã làm với 1 mục" in stale.text
    assert f"#{first.id}, #{second.id} vừa được người khác thay đổi" in stale.text
    assert office.items.get(third.id).state is State.DISMISSED
    assert office.items.get(first.id).state is State.OPEN

    fresh = [f"{i}:{office.items.get(i).version}" for i in (first.id, second.id)]
    browser.post("/staff/hang-loat", {"muc": fresh[:1], "viec": "chuyen", "to": "Sở Tư pháp"})
    assert "Sở Tư pháp" in office.items.get(first.id).reply
    browser.post("/staff/hang-loat", {"muc": fresh[1:], "viec": "xong"})
    assert office.items.get(second.id).state is State.DONE


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"viec": "giao"}, 422),
        ({"viec": "bo-qua", "muc": "1:1"}, 422),
        ({"viec": "chuyen", "muc": "1:1"}, 422),
        ({"viec": "x", "muc": "1:1"}, 422),
        ({"viec": "xong", "muc": ["x", "1", "9:9:9", "99999:1"]}, 200),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    office: Any, form: dict[str, Any], status: int
) -> None:
    item = put(office)
    answer = office.browser(Role.REVIEWER).post("/staff/hang-loat", form)
    assert answer.status_code == status
    assert office.items.get(item.id) == item


def test_days_are_those_of_vietnam(office: Any) -> None:
    from datetime import date

    from assistant.staff.queue import read_wanted, start_of_day

    assert start_of_day(date(2026, 3, 2)) == datetime(2026, 3, 1, 17, tzinfo=UTC)
    wanted = read_wanted({"tu": "2026-03-02", "den": "2026-03-02"}, 1).filter
    assert wanted.since == datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert wanted.until == datetime(2026, 3, 2, 17, tzinfo=UTC)


def test_an_item_that_is_not_there(office: Any) -> None:
    answer = office.browser(Role.REVIEWER).get("/staff/muc/77")
    assert answer.status_code == 404
    assert "Không có mục này" in answer.text


def test_what_was_tapped_is_put_into_words(office: Any) -> None:
    browser = office.browser(Role.REVIEWER)
    for text, words in (
        (f"p:{RESIDENCE}:fees", "[Bấm chọn] Đăng ký tạm trú: Phí, lệ phí"),
        (f"p:{RESIDENCE}", "[Bấm chọn] Đăng ký tạm trú"),
        (f"t:{RESIDENCE}:Hải Phòng", "[Bấm chọn] Đăng ký tạm trú: Hải Phòng"),
        ("f:Hộ tịch", "[Bấm chọn] Hộ tịch"),
        ("p:nonsense", "p:nonsense"),
    ):
        item = put(office, text=text, snapshot=SNAPSHOT | {"question": text})
        for path in ("/staff", f"/staff/muc/{item.id}"):
            assert words in browser.get(path).text


def test_every_action_that_is_recorded_has_a_name() -> None:
    from pathlib import Path

    import assistant
    from assistant.staff.labels import ACTIONS

    root = Path(assistant.__file__).parent
    kinds = "item|account|proposal|release|notice|pause|privacy|sign_in"
    found = {
        action
        for path in root.rglob("*.py")
        for action in re.findall(rf'"((?:{kinds})\.[a-z_]+)"', path.read_text("utf-8"))
        if not action.endswith(".html")
    }
    assert found <= set(ACTIONS)
    assert len(found) > 20
