"""Masks what identifies a person before anything is stored or logged."""

from __future__ import annotations

from assistant.privacy.kinds import MASKS, PersonalData
from assistant.privacy.masking import Masked, mask

__all__ = ["MASKS", "Masked", "PersonalData", "mask"]
