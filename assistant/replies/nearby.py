"""Words which offices are near a place that a citizen shared."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.replies import contacts, figures, wording
from assistant.replies.contacts import Office
from connectors.message import Block, Fact, Heading, Link, Paragraph
from knowledge_base.overlay import NearOffice, Position

MAP = (
    "https://www.openstreetmap.org/?mlat={north:.5f}&mlon={east:.5f}#map=17/{north:.5f}/{east:.5f}"
)


def nearby_blocks(found: Sequence[NearOffice], office: Office) -> tuple[Block, ...]:
    """Names the offices near a place, or says how to find one.

    Args:
        found: Offices with their distance, the nearest first; empty: none is known.
        office: The office that runs the assistant.
    """
    if not found:
        return (Paragraph(wording.NOTHING_NEAR), *contacts.office_blocks(office))
    blocks: list[Block] = [Paragraph(wording.NEAR)]
    for near in found:
        blocks.append(Heading(near.office.name))
        distance = wording.AS_THE_CROW_FLIES.format(distance=figures.distance(near.distance))
        blocks.append(Fact(wording.DISTANCE, distance))
        blocks.extend(
            Fact(label, value)
            for label, value in (
                (wording.ADDRESS, near.office.address),
                (wording.HOURS, near.office.hours),
                (wording.TELEPHONE, ", ".join(near.office.hotlines)),
            )
            if value
        )
        blocks.append(Link(wording.ON_THE_MAP, map_link(near.position)))
    return (*blocks, Paragraph(wording.BEFORE_GOING))


def map_link(position: Position) -> str:
    """The address of a map with a mark where an office is."""
    return MAP.format(north=position.latitude, east=position.longitude)
