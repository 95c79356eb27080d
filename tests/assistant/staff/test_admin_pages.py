"""Accounts, the audit log, proposals and updates."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from assistant.feedback.items import NewItem
from assistant.feedback.learning.proposals import Proposals, ProposalState
from assistant.feedback.learning.release import ReleaseBusyError, Releases
from assistant.feedback.tables import releases
from assistant.feedback.values import DecisionKind, Kind, Origin, State
from assistant.staff.roles import Role
from assistant.staff.sessions import Stage

BIRTH = "1.001193"


def shown_password(html: str) -> str:
    match = re.search(r'<code class="secret">([a-z0-9-]+)</code>', html)
    assert match is not None
    return match.group(1)


def proposal(office: Any) -> int:
    new = NewItem(Kind.UNANSWERED, Origin.DECLINED, "zalo", "giấy báo sinh cần gì")
    item = office.items.create(new)
    (made,) = Proposals(office.database).decide(
        item.id,
        None,
        DecisionKind.MISSING_ALIAS,
        {"code": BIRTH, "phrase": "giấy báo sinh"},
        office.app.state.motcua.engine.knowledge.catalogue,
        "reviewer",
    )
    return int(made.id)


# --- accounts --------------------------------------------------------------------------------


def test_an_account_is_made_changed_reset_and_stopped(office: Any) -> None:
    admin = office.browser(Role.ADMIN)
    form = {"username": "Mai", "name": "Phạm Mai", "role": "reviewer"}
    page = admin.post("/staff/tai-khoan", form)
    first = shown_password(page.text)
    account = office.accounts.by_username("mai")
    assert office.accounts.check_password("mai", first).must_change_password
    assert "Phạm Mai" in admin.get("/staff/tai-khoan").text
    path = f"/staff/tai-khoan/{account.id}"

    token = office.sessions.begin(account.id, Stage.FULL)
    assert admin.post(path, {"name": "Phạm Thị Mai", "role": "editor"}).status_code == 303
    changed = office.accounts.get(account.id)
    assert (changed.name, changed.role) == ("Phạm Thị Mai", Role.EDITOR)
    assert office.sessions.find(token) is None, "with another role one signs in again"

    for _ in range(5):
        office.accounts.check_password("mai", "sai")
    assert "Mở khoá" in admin.get(path).text
    admin.post(f"{path}/mo-khoa")
    assert office.accounts.check_password("mai", first) is not None

    second = shown_password(admin.post(f"{path}/mat-khau").text)
    assert office.accounts.check_password("mai", first) is None
    assert office.accounts.check_password("mai", second) is not None

    token = office.sessions.begin(account.id, Stage.FULL)
    assert admin.post(f"{path}/ngung").status_code == 303
    assert office.sessions.find(token) is None
    assert office.accounts.check_password("mai", second) is None
    admin.post(f"{path}/mo")
    assert office.accounts.check_password("mai", second) is not None

    entries, _ = office.audit.find(subject="account", subject_id=account.id)
    assert [entry.action for entry in entries if entry.actor == "admin"] == [
        "account.enable",
        "account.disable",
        "account.reset",
        "account.unlock",
        "account.update",
        "account.create",
    ]
    assert not any(first in str(entry) or second in str(entry) for entry in entries)
    log = admin.get("/staff/nhat-ky?doi-tuong=account").text
    assert "Cán bộ xử lý" not in re.sub(r"<select.*?</select>", "", log, flags=re.DOTALL)
    assert "Cấp lại mật khẩu" in log


@pytest.mark.parametrize(
    "form",
    [
        {"username": "reviewer", "name": "Trùng", "role": "reviewer"},
        {"username": "có dấu", "name": "x", "role": "reviewer"},
        {"username": "moi", "name": "x", "role": "chief"},
    ],
)
def test_what_cannot_be_an_account_is_not_made(office: Any, form: dict[str, str]) -> None:
    office.member(Role.REVIEWER)
    before = len(office.accounts.all())
    answer = office.browser(Role.ADMIN).post("/staff/tai-khoan", form)
    assert answer.status_code == 422
    assert f'value="{form["name"]}"' in answer.text
    assert len(office.accounts.all()) == before + 1, "only the administrator's own was added"


def test_the_last_administrator_stays_one(office: Any) -> None:
    admin = office.browser(Role.ADMIN)
    own = office.member(Role.ADMIN)
    path = f"/staff/tai-khoan/{own.id}"
    assert admin.post(path, {"name": "x", "role": "reviewer"}).status_code == 422
    assert admin.post(f"{path}/ngung").status_code == 422
    assert admin.post(f"{path}/mat-khau").status_code == 422
    assert office.accounts.get(own.id).role is Role.ADMIN
    second = office.accounts.add("second", "Hai", Role.ADMIN)
    assert admin.post(path, {"name": "x", "role": "reviewer"}).status_code == 303
    assert office.accounts.get(own.id).role is Role.REVIEWER
    assert office.accounts.get(second.id).role is Role.ADMIN


def test_accounts_that_are_not_there(office: Any) -> None:
    admin = office.browser(Role.ADMIN)
    assert admin.get("/staff/tai-khoan/99").status_code == 404
    assert admin.post("/staff/tai-khoan/99/ngung").status_code == 404


# --- the audit log ---------------------------------------------------------------------------


def test_the_log_is_filtered_and_has_pages(office: Any) -> None:
    for number in range(60):
        office.audit.record("lan", "item.note", "item", number)
    office.audit.record("mai", "pause.start", "notice", 1, {}, {"reason": "<b>lỗi</b>"})
    admin = office.browser(Role.ADMIN)
    assert "<h2>61 dòng</h2>" in admin.get("/staff/nhat-ky").text
    assert "Trang 2 / 2" in admin.get("/staff/nhat-ky?trang=2").text
    only = admin.get("/staff/nhat-ky?nguoi=mai&viec=pause.start").text
    assert "<h2>1 dòng</h2>" in only
    assert "&lt;b&gt;lỗi&lt;/b&gt;" in only
    assert "<h2>0 dòng</h2>" in admin.get("/staff/nhat-ky?den=2020-01-01").text
    assert admin.get("/staff/nhat-ky?tu=x&trang=-1").status_code == 200


# --- proposals and updates -------------------------------------------------------------------


def test_an_editor_accepts_and_a_reviewer_only_reads(office: Any) -> None:
    number = proposal(office)
    reviewer, editor = office.browser(Role.REVIEWER), office.browser(Role.EDITOR)
    page = reviewer.get(f"/staff/de-xuat/{number}").text
    assert "giấy báo sinh" in page
    assert '<span class="add">+' in page
    assert ">Duyệt<" not in page
    assert reviewer.post(f"/staff/de-xuat/{number}/duyet").status_code == 403
    assert editor.post(f"/staff/de-xuat/{number}/duyet").status_code == 303
    book = Proposals(office.database)
    assert book.get(number).state is ProposalState.ACCEPTED
    again = editor.post(f"/staff/de-xuat/{number}/duyet")
    assert again.status_code == 409
    assert "đã có người quyết định" in again.text
    assert office.items.get(book.get(number).item_id).state is State.WAITING
    assert "giấy báo sinh" in editor.get("/staff/cap-nhat").text

    assert editor.post(f"/staff/de-xuat/{number}/khong-duyet").status_code == 422
    taken_back = editor.post(f"/staff/de-xuat/{number}/khong-duyet", {"reason": "Nhầm"})
    assert taken_back.status_code == 303
    assert book.get(number).reason == "Nhầm"
    assert "giấy báo sinh" in editor.get("/staff/de-xuat?trang-thai=rejected").text
    assert editor.get("/staff/de-xuat/99").status_code == 404


def test_an_update_starts_only_when_there_is_something_to_learn(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = office.browser(Role.EDITOR)
    nothing = editor.post("/staff/cap-nhat")
    assert nothing.status_code == 409
    assert "Chưa có đề xuất nào được duyệt" in nothing.text
    number = proposal(office)
    Proposals(office.database).accept(number, "editor")
    started: list[list[str]] = []

    class Popen:
        def __init__(self, command: list[str], **_: Any) -> None:
            started.append(command)

        def wait(self) -> int:
            return 0

    monkeypatch.setattr("assistant.feedback.learning.release.subprocess.Popen", Popen)
    assert editor.post("/staff/cap-nhat").status_code == 303
    ((*_, actor),) = started
    assert actor == "editor"

    def busy(self: Releases, actor: str) -> None:
        raise ReleaseBusyError

    monkeypatch.setattr(Releases, "start", busy)
    assert "đang được kiểm tra" in editor.post("/staff/cap-nhat").text


def test_an_update_shows_its_figures_and_can_be_taken_back(office: Any) -> None:
    row = {
        "state": "refused",
        "started_by": "editor",
        "started_at": datetime.now(UTC),
        "finished_at": datetime.now(UTC),
        "before": {"figures": {"correct": 0.91}, "right": 91, "of": 100},
        "after": {"figures": {"correct": 0.9}, "right": 90, "of": 100, "broken": ["q7"]},
        "reason": "Kém đi",
        "folder": "",
        "model": "",
    }
    with office.database.begin() as connection:
        connection.execute(insert(releases).values(row))
    editor = office.browser(Role.EDITOR)
    page = editor.get("/staff/cap-nhat/1").text
    for part in ("91/100", "90/100", "0,91", "0,9<", "Kém đi", "q7", "Trả lời đúng"):
        assert part in page
    assert "91 → 90 / 100" in editor.get("/staff/cap-nhat").text
    assert editor.get("/staff/cap-nhat/9").status_code == 404
    assert editor.post("/staff/cap-nhat/quay-lai").status_code == 409
    nothing = editor.post("/staff/cap-nhat/quay-lai", {"reason": "Sai"})
    assert "Không có bản nào để quay lại" in nothing.text
