"""All channels of one process: what they are, their addresses, and their start and stop."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import Engine

from connectors.channel import Alerts, Channel
from connectors.delivery.queue import Queue
from connectors.delivery.service import Delivery
from connectors.message import Answerer
from connectors.router import webhook_router
from connectors.settings import ChannelSettings
from connectors.telegram.channel import TelegramChannel
from connectors.zalo.bot import ZaloBotChannel
from connectors.zalo.channel import ZaloChannel
from connectors.zalo.routes import callback_router, verifier_router

_POSTGRES_THREADS = 8


def channels_of(settings: ChannelSettings, alerts: Alerts) -> dict[str, Channel]:
    """Makes the channels that the settings turn on, by name."""
    made: list[Channel] = []
    if settings.zalo_on:
        made.append(ZaloChannel(settings, alerts))
    if settings.zalo_bot_on:
        made.append(ZaloBotChannel(settings, alerts))
    if settings.telegram_on:
        made.append(TelegramChannel(settings, alerts))
    return {channel.name: channel for channel in made}


class Hub:
    """The channels with their delivery; nothing at all where no channel is turned on."""

    def __init__(self, settings: ChannelSettings, database: Engine, answerer: Answerer) -> None:
        """Takes the settings, a database with the queue's tables, and the assistant."""
        self.queue = Queue(database)
        self.channels = channels_of(settings, self.queue)
        self.delivery = Delivery(
            self.queue,
            self.channels,
            answerer,
            workers=settings.channel_workers,
            takeover_minutes=settings.zalo_takeover_minutes,
            settle_seconds=settings.channel_settle_seconds,
            database_threads=1 if database.dialect.name == "sqlite" else _POSTGRES_THREADS,
        )
        self._settings = settings

    def routers(self) -> list[APIRouter]:
        """The addresses that platforms call."""
        made = [webhook_router(self.channels, self.delivery.accept)]
        zalo = self.channels.get("zalo")
        if isinstance(zalo, ZaloChannel):
            made.append(callback_router(self._settings, zalo))
        made.append(verifier_router(self._settings))
        return made

    async def start(self) -> None:
        """Starts delivering."""
        if self.channels:
            await self.delivery.start()

    async def stop(self) -> None:
        """Stops; what waits stays in the queue."""
        if self.channels:
            await self.delivery.stop()
