"""A shared location, from the chat app to the offices near it and back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from assistant.engine import Engine
from assistant.replies import wording
from assistant.settings import PACKAGED_CATALOGUE, Settings
from assistant.web.app import create_app

sys.path.insert(0, str(Path(__file__).parents[2] / "connectors"))

from fakes.harness import eventually, zalo_settings
from fakes.server import Server
from fakes.telegram import FakeTelegram
from fakes.zalo import FakeZalo

pytestmark = pytest.mark.slow

SOURCE = (
    "{document: Bảng niêm yết, link: 'https://example.gov.vn', reading: primary, "
    "checked: 2026-11-20}"
)
OFFICE = f"""
province: Hải Phòng
commune: Xã Thử
office:
  name: Trung tâm Phục vụ hành chính công xã Thử
  address: Số 1, xã Thử
  hours: 7:30 đến 17:00
  hotlines: ["0225 000 000"]
  position: {{latitude: 20.7, longitude: 106.5, source: {SOURCE}}}
  source: {SOURCE}
"""


@pytest.fixture(scope="module")
def local(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with an office's own folder over the packaged catalogue."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "local" / "hai-phong").mkdir(parents=True)
    (folder / "local" / "hai-phong" / "xa-thu.yml").write_text(OFFICE, encoding="utf-8")
    catalogue = os.pathsep.join([str(PACKAGED_CATALOGUE), str(folder)])
    return settings.model_copy(
        update={"catalogue": catalogue, "data_dir": tmp_path_factory.mktemp("data")}
    )


@pytest.fixture(scope="module")
def assistant(local: Settings) -> Iterator[Engine]:
    engine = Engine.load(local)
    yield engine
    engine.database.dispose()


def test_on_telegram(local: Settings, assistant: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    telegram = FakeTelegram()
    with Server(telegram.app) as fake:
        monkeypatch.setenv("MOTCUA_TELEGRAM_API_BASE", fake.url)
        monkeypatch.setenv("MOTCUA_TELEGRAM_TOKEN", telegram.token)
        monkeypatch.setenv("MOTCUA_TELEGRAM_WEBHOOK_SECRET", "s3cret")
        with Server(create_app(local, assistant)) as server:
            url = f"{server.url}/webhooks/telegram"
            near = telegram.message(1, location={"latitude": 20.71, "longitude": 106.51})
            telegram.deliver(url, near, "s3cret")
            (words,) = eventually(lambda: telegram.words(42), 60)
            assert "Trung tâm Phục vụ hành chính công xã Thử" in words
            assert "khoảng 1,5 km" in words
            assert "Số 1, xã Thử" in words
            assert "mlat=20.70000" in telegram.sent[0]["text"]
            far = telegram.message(2, location={"latitude": 10.77, "longitude": 106.7})
            telegram.deliver(url, far, "s3cret")
            eventually(lambda: len(telegram.words(42)) > 1, 60)
            assert wording.NOTHING_NEAR in telegram.words(42)[1]


def test_on_zalo(local: Settings, assistant: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    zalo = FakeZalo()
    with Server(zalo.app) as fake:
        zalo.url = fake.url  # type: ignore[attr-defined]
        for name, value in zalo_settings(zalo).items():
            monkeypatch.setenv(f"MOTCUA_{name.upper()}", value)
        with Server(create_app(local, assistant)) as server:
            coordinates = {"latitude": "20.71", "longitude": "106.51"}
            message = {"msg_id": "m1", "attachments": [{"payload": {"coordinates": coordinates}}]}
            event = zalo.event("user_send_location", "u1", message)
            zalo.deliver(f"{server.url}/webhooks/zalo", event)
            (words,) = eventually(lambda: zalo.texts("u1"), 60)
            assert "Trung tâm Phục vụ hành chính công xã Thử" in words
            assert "https://www.openstreetmap.org/?mlat=20.70000" in words


def test_the_place_is_not_kept(assistant: Engine) -> None:
    assert {"turns", "conversations", "channel_inbox", "channel_outbox"} <= tables(assistant)

    def is_gone() -> bool:
        with assistant.database.connect() as connection:
            kept = "\n".join(
                str(row)
                for table in tables(assistant)
                for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')
            )
        return "20.71" not in kept and "106.51" not in kept

    eventually(is_gone)


def tables(assistant: Engine) -> set[str]:
    return set(inspect(assistant.database).get_table_names())
