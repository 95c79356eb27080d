"""The public forms in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Shot = Callable[[Page, str], None]
Violations = Callable[[Page], list[str]]


def test_a_complaint_by_keyboard_and_its_state(
    page: Page, site: Any, shot: Shot, violations: Violations
) -> None:
    page.goto(f"{site.origin}/gop-y?noi=Quầy%203")
    assert violations(page) == []
    expect(page.get_by_label("Ở cơ quan, nơi nào")).to_have_value("Quầy 3")
    page.get_by_label("Phản ánh: việc chưa tốt đã gặp").focus()
    page.keyboard.press("Space")
    page.get_by_label("Về việc gì").select_option("time")
    page.get_by_label("Nội dung").fill("Chờ hai tiếng không ai gọi tên")
    page.get_by_label("Số điện thoại hoặc e-mail").fill("0912 345 678")
    shot(page, "form-complaint")
    page.get_by_role("button", name="Gửi").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("đồng ý")
    assert violations(page) == []
    shot(page, "form-complaint-problem")
    expect(page.get_by_label("Nội dung")).to_have_value("Chờ hai tiếng không ai gọi tên")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Gửi").click()
    code = page.get_by_role("region", name="Mã theo dõi").locator(".code").inner_text()
    assert violations(page) == []
    shot(page, "form-complaint-sent")
    item = site.engine.feedback.items.by_code(code)
    assert item is not None
    assert item.about == "time"
    page.get_by_role("link", name="Tra cứu", exact=True).click()
    page.get_by_label("Mã theo dõi").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Kết quả")).to_contain_text("Đã tiếp nhận")
    assert violations(page) == []
    shot(page, "form-lookup")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_survey_fits_and_takes_a_tap(
    page: Page, site: Any, shot: Shot, violations: Violations, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site.origin}/khao-sat?noi=Quầy%205")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    choices = page.get_by_role("radio")
    for number in range(5):
        label = choices.nth(number).locator("xpath=..")
        box = label.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    shot(page, f"form-survey-{width}")
    page.get_by_label("4 – Hài lòng").check()
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn bạn đã đánh giá.")
