"""What is said about the platform's error numbers, and in which language."""

from __future__ import annotations

import re

import pytest

from connectors.zalo.errors import AUTHORISATION_FIXES, MEANINGS
from connectors.zalo.routes import HINTS
from connectors.zalo.tokens import RECOVERY

_QUOTED = re.compile("“[^”]+”")
_FOR_OPERATORS = [meaning.fix for meaning in MEANINGS.values() if meaning.fix]


@pytest.mark.parametrize("text", [*_FOR_OPERATORS, *AUTHORISATION_FIXES.values(), RECOVERY])
def test_operators_read_english_but_for_the_consoles_own_words(text: str) -> None:
    assert _QUOTED.sub("", text).replace("→", "").isascii()


def test_operators_and_administrators_get_advice_on_the_same_numbers() -> None:
    assert set(HINTS) == set(AUTHORISATION_FIXES)
