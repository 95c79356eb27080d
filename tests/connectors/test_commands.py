"""The commands that set channels up and check them, against the fakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes.harness import Program, eventually, zalo_settings
from fakes.telegram import FakeTelegram
from fakes.zalo import FakeZalo
from fakes.zalo_bot import FakeZaloBot

from connectors.commands import channels
from connectors.commands import zalo as zalo_group
from connectors.telegram.channel import COMMANDS
from connectors.zalo.tokens import FileTokenStore

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command with settings in the environment, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, typed: str = "", **settings: Any) -> Result:
        for name, value in {"data_dir": tmp_path, **settings}.items():
            monkeypatch.setenv(f"MOTCUA_{name.upper()}", str(value))
        group = zalo_group if arguments[0] == "zalo" else channels
        return CliRunner().invoke(group, arguments[1:], input=typed)

    return command


def test_doctor_without_channels_says_where_to_read(run: Run) -> None:
    result = run("channels", "doctor")
    assert result.exit_code == 1
    assert "docs/channels/" in result.output


def test_doctor_of_a_good_account(zalo: FakeZalo, zalo_program: Program, run: Run) -> None:
    settings = zalo_settings(zalo, public_url=zalo_program.url)
    result = run("channels", "doctor", **settings)
    assert result.exit_code == 0, result.output
    assert "UBND phường Thử Nghiệm" in result.output
    assert "The published signature sample is verified." in result.output
    assert "The webhook accepts signed messages" in result.output
    assert zalo.access not in result.output


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"zalo_oa_secret_key": "WRONG"}, "The webhook does not accept signed messages"),
        ({"zalo_oa_id": "1"}, "not to 1."),
        ({"zalo_app_secret": ""}, "MOTCUA_ZALO_APP_SECRET is not set"),
        ({"public_url": ""}, "MOTCUA_PUBLIC_URL is not set"),
        ({"zalo_access_token": "", "zalo_refresh_token": ""}, "No token is stored"),
    ],
)
def test_doctor_names_what_is_wrong(
    zalo: FakeZalo, zalo_program: Program, run: Run, wrong: dict[str, str], expected: str
) -> None:
    settings = {"public_url": zalo_program.url, **zalo_settings(zalo), **wrong}
    result = run("channels", "doctor", data_dir=Path("elsewhere").absolute(), **settings)
    assert result.exit_code == 1
    assert expected in result.output


def test_doctor_explains_the_platforms_errors(zalo: FakeZalo, run: Run) -> None:
    zalo.fail_next = [-224]
    result = run("channels", "doctor", **zalo_settings(zalo))
    assert "it needs the package “Tăng trưởng” or “Toàn diện”" in result.output


def test_doctor_shows_what_the_program_raised(
    zalo: FakeZalo, zalo_program: Program, run: Run
) -> None:
    zalo.fail_next = [-211]
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "hỏi"))
    eventually(zalo_program.queue.open_alerts)
    result = run("channels", "doctor", **zalo_settings(zalo, public_url=zalo_program.url))
    assert "Alert since" in result.output
    assert "message quota is used up" in result.output
    assert result.exit_code == 1


def test_a_pasted_pair_is_stored_and_renewed(zalo: FakeZalo, run: Run, tmp_path: Path) -> None:
    settings = zalo_settings(zalo, zalo_access_token="", zalo_refresh_token="")
    missing = run("zalo", "token", "status", **settings)
    assert missing.exit_code == 1
    access, refresh = zalo.access, zalo.refresh
    result = run("zalo", "token", "import", typed=f"{access}\n{refresh}\n", **settings)
    assert result.exit_code == 0, result.output
    assert access not in result.output
    assert run("zalo", "token", "refresh", **settings).exit_code == 0
    stored = FileTokenStore(tmp_path / "zalo-tokens.json").load()
    assert stored is not None
    assert (stored.access_token, stored.refresh_token) == (zalo.access, zalo.refresh)
    status = run("zalo", "token", "status", **settings)
    assert "25.0 h left" in status.output
    assert zalo.access not in status.output
    zalo.refresh = "spent elsewhere"
    refused = run("zalo", "token", "refresh", **settings)
    assert refused.exit_code == 1
    assert run("zalo", "token", "status", **settings).exit_code == 1


def test_a_pasted_pair_revives_the_running_program(
    zalo: FakeZalo, zalo_program: Program, run: Run
) -> None:
    zalo.expire()
    zalo.refresh = "spent elsewhere"
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "hỏi"))
    eventually(zalo_program.queue.open_alerts)
    access, refresh = zalo.issue()
    arguments = ["--access-token", access, "--refresh-token", refresh]
    assert run("zalo", "token", "import", *arguments, **zalo_settings(zalo)).exit_code == 0
    zalo_program.app.state.hub.delivery._held.clear()  # a minute passes
    with zalo_program.queue._write() as db:
        db.exec_driver_sql("update channel_outbox set due_at = 0")
        db.exec_driver_sql("update channel_citizens set due_at = 0")
    eventually(lambda: zalo.texts("u1") == ["Trả lời: hỏi"])


def test_authorise_prints_an_address(zalo: FakeZalo, run: Run) -> None:
    settings = zalo_settings(zalo, public_url="https://example.vn")
    result = run("zalo", "token", "authorise", **settings)
    assert f"app_id={zalo.app_id}" in result.output
    assert "redirect_uri=https%3A%2F%2Fexample.vn%2Fwebhooks%2Fzalo%2Foauth" in result.output


# --- Telegram ------------------------------------------------------------------------------------


def telegram_settings(fake: FakeTelegram, **more: Any) -> dict[str, Any]:
    return {
        "telegram_api_base": fake.url,  # type: ignore[attr-defined]
        "telegram_token": fake.token,
        "telegram_webhook_secret": "s3cret_-A",
        "public_url": "https://example.vn",
        **more,
    }


def test_telegram_is_set_up_and_then_healthy(telegram: FakeTelegram, run: Run) -> None:
    before = run("channels", "doctor", **telegram_settings(telegram))
    assert before.exit_code == 1
    assert "motcua channels setup telegram" in before.output
    result = run("channels", "setup", "telegram", **telegram_settings(telegram))
    assert result.exit_code == 0, result.output
    assert telegram.webhook["url"] == "https://example.vn/webhooks/telegram"
    assert telegram.webhook["secret_token"] == "s3cret_-A"
    assert [asked.get("language_code") for asked in telegram.called("setMyCommands")] == [
        None,
        "vi",
    ]
    assert all(name in telegram.called("setMyCommands")[0]["commands"] for name, _ in COMMANDS)
    after = run("channels", "doctor", **telegram_settings(telegram))
    assert after.exit_code == 0, after.output
    assert "@motcua_bot" in after.output


def test_telegram_for_polling_has_no_webhook(telegram: FakeTelegram, run: Run) -> None:
    telegram.webhook = {"url": "https://old"}
    settings = telegram_settings(telegram, telegram_mode="polling", public_url="")
    assert run("channels", "setup", "telegram", **settings).exit_code == 0
    assert telegram.webhook == {}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"telegram_webhook_secret": ""}, "MOTCUA_TELEGRAM_WEBHOOK_SECRET="),
        ({"telegram_webhook_secret": "khóa"}, "Telegram refused"),
        ({"public_url": ""}, "MOTCUA_PUBLIC_URL"),
        ({"public_url": "http://example.vn"}, "Telegram refused"),
        ({"telegram_token": "1:WRONG"}, "Telegram refused"),
        ({"telegram_token": ""}, "MOTCUA_TELEGRAM_TOKEN"),
    ],
)
def test_telegram_setup_says_what_is_missing(
    telegram: FakeTelegram, run: Run, wrong: dict[str, str], expected: str
) -> None:
    result = run("channels", "setup", "telegram", **telegram_settings(telegram, **wrong))
    assert result.exit_code == 1
    assert expected in result.output


# --- Zalo Bot ------------------------------------------------------------------------------------


def bot_settings(fake: FakeZaloBot, **more: Any) -> dict[str, Any]:
    return {
        "zalo_bot_api_base": fake.url,  # type: ignore[attr-defined]
        "zalo_bot_token": fake.token,
        "zalo_bot_secret": "a-long-secret",
        "public_url": "https://example.vn",
        **more,
    }


def test_zalo_bot_is_set_up_and_checked(zalo_bot: FakeZaloBot, run: Run) -> None:
    result = run("channels", "setup", "zalo-bot", **bot_settings(zalo_bot))
    assert result.exit_code == 0, result.output
    assert zalo_bot.webhook == "https://example.vn/webhooks/zalo-bot"
    assert "webhook.err.unreachable: DNS" in result.output
    assert run("channels", "doctor", **bot_settings(zalo_bot)).exit_code == 0
    tested = run("channels", "doctor", "--test-webhook", **bot_settings(zalo_bot))
    assert "webhook.http.403" in tested.output
    polling = bot_settings(zalo_bot, zalo_bot_mode="polling")
    assert run("channels", "doctor", **polling).exit_code == 1
    assert run("channels", "setup", "zalo-bot", **polling).exit_code == 0
    assert zalo_bot.webhook == ""


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"zalo_bot_secret": "short"}, "MOTCUA_ZALO_BOT_SECRET="),
        ({"public_url": "https://localhost"}, "Zalo refused"),
        ({"zalo_bot_token": "1:WRONG"}, "Zalo refused"),
    ],
)
def test_zalo_bot_setup_says_what_is_missing(
    zalo_bot: FakeZaloBot, run: Run, wrong: dict[str, str], expected: str
) -> None:
    result = run("channels", "setup", "zalo-bot", **bot_settings(zalo_bot, **wrong))
    assert result.exit_code == 1
    assert expected in result.output
    assert zalo_bot.token not in result.output
