"""The staff console in Chromium: signing in, deciding, and what others have stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import Engine as Database

from assistant.dialogue.database import connect
from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.items import Item, NewItem, ReviewItems
from assistant.feedback.learning.proposals import Proposals
from assistant.feedback.notices import NoticeKind, Notices
from assistant.feedback.values import DecisionKind, Kind, Origin
from assistant.settings import Settings
from assistant.staff.accounts import Accounts
from assistant.staff.console import Keys
from assistant.staff.pages import MENU
from assistant.staff.passwords import generate_password
from assistant.staff.roles import Role
from assistant.staff.sessions import Sessions, Stage
from assistant.web.app import create_app

from .conftest import Served, listen, load_scripted

SCRIPT = "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">"
PHONE = {"viewport": {"width": 360, "height": 740}}
PASSWORD = "cây đa đầu làng rất to"
SNAPSHOT = {
    "question": "làm giấy chứng sinh điện tử cần gì",
    "read_as": "làm giấy chứng sinh điện tử cần gì",
    "intent": "ask_procedure",
    "aspects": ["documents"],
    "candidates": [["1.004194", 0.61], ["1.001193", 0.22]],
    "confidence": 0.61,
    "reply": f"Đăng ký tạm trú {SCRIPT}",
    "kind": "answer",
    "procedure": "1.004194",
    "catalogue_version": "test",
    "vote_reason": "wrong_procedure",
    "comment": f"Sai rồi {SCRIPT}",
}
Violations = Callable[[Page], list[str]]


@dataclass
class Console:
    """A served console, and what its database is reached with."""

    origin: str
    database: Database
    keys: Keys
    item: Item

    def sign_in(self, context: BrowserContext, role: Role, stage: Stage = Stage.FULL) -> None:
        """Gives a browser the session of somebody with a role."""
        book = Accounts(self.database, self.keys.seal)
        account = book.by_username(role.value)
        if account is None:
            account = book.add(role.value, f"Cán bộ {role}", role)
            book.set_password(account.id, PASSWORD, temporary=False)
        token = Sessions(self.database).begin(account.id, stage, browser="Chrome, Linux")
        context.add_cookies([{"name": "motcua-staff", "value": token, "url": self.origin}])


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    folder = tmp_path_factory.mktemp("staff")
    listening, origin = listen()
    settings = Settings(data_dir=folder, public_url=origin, office_name="UBND phường Thử")
    engine = load_scripted().ScriptedEngine()
    engine.database = connect(f"sqlite:///{folder / 'test.sqlite'}")
    app = create_app(settings, engine)
    log = TurnLog(engine.database)
    for number in range(3):
        log.record(
            Turn("telegram:7", "telegram", f"câu hỏi {number} {SCRIPT}", "", "ask_procedure",
                 "answer", None, (), (), 0.5, f"trả lời {number}", 1.0, "test", handle=f"h{number}")
        )  # fmt: skip
    keys: Keys = app.state.staff_keys
    items = ReviewItems(engine.database)
    item = items.create(
        NewItem(
            Kind.ANSWER, Origin.VOTE, "telegram", f"làm giấy chứng sinh {SCRIPT}", "telegram:7",
            "h1", "1.004194", snapshot=SNAPSHOT, contact=keys.seal.close("0912 345 678"),
            consent_at=datetime.now(UTC), tracked=True,
        )
    )  # fmt: skip
    other = items.create(
        NewItem(Kind.COMPLAINT, Origin.PAGE, "web", f"Chờ lâu {SCRIPT}", place=SCRIPT, tracked=True)
    )
    items.update(other.id, None, {"due_at": datetime.now(UTC) - timedelta(days=1)}, "x")
    Proposals(engine.database).decide(
        items.create(NewItem(Kind.UNANSWERED, Origin.DECLINED, "zalo", "giấy báo sinh")).id,
        None,
        DecisionKind.MISSING_ALIAS,
        {"code": "1.001193", "phrase": "giấy báo sinh", "turns": "giấy báo sinh cần gì"},
        engine.knowledge.catalogue,
        "reviewer",
    )
    Notices(engine.database).publish(NoticeKind.NOTICE, f"Nghỉ {SCRIPT}", SCRIPT, "lan")
    served = Served(app, listening)
    served.start()
    yield Console(origin, engine.database, keys, item)
    served.stop()
    engine.database.dispose()


def watch(page: Page) -> list[str]:
    """Collects what the browser complains about, refused scripts included."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    return complaints


