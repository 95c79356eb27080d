"""The program under test: the connectors on a real socket, with a small scripted assistant.

Run as a script it is a process of its own, which a test can kill:
``python -P program.py PORT DATABASE FOLDER`` with the channels' settings in the environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, event

from connectors.delivery.tables import metadata
from connectors.hub import Hub
from connectors.message import Choice, Inbound, InboundKind, Paragraph, Reply, ReplyKind
from connectors.settings import ChannelSettings

LONG_ID = "f:Lĩnh vực có tên rất dài để không vừa trong sáu mươi tư byte của nút"
OPTIONS = (
    Choice("p:1.001193", "Đăng ký khai sinh"),
    Choice("p:1.004194", "Đăng ký tạm trú"),
    Choice(LONG_ID, "Lĩnh vực khác"),
)


class Scripted:
    """Answers by rule; remembers what it was asked."""

    def __init__(self, seconds: float = 0.0, blocking: bool = False) -> None:
        self.seconds = seconds
        self.blocking = blocking
        self.heard: list[Inbound] = []
        self.forgotten: list[tuple[str, str]] = []

    async def answer(self, message: Inbound) -> Sequence[Reply]:
        self.heard.append(message)
        if self.blocking:
            time.sleep(self.seconds)
        elif self.seconds:
            await asyncio.sleep(self.seconds)
        if message.choice is not None:
            return [_reply(f"Đã chọn {message.choice}")]
        if message.kind is InboundKind.START:
            return [_reply(f"Chào bạn {message.text}".strip())]
        if message.kind is not InboundKind.TEXT:
            return [_reply(f"Loại {message.kind.value}")]
        if message.text == "hỏng":
            raise RuntimeError("the assistant broke on purpose")
        if message.text == "chọn":
            return [Reply(ReplyKind.CLARIFY, (Paragraph("Bạn hỏi thủ tục nào?"),), OPTIONS)]
        if message.text in {"phí", "phí nào"}:
            words, invite = (Paragraph("20.000 đồng"),), message.text == "phí"
            choices = OPTIONS[:2] if message.text == "phí" else ()
            return [
                Reply(ReplyKind.ANSWER, words, choices, feedback="h4ndl3-0123456_x", invite=invite)
            ]
        if message.text == "dài":
            sentence = "Một câu trả lời dài về thủ tục hành chính có <dấu> & ký hiệu. "
            text = (sentence * 100)[:5000]
            return [Reply(ReplyKind.ANSWER, (Paragraph(text),), OPTIONS)]
        return [_reply(f"Trả lời: {message.text}")]

    async def forget(self, channel: str, conversation: str) -> None:
        self.forgotten.append((channel, conversation))


def _reply(text: str) -> Reply:
    return Reply(ReplyKind.ANSWER, (Paragraph(text),))


def open_database(url: str) -> Engine:
    """A database with the queue's tables, tuned as the program tunes its own."""
    options = {"check_same_thread": False, "timeout": 15} if url.startswith("sqlite") else {}
    engine = create_engine(url, connect_args=options)
    if url.startswith("sqlite"):

        @event.listens_for(engine, "connect")
        def tune(connection: object, _record: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.close()

    metadata.create_all(engine)
    return engine


def make_app(settings: ChannelSettings, database: Engine, assistant: Scripted) -> FastAPI:
    """The application: the connectors and nothing else."""
    hub_of: list[Hub] = []

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        hub = Hub(settings, database, assistant)
        hub_of.append(hub)
        app.state.hub = hub
        for router in hub.routers():
            app.include_router(router)
        await hub.start()
        yield
        await hub.stop()
        database.dispose()

    return FastAPI(lifespan=lifespan)


if __name__ == "__main__":
    import uvicorn

    port, url, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    settings = ChannelSettings(data_dir=folder, _env_file=None)
    app = make_app(settings, open_database(url), Scripted())
    uvicorn.run(app, port=port, log_level="warning", ws="none")
