"""What a member of staff may do."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Roles from least to most; each may do what the ones before it may."""

    REVIEWER = "reviewer"
    """Works through the queue: reads, notes, assigns, replies, decides."""
    EDITOR = "editor"
    """Also accepts proposals, starts releases and publishes notices."""
    ADMIN = "admin"
    """Also keeps accounts, handles personal data, pauses the assistant and reads the audit log."""

    def permits(self, needed: Role) -> bool:
        """Tells whether this role may do what another one is needed for."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


TITLES: Final = {
    Role.REVIEWER: "Cán bộ xử lý",
    Role.EDITOR: "Biên tập viên",
    Role.ADMIN: "Quản trị viên",
}