def pages(console: Console) -> list[str]:
    own = [entry.path for entry in MENU]
    return [
        *own,
        f"/staff/muc/{console.item.id}",
        f"/staff/muc/{console.item.id + 1}",
        "/staff/nhom",
        "/staff/de-xuat/1",
        "/staff/tai-khoan/1",
        "/staff/toi",
    ]


@pytest.mark.parametrize("options", [{"viewport": {"width": 1280, "height": 900}}, PHONE])
def test_every_page_is_accessible_fits_and_runs_nothing_that_was_stored(
    console: Console, new_context: Any, violations: Violations, options: dict[str, Any]
) -> None:
    context = new_context(**options)
    console.sign_in(context, Role.ADMIN)
    page = context.new_page()
    complaints = watch(page)
    for path in pages(console):
        page.goto(console.origin + path)
        assert "Một Cửa, cán bộ" in page.title(), path
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= options["viewport"]["width"]
    assert complaints == []
    page.goto(f"{console.origin}/staff/muc/{console.item.id}")
    assert SCRIPT in page.inner_text("blockquote")
    assert page.locator("main script, main img").count() == 0


@pytest.mark.parametrize("stage", [Stage.FACTOR, Stage.PASSWORD, Stage.ENROL])
def test_the_steps_of_signing_in_are_accessible(
    console: Console, new_context: Any, violations: Violations, stage: Stage
) -> None:
    context = new_context(**PHONE)
    console.sign_in(context, Role.EDITOR, stage)
    page = context.new_page()
    page.goto(f"{console.origin}/staff")
    assert "/staff/" in page.url
    assert violations(page) == []


def test_signing_in_for_the_first_time_with_the_keyboard(
    console: Console, new_context: Any, violations: Violations
) -> None:
    given = generate_password()
    book = Accounts(console.database, console.keys.seal)
    account = book.add("lan", "Nguyễn Thị Lan", Role.REVIEWER, password=given)
    page = new_context(**PHONE).new_page()
    complaints = watch(page)
    page.goto(f"{console.origin}/staff/muc/{console.item.id}")
    assert violations(page) == []
    page.keyboard.type("lan")
    page.keyboard.press("Tab")
    page.keyboard.type("sai mật khẩu")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Sai tên đăng nhập hoặc mật khẩu")
    page.keyboard.type(given)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đặt mật khẩu của riêng bạn")
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Gõ lại").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Mã QR")).to_be_visible()
    page.get_by_text("Không quét được mã?").click()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    assert secret == book.pending_secret(account.id)
    page.get_by_label("Mã 6 số").fill(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã dự phòng")
    assert page.locator(".codes li").count() == 10
    assert violations(page) == []
    page.get_by_role("link", name="Tôi đã cất mã").click()
    expect(page).to_have_url(f"{console.origin}/staff/muc/{console.item.id}")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("status")).to_have_text("Bạn đã đăng xuất.")
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    assert [line for line in complaints if "401" not in line] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_decision_asks_only_for_what_it_needs(
    console: Console, new_context: Any, scripts: bool
) -> None:
    context = new_context(java_script_enabled=scripts)
    console.sign_in(context, Role.REVIEWER)
    page = context.new_page()
    page.goto(f"{console.origin}/staff/muc/{console.item.id}")
    if page.get_by_text("Quyết định lại").count():  # something was decided before
        page.get_by_text("Quyết định lại").click()
    phrase = page.get_by_label("Người dân gọi thủ tục này là")
    expect(phrase).to_be_hidden()
    page.get_by_label("Thiếu cách gọi của người dân").check()
    expect(phrase).to_be_visible()
    expect(page.get_by_label("Văn bản làm căn cứ")).to_be_hidden()
    page.get_by_label("Thông tin trong thủ tục sai").check()
    expect(phrase).to_be_hidden()
    expect(page.get_by_label("Văn bản làm căn cứ")).to_be_visible()
    page.get_by_label("Thủ tục đúng").fill("1.001193")
    page.get_by_role("button", name="Xem các mục của thủ tục").click()
    expect(page.get_by_label("Mục cần sửa trong “Đăng ký khai sinh")).to_be_visible()
    expect(page.get_by_label("Thông tin trong thủ tục sai")).to_be_checked()
    page.get_by_label("Thiếu cách gọi của người dân").check()
    page.get_by_label("Người dân gọi thủ tục này là").fill(f"giấy chứng sinh {scripts}")
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_role("status")).to_contain_text("chờ biên tập viên duyệt")
    expect(
        page.get_by_role("link", name=re.compile(f"giấy chứng sinh {scripts}".lower()))
    ).to_be_visible()


