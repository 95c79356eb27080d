from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.fold import fold
from vietnamese.noise import (
    MANNERS,
    drop_tones,
    half_mark,
    joined,
    one_misspelling,
    one_typo,
    strip_marks,
    telex,
    vni,
)

TEXT = "Tôi muốn đăng ký giấy khai sinh trễ cho con, được không ạ?"


@pytest.mark.parametrize("manner", MANNERS)
def test_each_manner_is_repeatable_and_changes_something(manner: str) -> None:
    write = MANNERS[manner]
    assert write(TEXT, 5) == write(TEXT, 5)
    assert any(write(TEXT, seed) != TEXT for seed in range(5))


def test_keeps_capitals_when_stripping() -> None:
    assert strip_marks("Đăng Ký") == "Dang Ky"


def test_half_marked_keeps_letters() -> None:
    half = half_mark(TEXT, 2)
    assert fold(half) == fold(TEXT)
    assert half not in (TEXT, strip_marks(TEXT))


def test_drops_tones_only() -> None:
    assert drop_tones("Đường được hủy") == "Đương đươc huy"


def test_one_typo_changes_one_word() -> None:
    for seed in range(30):
        pairs = zip(TEXT.split(), one_typo(TEXT, seed).split(), strict=True)
        assert sum(a != b for a, b in pairs) == 1


def test_misspells_as_it_sounds() -> None:
    found = {one_misspelling("sinh", seed) for seed in range(20)}
    assert "xinh" in found
    assert found <= {"xinh", "sinh"}
    assert one_misspelling("thủ", 1) == "thũ"


def test_writes_keys() -> None:
    assert telex("đăng ký") == "ddawng kys"
    assert vni("đăng ký") == "d9a8ng ky1"


def test_joins_two_words() -> None:
    assert joined("khai sinh", 1) == "khaisinh"
    assert joined("khai", 1) == "khai"


@given(st.text(max_size=60), st.integers(0, 1000))
def test_never_raises(text: str, seed: int) -> None:
    for write in MANNERS.values():
        write(text, seed)
