"""One conversation with the trained assistant, through the widget."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def real_origin(tmp_path_factory: pytest.TempPathFactory, serve: Any) -> Iterator[str]:
    """The whole program on a socket."""
    from assistant.settings import Settings
    from assistant.training import train

    folder = os.environ.get("MOTCUA_DATA_DIR")
    data_dir = Path(folder) if folder else tmp_path_factory.mktemp("model")
    model = train(Settings(data_dir=data_dir))
    settings = Settings(data_dir=tmp_path_factory.mktemp("real"), model=str(model))
    yield from serve(settings)


@pytest.mark.slow
def test_question_answer_follow_up_and_deletion(page: Page, real_origin: str) -> None:
    page.goto(real_origin + "/")
    answers = page.locator("motcua-widget li.theirs")
    field = page.get_by_label("Câu hỏi của bạn")
    field.fill("lam giay khai sinh cho con can giay to gi")
    field.press("Enter")
    expect(answers).to_have_count(1, timeout=30_000)
    expect(answers.first.get_by_role("heading").first).to_contain_text("khai sinh")
    expect(answers.first.get_by_role("checkbox").first).to_be_visible()
    expect(answers.first).to_contain_text("Kiểm tra lần cuối")
    field.fill("bao lâu thì xong")
    field.press("Enter")
    expect(answers).to_have_count(2)
    expect(answers.nth(1).get_by_role("heading").first).to_contain_text("khai sinh")
    page.reload()
    expect(answers).to_have_count(2)
    page.get_by_role("button", name="Xóa cuộc trò chuyện").click()
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(answers).to_have_count(0)
    page.goto(real_origin + "/thu-tuc?q=dang+ky+khai+sinh")
    first = page.locator(".results a").first
    expect(first).to_contain_text("khai sinh")
