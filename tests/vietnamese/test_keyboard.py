from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.keyboard import from_telex, from_vni, to_telex, to_vni
from vietnamese.syllable import place_tone

TEXT = (
    "đăng ký giấy tờ khẩu người được thường hưởng quyền nghiệp của thủ tục ưu đãi hươu "
    "khuỷu ngoài xuất nguyễn ủy hòa quý gì giường"
)
WORDS = TEXT.split()


@pytest.mark.parametrize("word", WORDS)
def test_reads_its_own_keys(word: str) -> None:
    assert from_telex(to_telex(word)) == word
    assert from_vni(to_vni(word)) == word


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("giayas", "giấy"),
        ("dduwowjc", "được"),
        ("nguwofi", "người"),
        ("thuowngf", "thường"),
        ("dangwd", "đăng"),
        ("giâys", "giấy"),
        ("nhuw", "như"),
    ],
)
def test_reads_telex_keys_in_other_orders(keys: str, word: str) -> None:
    assert from_telex(keys) == word


@pytest.mark.parametrize(
    ("keys", "word"), [("nguoi72", "người"), ("d9uoc75", "được"), ("giay61", "giấy")]
)
def test_reads_vni_keys_at_the_end(keys: str, word: str) -> None:
    assert from_vni(keys) == word


@pytest.mark.parametrize("word", ["passport", "links", "quaa", "anh", "x", "tts"])
def test_leaves_what_telex_cannot_spell(word: str) -> None:
    assert from_telex(word) is None


@pytest.mark.parametrize("word", ["b2", "c1", "ct01", "m2", "1a", "phuong3", "covid19"])
def test_leaves_what_vni_cannot_spell(word: str) -> None:
    assert from_vni(word) is None


@given(st.text("abcdeghiklmnopqrstuvwxyfjz0123456789âêôăơưđ", max_size=14))
def test_gives_placed_syllables_or_nothing(keys: str) -> None:
    for word in (from_telex(keys), from_vni(keys)):
        assert word is None or place_tone(word) == word
