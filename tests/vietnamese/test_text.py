from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.text import CODE, MARK, WORD, clean, join, squeeze, tokenise


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.text, token.kind) for token in tokenise(clean(text))]


def test_removes_what_cannot_be_seen() -> None:
    assert clean("\ufeffcăn\u200b cước\x00\u202e\u00a0mới\u2028ạ ") == "căn cước mới\nạ"


def test_composes_decomposed_letters() -> None:
    assert clean(unicodedata.normalize("NFD", "hộ khẩu")) == "hộ khẩu"


@pytest.mark.parametrize(
    "code",
    [
        "1.001193",
        "75/2022/TT-BTC",
        "04/2020/NĐ-CP",
        "QĐ-UBND",
        "12/3/2024",
        "1.500.000",
        "mai@gmail.com",
        "dichvucong.gov.vn",
        "https://dichvucong.gov.vn/p/home?a=1",
        "14.1.TT.14.30",
        "VN-2000",
        "0912345678",
    ],
)
def test_keeps_codes_whole(code: str) -> None:
    assert kinds(f"theo {code} thì") == [("theo", WORD), (code.lower(), CODE), ("thì", WORD)]


def test_leaves_out_emoji_and_emoticons() -> None:
    assert kinds("được không 😀 :)) ^^ <3 🇻🇳") == [("được", WORD), ("không", WORD)]


def test_repeated_punctuation_is_kept_once() -> None:
    assert kinds("gì vậy???!!") == [
        ("gì", WORD),
        ("vậy", WORD),
        ("?", MARK),
        ("!", MARK),
    ]


@pytest.mark.parametrize(
    ("typed", "short"),
    [("nhiêuuuu", "nhiêu"), ("quáaaa", "quáa"), ("đii", "đii"), ("iii", "iii"), ("xviii", "xviii")],
)
def test_squeezes_runs_but_not_roman_numerals(typed: str, short: str) -> None:
    assert squeeze(typed) == short


def test_joins_without_blanks_before_punctuation() -> None:
    assert join(["phí", "(", "nếu", "có", ")", ",", "ở", "đâu", "?"]) == "phí (nếu có), ở đâu?"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
