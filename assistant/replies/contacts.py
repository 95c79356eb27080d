"""Who to ask when the assistant does not know: the office, the portal, emergency numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.replies import wording
from assistant.settings import Settings
from connectors.message import Block, Fact, Item, ItemList, Link, Paragraph
from knowledge_base.overlay import Overlay

CONTACTS = Path(__file__).with_name("contacts.yml")


@dataclass(frozen=True, slots=True)
class Office:
    """The office that runs the assistant; empty where the operator has not said."""

    name: str = ""
    address: str = ""
    hours: str = ""
    hotline: str = ""

    @classmethod
    def from_settings(cls, settings: Settings) -> Office:
        """Reads what the operator set; what is not set comes from the commune's local facts."""
        named = settings.office_name != Settings.model_fields["office_name"].default
        local = None
        if settings.province and settings.commune:
            overlay = Overlay.load(settings.catalogue_folders)
            local = overlay.office(settings.province, settings.commune)
        return cls(
            local.name if local and not named else settings.office_name,
            settings.office_address or (local.address if local else ""),
            settings.office_hours or (local.hours if local else ""),
            settings.office_hotline or (", ".join(local.hotlines) if local else ""),
        )


@lru_cache(maxsize=1)
def _numbers() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(CONTACTS.read_text("utf-8"))
    return data


def office_blocks(office: Office) -> tuple[Block, ...]:
    """Names the office with what is known of it, then the portal's hotline."""
    portal = _numbers()["portal"]
    blocks: list[Block] = []
    if office.name:
        blocks.append(Fact("Cơ quan", office.name))
    for label, value in (
        (wording.ADDRESS, office.address),
        (wording.HOURS, office.hours),
        (wording.TELEPHONE, office.hotline),
    ):
        if value:
            blocks.append(Fact(label, value))
    blocks.append(Fact(portal["name"], portal["number"]))
    blocks.append(Link("Cổng dịch vụ công quốc gia", portal["link"]))
    return tuple(blocks)


def unknown_office(office: Office) -> tuple[Block, ...]:
    """Says so when neither address nor telephone of the office is known."""
    if office.address or office.hotline:
        return ()
    portal = _numbers()["portal"]
    return (Paragraph(wording.OFFICE_UNKNOWN.format(portal=portal["number"])),)


def emergency_blocks() -> tuple[Block, ...]:
    """Lists the emergency numbers."""
    items = [Item(f"{n['number']}: {n['name']}") for n in _numbers()["emergency"]]
    return (ItemList(tuple(items)),)


def feedback_blocks() -> tuple[Block, ...]:
    """Names the national system for suggestions and complaints."""
    portal = _numbers()["feedback_portal"]
    return (Link(portal["name"], portal["link"]),)
