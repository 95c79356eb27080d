"""From a thumbs-down on Telegram to a release that answers the same question right.

Nothing on the way is faked but Telegram itself: the assistant, its channels, the console in
Chromium, the release in a process of its own, and the change of the running server are real.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from assistant import cli
from assistant.settings import Settings, get_settings
from assistant.training import train

sys.path.append(str(Path(__file__).parent.parent / "connectors"))

from fakes.server import Server
from fakes.telegram import FakeTelegram

QUESTION = "làm giấy phép lái xe chim én cần giấy tờ gì"
"""Uses a name that one office gave to the exchange of a licence; nobody else calls it so."""

NAME, PROCEDURE, TITLE = "giấy phép lái xe chim én", "3.000347", "Đổi giấy phép lái xe"
CHAT, SECRET = 4711, "webhook-secret"
RELEASE_SECONDS = 900.0


class Citizen:
    """Somebody on Telegram."""

    def __init__(self, telegram: FakeTelegram, webhook: str) -> None:
        self._telegram = telegram
        self._webhook = webhook
        self._number = 0

    def write(self, text: str) -> list[dict[str, Any]]:
        """Writes a message and returns the messages of the answer."""
        return self._deliver(lambda n: self._telegram.message(n, CHAT, text=text))

    def tap(self, messages: list[dict[str, Any]], data: str) -> list[dict[str, Any]]:
        """Taps the button below the last of some messages whose data holds this."""
        buttons = [button for row in messages[-1]["rows"] for button in row]
        (taken,) = [b["callback_data"] for b in buttons if data in b["callback_data"]]
        return self._deliver(lambda n: self._telegram.tap(n, taken, CHAT))

    def _deliver(self, make: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
        self._number += 1
        before = len(self._telegram.sent)
        answer = self._telegram.deliver(self._webhook, make(self._number), SECRET)
        assert answer.status_code == 200
        wait(lambda: len(self._telegram.sent) > before, 60)
        time.sleep(0.5)  # an answer may come in several messages
        return self._telegram.sent[before:]


def words(messages: list[dict[str, Any]]) -> str:
    return "\n".join(message["words"] for message in messages)


def wait(check: Callable[[], Any], seconds: float) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = check()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come about")


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    fake = FakeTelegram()
    with Server(fake.app) as server:
        fake.url = server.url  # type: ignore[attr-defined]
        yield fake


@pytest.fixture
def settings(
    tmp_path: Path, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """An office with a Telegram bot and a trained model."""
    folder = os.environ.get("MOTCUA_DATA_DIR")
    model = train(Settings(data_dir=Path(folder) if folder else tmp_path / "model"))
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path / "office"))
    monkeypatch.setenv("MOTCUA_MODEL", str(model.resolve()))
    monkeypatch.setenv("MOTCUA_TELEGRAM_API_BASE", telegram.url)  # type: ignore[attr-defined]
    monkeypatch.setenv("MOTCUA_TELEGRAM_TOKEN", telegram.token)
    monkeypatch.setenv("MOTCUA_TELEGRAM_WEBHOOK_SECRET", SECRET)
    monkeypatch.setattr("assistant.web.releases.LOOK_SECONDS", 1.0)
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()


@pytest.fixture
def origin(settings: Settings, serve: Any) -> Iterator[str]:
    """The whole program on a socket."""
    yield from serve(settings)


def sign_in(page: Page, origin: str) -> None:
    """Signs in for the first time, sets up the second factor, and signs in again with it."""
    made = CliRunner().invoke(
        cli.main, ["staff", "add", "lan", "--name", "Nguyễn Thị Lan", "--role", "editor"]
    )
    assert made.exit_code == 0, made.output
    (first,) = re.findall(r"^ {4}(\S+)$", made.output, re.MULTILINE)
    own = "con mèo nhỏ ngủ trên mái ngói 42"
    page.goto(f"{origin}/staff")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(first)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_label("Mật khẩu mới", exact=True).fill(own)
    page.get_by_label("Gõ lại mật khẩu mới").fill(own)
    page.get_by_role("button", name="Lưu mật khẩu").click()
    page.get_by_text("Không quét được mã?").click()
    totp = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    page.get_by_label("Mã 6 số").fill(totp.now())
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_role("link", name="Tôi đã cất mã, tiếp tục").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(own)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_label("Mã 6 số trong ứng dụng").fill(totp.at(time.time() + 30))  # used once only
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def decide(page: Page, origin: str) -> None:
    """Finds the item, decides what is missing, accepts the proposal and starts a release."""
    page.goto(f"{origin}/staff")
    page.get_by_role("link", name=re.compile(re.escape(QUESTION))).first.click()
    expect(page.locator("main")).to_contain_text(QUESTION)
    page.locator("#d-missing_alias").check()
    page.locator("#code").fill(PROCEDURE)
    page.locator("#phrase").fill(NAME)
    expect(page.locator("#turns")).to_have_value(QUESTION)
    page.get_by_role("button", name="Ghi quyết định").click()
    page.get_by_role("link", name=re.compile(NAME)).first.click()
    expect(page.locator("pre.patch")).to_contain_text(f"+  - {NAME}")
    page.get_by_role("button", name="Duyệt", exact=True).click()
    page.goto(f"{origin}/staff/cap-nhat")
    page.get_by_role("button", name="Bắt đầu cập nhật").click()


def wait_for_release(page: Page, origin: str, data_dir: Path) -> None:
    """Looks at the page of releases until the first one is done."""

    def done() -> bool:
        page.goto(f"{origin}/staff/cap-nhat")
        text = page.locator("main").inner_text()
        assert "Bị lỗi" not in text, (data_dir / "learned" / "learn.log").read_text("utf-8")
        assert "Không đạt" not in text, text
        return "Đã đưa vào sử dụng" in text

    wait(done, RELEASE_SECONDS)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thumbs_down_becomes_a_right_answer(
    page: Page,
    origin: str,
    telegram: FakeTelegram,
    settings: Settings,
    shot: Callable[[Page, str], None],
) -> None:
    citizen = Citizen(telegram, f"{origin}/webhooks/telegram")

    answer = citizen.write(QUESTION)
    assert TITLE not in words(answer).splitlines()[0]
    why = citizen.tap(answer, "v:-:")
    citizen.tap(why, "wrong_procedure")
    citizen.write("đó là tên cán bộ phường hay gọi việc đổi bằng")
    codes = re.findall(r"MC-\w{4}-\w{4}", "\n".join(telegram.words(CHAT)))
    assert codes, telegram.words(CHAT)
    code = codes[-1]
    assert "Đã tiếp nhận" in words(citizen.write(code))

    sign_in(page, origin)
    decide(page, origin)
    wait_for_release(page, origin, settings.data_dir)

    (told,) = wait(
        lambda: [w for w in telegram.words(CHAT) if code in w and "đã được xử lý" in w], 120
    )
    assert QUESTION in told
    wait(lambda: "motcua_release 1.0" in httpx.get(f"{origin}/metrics").text, 300)

    right = words(citizen.write(QUESTION))
    assert right.splitlines()[0] == TITLE
    assert "Đã xử lý" in words(citizen.write(code))

    page.goto(f"{origin}/tra-cuu")
    page.get_by_label("Mã theo dõi").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Kết quả")).to_contain_text("Đã xử lý")
    shot(page, "learning-loop-code")
    page.goto(f"{origin}/staff/cap-nhat/1")
    expect(page.locator("main")).to_contain_text(QUESTION)
    expect(page.locator("main")).to_contain_text(code)
    shot(page, "learning-loop-release")
    assert len([w for w in telegram.words(CHAT) if "đã được xử lý" in w]) == 1
