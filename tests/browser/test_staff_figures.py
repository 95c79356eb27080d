"""The pages of figures and of personal data in a real browser, on a desk, a phone and on paper."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader
from sqlalchemy import Engine, insert

from assistant.dialogue.database import connect
from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.items import NewItem, ReviewItems
from assistant.feedback.seal import Seal
from assistant.feedback.tables import ratings, votes
from assistant.feedback.values import About, Kind, Origin
from assistant.keys import secret_key
from assistant.settings import Settings
from assistant.staff.accounts import Accounts
from assistant.staff.roles import Role
from assistant.staff.sessions import Sessions, Stage
from assistant.web.app import create_app

Violations = Callable[[Page], list[str]]
Shot = Callable[[Page, str], None]
ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts"
PATHS = ["/staff/so-lieu", "/staff/bao-cao", "/staff/ban-ghi", "/staff/rieng-tu"]
KINDS = ["answer"] * 12 + ["list", "clarify", "clarify", "out_of_scope", "handoff", "error"]
QUESTIONS = 400


@dataclass
class Desk:
    """A server with two months behind it, and its staff."""

    origin: str
    database: Engine
    accounts: Accounts

    def sign_in(self, context: BrowserContext, role: Role) -> Page:
        """Opens a window in which somebody has signed in."""
        account = self.accounts.by_username(role.value)
        assert account is not None
        token = Sessions(self.database).begin(account.id, Stage.FULL)
        context.add_cookies([{"name": "motcua-staff", "value": token, "url": self.origin}])
        return context.new_page()


@pytest.fixture(scope="module")
def desk(scripted: Any, serve_app: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Serves the scripted assistant over a filled database."""
    folder = tmp_path_factory.mktemp("figures")
    engine = scripted.ScriptedEngine()
    engine.database = connect(f"sqlite:///{folder / 'motcua.sqlite'}")
    _fill(engine.database, [record.code for record in engine.knowledge.catalogue])

    def make(origin: str) -> Any:
        settings = Settings(data_dir=folder, public_url=origin, office_name="UBND phường Thử")
        return create_app(settings, engine)

    accounts = Accounts(engine.database, Seal(secret_key("", folder)))
    for role in Role:
        accounts.add(role.value, "Nguyễn Thị Lan", role)
    for origin in serve_app(make):
        yield Desk(origin, engine.database, accounts)
    engine.database.dispose()


def _fill(database: Engine, codes: list[str]) -> None:
    chance = random.Random(7)
    now = datetime.now(UTC)
    log, items = TurnLog(database), ReviewItems(database)
    for number in range(QUESTIONS):
        kind = chance.choice(KINDS)
        channel = chance.choice(["telegram", "web", "web", "zalo"])
        log.record(
            Turn(f"{channel}:{number % 90}", channel, "làm khai sinh cần gì", "q", "ask", kind,
                 chance.choice(codes[:9]) if kind == "answer" else None, (), (), 0.8, "đáp",
                 chance.uniform(3, 60), "v1", handle=f"h{number}",
                 asked_at=now - timedelta(hours=chance.uniform(0, 24 * 29)))
        )  # fmt: skip
    with database.begin() as connection:
        for number in range(60):
            useful = chance.random() < 0.7
            connection.execute(
                insert(votes).values(
                    handle=f"h{number}", conversation="web:1", channel="web", comment="",
                    procedure=chance.choice(codes[:9]), useful=useful,
                    reason="" if useful else chance.choice(["outdated", "missing", "unclear"]),
                    created_at=now, updated_at=now,
                )
            )  # fmt: skip
            connection.execute(
                insert(ratings).values(
                    channel="web", created_at=now, score=chance.choice([1, 3, 4, 4, 5, 5])
                )
            )
    for text in ("đổi giờ sinh trên giấy khai sinh được không", "xin cấp biển số nhà mới"):
        items.create(NewItem(Kind.UNANSWERED, Origin.DECLINED, "web", text))
    items.create(
        NewItem(
            Kind.SUGGESTION, Origin.FLOW, "telegram", "Nên có thêm ghế ngồi chờ",
            conversation="telegram:1", about=About.FACILITY.value, tracked=True,
        )
    )  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_accessible_and_fit_every_screen(
    new_context: Any, desk: Desk, violations: Violations, shot: Shot, path: str
) -> None:
    name = "staff-" + path.rsplit("/", 1)[1]
    for kind, options in (
        ("desktop", {"viewport": {"width": 1280, "height": 900}}),
        ("dark", {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}),
        ("phone", {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}),
        ("zoom-400", {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}),
    ):
        page = desk.sign_in(new_context(**options), Role.ADMIN)
        complaints: list[str] = []
        page.on("console", lambda message, heard=complaints: heard.append(message.text))
        page.goto(desk.origin + path)
        shot(page, f"{name}-{kind}")
        page.screenshot(path=ARTEFACTS / f"{name}-{kind}-whole.png", full_page=True)
        assert violations(page) == [], kind
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
        assert complaints == []


