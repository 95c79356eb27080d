"""Procedure pages, the chat page and printed sheets in Chromium."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from assistant.settings import Settings
from assistant.web.qr_sheets import Codes, counter, labels, wall

Shot = Callable[[Page, str], None]
Violations = Callable[[Page], list[str]]
ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts"
PATHS = [
    "/thu-tuc",
    "/thu-tuc?q=khai+sinh",
    "/thu-tuc?q=zzzz",
    "/thu-tuc?cap=tinh",
    "/thu-tuc/linh-vuc/ho-tich",
    "/thu-tuc/1.001193",
    "/thu-tuc/1.004194",
    "/thu-tuc/9.000003",
    "/thu-tuc/8.888888",
]


def watch(page: Page) -> list[str]:
    """Collects what the browser complains about."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_and_the_browser_has_nothing_to_complain_of(
    page: Page, site: Any, violations: Violations, path: str
) -> None:
    complaints = watch(page)
    page.goto(site.origin + path)
    assert [line for line in complaints if "404" not in line] == []
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/thu-tuc", "/thu-tuc/1.004194"])
def test_dark_phone_and_zoom(
    new_context: Any, site: Any, violations: Violations, shot: Shot, path: str
) -> None:
    name = "page-list" if path == "/thu-tuc" else "page-procedure"
    for kind, options in (
        ("desktop", {"viewport": {"width": 1280, "height": 900}}),
        ("dark", {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}),
        ("phone", {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}),
        ("zoom-400", {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}),
    ):
        page = new_context(**options).new_page()
        page.goto(site.origin + path)
        shot(page, f"{name}-{kind}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_one_request_of_less_than_fifty_kilobytes(
    page: Page, site: Any, path: str
) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(site.origin + path)
    page.wait_for_load_state("networkidle")
    assert len(sizes) == 1
    assert sizes[0] < 50_000


def test_searching_and_reading_work_without_javascript(new_context: Any, site: Any) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site.origin + "/thu-tuc")
    page.get_by_label("Bạn muốn làm giấy tờ gì?").fill("dang ky khai sinh")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Đăng ký khai sinh (làm giấy khai sinh lần đầu)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đăng ký khai sinh")
    expect(page.get_by_role("heading", name="Giấy tờ cần có")).to_be_visible()
    page.get_by_role("link", name="Hộ tịch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lĩnh vực Hộ tịch")


def test_keyboard_reaches_the_content_first(page: Page, site: Any) -> None:
    page.goto(site.origin + "/thu-tuc/1.001193")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.url.endswith("#noi-dung")


def test_print_fits_on_few_pages_of_a4_and_leaves_out_what_is_for_the_screen(
    page: Page, site: Any
) -> None:
    page.goto(site.origin + "/thu-tuc/1.004194")
    ARTEFACTS.mkdir(exist_ok=True)
    printed = page.pdf(path=ARTEFACTS / "page-procedure.pdf", prefer_css_page_size=True)
    pages = PdfReader(io.BytesIO(printed)).pages
    assert len(pages) <= 3
    width, height = (float(side) for side in pages[0].mediabox.upper_right)
    assert (round(width), round(height)) == (595, 842)
    text = "".join(one.extract_text() for one in pages)
    assert "Đăng ký tạm trú" in text
    assert "20/11/2026" in text
    assert f"{site.origin}/thu-tuc/1.004194" in text
    assert "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/" in "".join(text.split())
    assert "Hỏi trợ lý" not in text


def read_code(code: Locator) -> str:
    """Reads a code off the screen as a camera would."""
    picture = np.asarray(Image.open(io.BytesIO(code.screenshot())).convert("L"), dtype=np.uint8)
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    return str(text)


def test_sheets_print_on_a4_and_their_codes_are_read(
    new_context: Any, site: Any, shot: Shot, violations: Violations
) -> None:
    records = [site.engine.knowledge.catalogue[code] for code in ("1.001193", "1.004194")]
    settings = Settings(
        office_name="UBND phường Thử", office_hotline="0225 3888 999", feedback_url="/gop-y"
    )
    codes = Codes(settings, "https://motcua.thu.haiphong.gov.vn")
    page = new_context(viewport={"width": 800, "height": 1130}).new_page()
    many = [*site.engine.knowledge.catalogue]
    for name, html, expected in (
        ("wall", wall(codes, many, date(2026, 11, 20)), "/thu-tuc/"),
        ("label", labels(codes, records), "/thu-tuc/1.001193"),
        ("counter", counter(codes), "/gop-y"),
    ):
        page.set_content(html)
        shot(page, f"sheet-{name}")
        assert violations(page) == []
        said = read_code(page.locator("svg").first)
        assert said.startswith(f"https://motcua.thu.haiphong.gov.vn{expected}")
        printed = page.pdf(path=ARTEFACTS / f"sheet-{name}.pdf", prefer_css_page_size=True)
        pages = PdfReader(io.BytesIO(printed)).pages
        assert len(pages) == {"wall": 4, "label": 1, "counter": 1}[name]
    page.set_content(wall(codes, records, date(2026, 11, 20)))
    found = {read_code(one) for one in page.locator("svg").all()}
    assert found == {f"{codes.base}/thu-tuc/{record.code}" for record in records}
    millimetres = page.locator("svg").first.evaluate("e => e.getBoundingClientRect().width") / 3.78
    assert 20 <= millimetres <= 30


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chat_page_is_the_widget_full_screen(
    new_context: Any, site: Any, violations: Violations, shot: Shot, scheme: str
) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme).new_page()
    complaints = watch(page)
    page.goto(site.origin + "/")
    region = page.get_by_role("region", name="Trợ lý thủ tục hành chính")
    expect(region).to_be_visible()
    page.get_by_role("button", name="Làm giấy khai sinh cho con cần giấy tờ gì?").click()
    expect(region.locator("li.theirs")).to_have_count(1)
    shot(page, f"chat-{scheme}")
    assert violations(page) == []
    box = region.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 901
    page.reload()
    expect(region.locator("li.theirs")).to_have_count(1)
    assert [line for line in complaints if line] == []


def test_the_chat_page_of_a_procedure_offers_questions_about_it(page: Page, site: Any) -> None:
    page.goto(site.origin + "/thu-tuc/1.004194")
    page.get_by_role("link", name="Hỏi trợ lý về thủ tục này").click()
    expect(page.locator("motcua-widget")).to_contain_text("Bạn đang xem: Đăng ký tạm trú")
    page.get_by_role("button", name="Phí, lệ phí").click()
    expect(page.locator("motcua-widget li.theirs")).to_contain_text("7.000 đồng/lần")
    assert site.engine.heard[0].choice == "p:1.004194:fees"


def test_the_chat_page_fits_a_small_phone(
    new_context: Any, site: Any, violations: Violations, shot: Shot
) -> None:
    page = new_context(viewport={"width": 320, "height": 568}, device_scale_factor=2).new_page()
    page.goto(site.origin + "/")
    page.get_by_label("Câu hỏi của bạn").fill("lệ phí bao nhiêu")
    page.keyboard.press("Enter")
    expect(page.locator("motcua-widget li.theirs")).to_have_count(1)
    shot(page, "chat-phone")
    expect(page.get_by_label("Câu hỏi của bạn")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_the_chat_page_without_javascript_leads_to_the_pages(new_context: Any, site: Any) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site.origin + "/")
    page.get_by_role("link", name="tìm thủ tục", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tìm thủ tục hành chính")
