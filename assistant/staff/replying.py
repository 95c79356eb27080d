"""Sends the office's reply to the citizen, where the channel allows it."""

from __future__ import annotations

from typing import Final

from assistant.feedback.learning.notify import Notifier
from assistant.staff.console import Console
from connectors.delivery.queue import Pushed

SENT: Final = "tra-loi-gui"
KEPT: Final = "tra-loi"
OUTCOMES: Final = {
    Pushed.QUEUED: SENT,
    Pushed.KNOWN: SENT,
    Pushed.UNREACHABLE: KEPT,
    Pushed.TOO_LATE: "tra-loi-muon",
    Pushed.TAKEN_OVER: "tra-loi-nhan",
}
"""What the page says after a reply was saved, as keys of :data:`assistant.staff.labels.DONE`."""


def send_reply(console: Console, item_id: int) -> str:
    """Sends the reply that an item holds; whoever has the code can read it in any case.

    Returns:
        A key of :data:`assistant.staff.labels.DONE` that says what became of it.
    """
    return OUTCOMES[Notifier(console.settings, console.database).reply(item_id)]