def test_figures_are_narrowed_and_taken_home_without_javascript(
    new_context: Any, desk: Desk
) -> None:
    context = new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = desk.sign_in(context, Role.REVIEWER)
    page.goto(desk.origin + "/staff")
    page.get_by_role("link", name="Số liệu", exact=True).click()
    asked = page.locator("dl.tiles > div").filter(has=page.locator("dt", has_text="Câu hỏi"))
    total = int(asked.first.locator("b").inner_text())
    assert 0 < total <= QUESTIONS
    page.get_by_label("Kênh", exact=True).select_option("zalo")
    page.get_by_role("button", name="Xem").click()
    assert "kenh=zalo" in page.url
    zalo = int(asked.first.locator("b").inner_text())
    assert 0 < zalo < total
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Tải tất cả (Excel)").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(downloading.value.path()).read_bytes()))
    assert book["Theo kênh"]["B2"].value == zalo
    page.get_by_text("Bảng số liệu").first.click()
    expect(page.get_by_role("columnheader", name="Ngày").first).to_be_visible()


def test_charts_are_named_and_drawn_without_colour(page: Page, desk: Desk) -> None:
    page = desk.sign_in(page.context, Role.REVIEWER)
    page.goto(desk.origin + "/staff/so-lieu")
    chart = page.get_by_role("img", name="Câu hỏi theo ngày")
    expect(chart).to_be_visible()
    assert chart.locator("text").first.evaluate(
        "node => parseFloat(getComputedStyle(node).fontSize) * node.getScreenCTM().a"
    ) >= 12  # fmt: skip
    colours = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('.chart *')].flatMap(
            node => [getComputedStyle(node).stroke, getComputedStyle(node).fill]))]"""
    )
    for colour in colours:
        if colour.startswith("rgb"):
            red, green, blue = (int(part) for part in colour[4:-1].split(",")[:3])
            assert max(red, green, blue) - min(red, green, blue) <= 16, colour


def test_text_in_a_chart_can_be_read_on_a_phone(new_context: Any, desk: Desk) -> None:
    page = desk.sign_in(new_context(viewport={"width": 360, "height": 740}), Role.REVIEWER)
    page.goto(desk.origin + "/staff/so-lieu")
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.chart text')].map(
            node => parseFloat(getComputedStyle(node).fontSize) * node.getScreenCTM().a))"""
    )
    assert smallest >= 11


def test_the_report_prints_on_a4_without_what_is_for_the_screen(page: Page, desk: Desk) -> None:
    page = desk.sign_in(page.context, Role.REVIEWER)
    month = (datetime.now(UTC) + timedelta(hours=7)).strftime("%Y-%m")
    page.goto(f"{desk.origin}/staff/bao-cao?thang={month}")
    ARTEFACTS.mkdir(exist_ok=True)
    printed = page.pdf(path=ARTEFACTS / "staff-bao-cao.pdf", prefer_css_page_size=True)
    pages = PdfReader(io.BytesIO(printed)).pages
    assert 2 <= len(pages) <= 6
    width, height = (float(side) for side in pages[0].mediabox.upper_right)
    assert (round(width), round(height)) == (595, 842)
    text = "".join(one.extract_text() for one in pages)
    assert "UBND PHƯỜNG THỬ" in text
    assert "Mức độ hài lòng" in text
    assert "Đăng xuất" not in text
    assert "dùng lệnh In" not in text


def test_an_admin_tries_the_masking_and_serves_a_persons_request(page: Page, desk: Desk) -> None:
    page = desk.sign_in(page.context, Role.ADMIN)
    page.goto(desk.origin + "/staff/rieng-tu")
    page.get_by_label("Đoạn văn bất kỳ").fill("tôi tên là Trần Văn Bình, cccd 079093001234")
    page.get_by_role("button", name="Che thử").click()
    expect(page.get_by_text("tôi tên là [họ tên], cccd [số định danh]")).to_be_visible()
    page.get_by_label("Hoặc kênh").select_option("telegram")
    page.get_by_label("và tên cuộc trò chuyện trên kênh đó").fill("1")
    page.get_by_role("button", name="Tìm").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Tải về (JSON)").click()
    own = json.loads(Path(downloading.value.path()).read_text("utf-8"))
    assert own["tables"]["turns"]
    page.get_by_label("Xoá hết, không lấy lại được").check()
    page.get_by_role("button", name="Xoá dữ liệu của người này").click()
    expect(page.get_by_text("Đã xoá dữ liệu của người này:")).to_be_visible()
    assert TurnLog(desk.database).of_conversation("telegram:1") == []
