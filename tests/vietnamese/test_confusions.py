from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.confusions import (
    COST_HOI_NGA,
    COST_SAME_SOUND,
    COST_SOUND,
    COST_TRANSPOSED,
    Neighbours,
    mark_difference,
    marks,
    sound_alikes,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("xinh", "sinh"),
        ("chich", "trich"),
        ("day", "giay"),
        ("nam", "lam"),
        ("viu", "vieu"),
        ("huu", "huou"),
        ("lan", "lang"),
        ("cac", "cat"),
    ],
)
def test_lists_what_sounds_alike(typed: str, meant: str) -> None:
    assert sound_alikes(typed)[meant] == COST_SOUND
    assert sound_alikes(meant)[typed] == COST_SOUND


def test_does_not_list_what_sounds_different() -> None:
    assert "vat" not in sound_alikes("vang")


def test_i_and_y_are_one_sound() -> None:
    assert sound_alikes("ki")["ky"] == COST_SAME_SOUND


def test_finds_spellings_one_slip_away() -> None:
    neighbours = Neighbours(["khai", "sinh", "giay", "dang", "kinh"])
    assert neighbours.of("khia")["khai"] == COST_TRANSPOSED
    assert "sinh" in neighbours.of("sjnh")
    assert "dang" in neighbours.of("ddang")
    assert "giay" in neighbours.of("gay")
    assert neighbours.of("passport") == {}


def test_compares_diacritics() -> None:
    assert mark_difference("thủ", "thủ") == (0.0, False)
    assert mark_difference("thu", "thủ") == (0.0, True)
    assert mark_difference("thũ", "thủ") == (COST_HOI_NGA, False)
    assert mark_difference("đang", "đăng") == (0.0, True)
    contradicted, _ = mark_difference("đăng", "dang")
    assert contradicted > 0


def test_tells_marks() -> None:
    assert marks("được") == (5, ("đ", "\u031b", "\u031b"))
    assert marks("anh") == (0, ())


@given(st.text("abcdeghiklmnopqrstuvxy", max_size=18))
def test_never_proposes_the_word_itself(letters: str) -> None:
    found = Neighbours(["khai", "sinh", "giay", letters]).of(letters)
    assert letters not in found
    assert all(cost > 0 for cost in found.values())
