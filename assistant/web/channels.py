"""The channels inside the application: their addresses, their start and stop, their answerer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from fastapi import FastAPI
from sqlalchemy import Engine as Database

from assistant.dialogue.choices import ProcedureChoice
from assistant.replies.contacts import Office, office_blocks, unknown_office
from assistant.settings import Settings, channel_settings
from connectors.hub import Hub
from connectors.message import Answerer, Inbound, InboundKind, Paragraph, Reply, ReplyKind

T = TypeVar("T")

_ASK_IN_WORDS: Final = "Bạn gõ câu hỏi bằng chữ giúp tôi, ví dụ: “đăng ký tạm trú cần giấy tờ gì”."

CANNOT_READ: Final = {
    InboundKind.IMAGE: "Tôi chưa xem được ảnh và không giữ ảnh của bạn.",
    InboundKind.STICKER: "Cảm ơn bạn! Tôi là trợ lý tự động về thủ tục hành chính.",
    InboundKind.AUDIO: "Tôi chưa nghe được tin thoại.",
    InboundKind.VIDEO: "Tôi chưa xem được video.",
    InboundKind.FILE: (
        "Tôi không mở được tệp và không nhận hồ sơ ở đây. Hồ sơ nộp tại Bộ phận Một cửa hoặc trên "
        "Cổng dịch vụ công quốc gia."
    ),
    InboundKind.CONTACT: "Tôi không lưu danh thiếp hay số điện thoại gửi ở đây.",
    InboundKind.LINK: "Tôi không mở đường liên kết.",
}
"""What is said first to a message that is not made of words."""

UNSUPPORTED: Final = (
    "Tôi không đọc được nội dung tin nhắn này. Bạn gọi điện hoặc đến trực tiếp, cán bộ sẽ giúp bạn:"
)


class ChannelAnswerer:
    """Answers the channels: prepares what only chat apps send, then asks the assistant.

    The assistant computes on a thread of its own, so that a long turn never keeps a platform's
    delivery waiting.
    """

    def __init__(self, assistant: Answerer, settings: Settings) -> None:
        """Takes the assistant and the office to send people to."""
        self._assistant = assistant
        self._office = Office.from_settings(settings)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="channel-answers", daemon=True
        )

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; call it when nothing is being answered any more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def answer(self, message: Inbound) -> Sequence[Reply]:
        """Answers one message."""
        if message.kind in CANNOT_READ or message.kind is InboundKind.UNSUPPORTED:
            if not message.text.strip():
                return [self._wordless(message.kind)]
            message = replace(message, kind=InboundKind.TEXT)  # a caption is a question
        elif message.kind is InboundKind.START:
            message = _beginning(message)
        return await self._elsewhere(self._assistant.answer(message))

    async def forget(self, channel: str, conversation: str) -> None:
        """Deletes what is stored of one conversation."""
        await self._elsewhere(self._assistant.forget(channel, conversation))

    async def _elsewhere(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def _wordless(self, kind: InboundKind) -> Reply:
        if kind is InboundKind.UNSUPPORTED:
            return Reply(
                ReplyKind.HANDOFF,
                (
                    Paragraph(UNSUPPORTED),
                    *unknown_office(self._office),
                    *office_blocks(self._office),
                ),
            )
        return Reply(ReplyKind.HELP, (Paragraph(CANNOT_READ[kind]), Paragraph(_ASK_IN_WORDS)))


def _beginning(message: Inbound) -> Inbound:
    """The first message of a conversation: a greeting, or the procedure that a QR code names."""
    if not message.text:
        return replace(message, text="/start")
    choice = ProcedureChoice(message.text).id
    return replace(message, kind=InboundKind.CHOICE, choice=choice)


class Channels:
    """The channels of one application."""

    def __init__(self, settings: Settings, database: Database, assistant: Answerer) -> None:
        """Takes the settings, a database that is up to date, and the assistant."""
        self._answerer = ChannelAnswerer(assistant, settings)
        self.hub = Hub(channel_settings(settings), database, self._answerer)

    def mount(self, app: FastAPI) -> None:
        """Adds the addresses that platforms call."""
        for router in self.hub.routers():
            app.include_router(router)

    async def start(self) -> None:
        """Starts delivering."""
        self._answerer.start()
        await self.hub.start()

    async def stop(self) -> None:
        """Stops delivering; what waits stays in the queue."""
        await self.hub.stop()
        self._answerer.stop()
