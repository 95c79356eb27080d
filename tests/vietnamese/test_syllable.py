from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.fold import fold
from vietnamese.syllable import Syllable, compose, is_syllable, parse, place_tone, take_tone

ALPHABET = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("nghiệp", Syllable("ngh", "iêp", 5)),
        ("giấy", Syllable("gi", "ây", 2)),
        ("gì", Syllable("g", "i", 1)),
        ("quốc", Syllable("qu", "ôc", 2)),
        ("ủy", Syllable("", "uy", 3)),
        ("đường", Syllable("đ", "ương", 1)),
        ("nguyễn", Syllable("ng", "uyên", 4)),
        ("khuỷu", Syllable("kh", "uyu", 3)),
    ],
)
def test_takes_syllables_apart(word: str, parts: Syllable) -> None:
    assert parse(word) == parts
    assert compose(*parts) == word


@pytest.mark.parametrize("word", ["passport", "duoc", "ktôi", "cế", "nge", "thủk", "các̃", ""])
def test_knows_what_is_no_syllable(word: str) -> None:
    assert parse(word) is None


def test_a_closed_syllable_needs_sharp_or_heavy_tone() -> None:
    assert is_syllable("các")
    assert not is_syllable("cac")
    assert parse("cac") is not None
    assert parse("cảc") is None


@pytest.mark.parametrize(
    ("typed", "standard"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("uỷ", "ủy"),
        ("qúy", "quý"),
        ("gìa", "già"),
        ("hoàn", "hoàn"),
        ("muốn", "muốn"),
        ("cuả", "của"),
        ("ngòai", "ngoài"),
        ("qùa", "quà"),
        ("wifi", "wifi"),
    ],
)
def test_places_the_tone_mark(typed: str, standard: str) -> None:
    assert place_tone(typed) == standard


@given(st.text(ALPHABET, max_size=8))
def test_placing_tones_is_stable_and_keeps_letters(word: str) -> None:
    placed = place_tone(word)
    assert place_tone(placed) == placed
    assert fold(placed) == fold(word)


@given(st.text(ALPHABET, max_size=8))
def test_taking_the_tone_leaves_none(word: str) -> None:
    bare, _ = take_tone(word)
    assert take_tone(bare) == (bare, 0)
