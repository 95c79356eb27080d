"""Masks a whole text."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.privacy.emails import mask_emails
from assistant.privacy.kinds import MASKS, PersonalData
from assistant.privacy.names import mask_names
from assistant.privacy.numbers import mask_numbers


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and the kinds that were taken out."""

    text: str
    found: tuple[PersonalData, ...]


def mask(text: str) -> Masked:
    """Replaces personal numbers, e-mail addresses and names after a title.

    Procedure codes such as ``1.001193``, legal numbers, dates, amounts of money and hotlines stay.

    Args:
        text: Anything a citizen typed.

    Returns:
        The masked text; masking it again changes nothing, and what is not masked is as it was.
    """
    found: list[PersonalData] = []

    def note(kind: PersonalData) -> str:
        found.append(kind)
        return MASKS[kind]

    while True:
        known = len(found)
        text = mask_names(mask_numbers(mask_emails(text, note), note), note)
        if len(found) == known:
            return Masked(text, tuple(dict.fromkeys(found)))
