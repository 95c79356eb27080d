from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vietnamese.fold import fold, fold_syllable, syllables


def test_removes_every_diacritic() -> None:
    assert fold("Đăng ký Hộ khẩu thường trú Ở NGUYỄN") == "dang ky ho khau thuong tru o nguyen"


def test_reads_both_normal_forms() -> None:
    assert fold("tie\u0302\u0301ng") == fold("tiếng") == "tieng"


def test_remembers_syllables() -> None:
    assert fold_syllable("Được") == "duoc"


def test_keeps_codes_and_legal_numbers_whole() -> None:
    assert syllables("mã 1.001193, theo 04/2020") == ["mã", "1.001193", "theo", "04/2020"]


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
