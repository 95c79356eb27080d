"""The kinds of personal data that are masked, and what stands in their place."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final, TypeAlias


class PersonalData(StrEnum):
    """What was masked."""

    EMAIL = "email"
    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"
    BANK_NUMBER = "bank_number"
    NAME = "name"


MASKS: Final = {
    PersonalData.EMAIL: "[email]",
    PersonalData.PHONE: "[số điện thoại]",
    PersonalData.IDENTITY_NUMBER: "[số định danh]",
    PersonalData.BANK_NUMBER: "[số tài khoản]",
    PersonalData.NAME: "[họ tên]",
}

Note: TypeAlias = Callable[[PersonalData], str]
"""Takes down that a kind was found and gives what stands in its place."""
