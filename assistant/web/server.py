"""Runs the web application and says when it is ready."""

from __future__ import annotations

import socket

import uvicorn
from rich.console import Console

from assistant.settings import Settings
from assistant.web.app import create_app

EXAMPLES = (
    "làm khai sinh cho con cần giấy tờ gì",
    "dang ky tam tru het bao nhieu tien",
    "mất căn cước thì làm lại ở đâu",
)


class AnnouncedServer(uvicorn.Server):
    """A server that prints its address, and questions to try, once it accepts requests."""

    def __init__(self, config: uvicorn.Config, console: Console) -> None:
        """Takes uvicorn's configuration and where to print."""
        super().__init__(config)
        self._console = console

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts listening, then prints."""
        await super().startup(sockets=sockets)
        if self.should_exit:
            return
        port = self.config.port
        for server in self.servers:
            for listening in server.sockets:
                port = listening.getsockname()[1]
        address = f"http://{self.config.host}:{port}"
        self._console.print(f"\nMột Cửa is ready at [bold]{address}[/bold]  (Ctrl-C ends it)")
        self._console.print(f"API reference: {address}/api/docs   Try:")
        for question in EXAMPLES:
            self._console.print(f"  • {question}")


def configure(settings: Settings, host: str, port: int) -> uvicorn.Config:
    """Makes uvicorn's configuration for our application."""
    return uvicorn.Config(
        create_app(settings),
        host=host,
        port=port,
        ws="wsproto",
        log_level=settings.log_level.lower(),
        access_log=False,
    )
