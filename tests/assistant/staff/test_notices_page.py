from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.feedback.notices import NoticeKind, Notices
from assistant.feedback.period import VIETNAM
from assistant.staff.roles import Role

FORM = {"text": "Thứ Hai 2/3 cơ quan nghỉ.", "reason": "Nghỉ bù", "channel": ""}


def book(office: Any) -> Notices:
    return Notices(office.database, fresh_seconds=0)


def test_a_notice_is_put_up_and_taken_down(office: Any) -> None:
    browser = office.browser(Role.EDITOR)
    assert browser.post("/staff/thong-bao", FORM).status_code == 303
    assert book(office).texts("telegram") == [FORM["text"]]
    page = browser.get("/staff/thong-bao").text
    assert FORM["text"] in page
    assert "Nghỉ bù" in page
    (notice,) = book(office).all()
    assert browser.post(f"/staff/thong-bao/{notice.id}/ket-thuc").status_code == 303
    assert book(office).texts("telegram") == []
    assert browser.post(f"/staff/thong-bao/{notice.id}/ket-thuc").status_code == 404
    actions = [entry.action for entry in office.audit.find(subject="notice")[0]]
    assert actions == ["notice.end", "notice.start"]


def test_only_administrators_pause_and_let_go_on(office: Any) -> None:
    admin, editor = office.browser(Role.ADMIN), office.browser(Role.EDITOR)
    form = FORM | {"channel": "zalo"}
    assert editor.post("/staff/thong-bao/tam-dung", form).status_code == 403
    assert "Tạm dừng trợ lý" not in editor.get("/staff/thong-bao").text
    assert admin.post("/staff/thong-bao/tam-dung", form).status_code == 303
    assert book(office).pause("zalo") is not None
    assert book(office).pause("telegram") is None
    (pause,) = book(office).all()
    assert pause.kind is NoticeKind.PAUSE
    assert editor.post(f"/staff/thong-bao/{pause.id}/ket-thuc").status_code == 403
    assert admin.post(f"/staff/thong-bao/{pause.id}/ket-thuc").status_code == 303
    assert book(office).pause("zalo") is None


def test_times_are_those_of_vietnam(office: Any) -> None:
    later = datetime.now(VIETNAM).replace(second=0, microsecond=0) + timedelta(days=2)
    form = FORM | {"from": f"{later:%Y-%m-%dT%H:%M}", "until": f"{later:%Y-%m-%dT23:59}"}
    assert office.browser(Role.EDITOR).post("/staff/thong-bao", form).status_code == 303
    (notice,) = book(office).all()
    assert notice.starts_at == later.astimezone(UTC)
    assert notice.planned(datetime.now(UTC))
    assert book(office).texts("web") == []
    assert "Sắp có hiệu lực" in office.browser(Role.EDITOR).get("/staff/thong-bao").text


@pytest.mark.parametrize(
    "change",
    [
        {"text": " "},
        {"reason": ""},
        {"channel": "fax"},
        {"from": "mai"},
        {"until": "2020-01-01T00:00"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    office: Any, change: dict[str, str]
) -> None:
    answer = office.browser(Role.EDITOR).post("/staff/thong-bao", FORM | change)
    assert answer.status_code == 422
    kept = "Nghỉ bù" if "reason" not in change else FORM["text"]
    assert kept in answer.text
    assert not book(office).all()