def test_a_form_that_was_overtaken_keeps_its_text(console: Console, new_context: Any) -> None:
    first, second = new_context(), new_context()
    console.sign_in(first, Role.REVIEWER)
    console.sign_in(second, Role.EDITOR)
    early, late = first.new_page(), second.new_page()
    path = f"{console.origin}/staff/muc/{console.item.id}"
    early.goto(path)
    late.goto(path)
    late.get_by_label(re.compile("^Nội dung, hiện khi tra cứu mã")).fill("Câu tôi viết rất lâu")
    early.get_by_label("Người xử lý").select_option(label="Cán bộ reviewer")
    early.get_by_role("button", name="Lưu", exact=True).click()
    expect(early.get_by_role("status")).to_contain_text("Đã lưu phân công")
    late.get_by_role("button", name="Lưu câu trả lời").click()
    expect(late.get_by_role("alert")).to_contain_text("reviewer vừa thay đổi mục này")
    expect(late.get_by_label(re.compile("^Nội dung, hiện"))).to_have_value("Câu tôi viết rất lâu")
    late.get_by_role("button", name="Lưu câu trả lời").click()
    expect(late.get_by_role("status")).to_contain_text("Đã lưu câu trả lời")


def test_the_contact_needs_a_click(console: Console, new_context: Any) -> None:
    context = new_context()
    console.sign_in(context, Role.EDITOR)
    page = context.new_page()
    page.goto(f"{console.origin}/staff/muc/{console.item.id}")
    assert "0912 345 678" not in page.content()
    page.get_by_role("button", name="Xem liên hệ").click()
    expect(page.get_by_text("0912 345 678")).to_be_visible()


def test_a_page_of_another_site_cannot_send_a_form(
    console: Console, new_context: Any, host: Any
) -> None:
    context = new_context()
    console.sign_in(context, Role.ADMIN)
    session = Sessions(console.database).of_account(
        Accounts(console.database, console.keys.seal).by_username("admin").id  # type: ignore[union-attr]
    )[0]
    target = f"{console.origin}/staff/muc/{console.item.id}/ghi-chu"
    host.pages["/"] = (
        f'<form method="post" action="{target}"><input name="csrf" value="{session.csrf}">'
        '<input name="note" value="giả mạo"><button>go</button></form>'
    )
    page = context.new_page()
    page.goto(host.origin)
    page.get_by_role("button").click()
    page.wait_for_url(f"{console.origin}/**")
    page.goto(f"{console.origin}/staff/muc/{console.item.id}")
    expect(page.get_by_text("giả mạo")).to_have_count(0)
