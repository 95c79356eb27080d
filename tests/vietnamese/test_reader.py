from __future__ import annotations

import dataclasses
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from vietnamese.everyday import Speech
from vietnamese.fold import fold
from vietnamese.lexicon import Lexicon
from vietnamese.noise import strip_marks
from vietnamese.reader import LEXICONS, Reader

EVERYDAY = Path(__file__).with_name("everyday.txt").read_text(encoding="utf-8").splitlines()
UNSEEN = Path(__file__).with_name("everyday_test.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("lam giay khai sinh cho con can giay to gi", "làm giấy khai sinh cho con cần giấy tờ gì"),
        ("dang ky ket hon o dau", "đăng ký kết hôn ở đâu"),
        ("sang ten so do", "sang tên sổ đỏ"),
        ("toi o an giang muon lam ho chieu", "tôi ở an giang muốn làm hộ chiếu"),
        ("giấy khai xinh bị mất", "giấy khai sinh bị mất"),
        ("lam lai giay khia sinh", "làm lại giấy khai sinh"),
        ("thũ tục đăng ký kinh doang", "thủ tục đăng ký kinh doanh"),
        ("đăng ky thương trú cho vợ", "đăng ký thường trú cho vợ"),
        ("đăngký kết hôn cầngiấytờ gì", "đăng ký kết hôn cần giấy tờ gì"),
        ("giaykhaisinh mat roi", "giấy khai sinh mất rồi"),
        ("đ ăng ký kết hôn", "đăng ký kết hôn"),
        ("gia hạn passport online", "gia hạn passport online"),
        ("app vneid bị lỗi", "app vneid bị lỗi"),
    ],
)
def test_restores_and_corrects(reader: Reader, typed: str, restored: str) -> None:
    assert reader.read(typed).restored == restored


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("mần giấy khai sanh ở mô rứa", "làm giấy khai sinh ở đâu vậy"),
        ("tui phải làm răng", "tôi phải làm sao"),
        ("cần giấy tờ chi", "cần giấy tờ gì"),
        ("chi phí bao nhiêu", "chi phí bao nhiêu"),
        ("nhổ răng sâu", "nhổ răng sâu"),
        ("mô hình trang trại", "mô hình trang trại"),
        ("má em mất hôn thú", "mẹ em mất giấy kết hôn"),
        ("ba em bị mất sổ đỏ", "cha em bị mất sổ đỏ"),
        ("ba ngày có kết quả", "ba ngày có kết quả"),
    ],
)
def test_reads_dialect_and_leaves_what_only_looks_like_it(
    reader: Reader, typed: str, restored: str
) -> None:
    assert reader.read(typed).restored == restored


def test_keeps_names_of_people_and_places(reader: Reader) -> None:
    text = "Ông Nguyễn Văn Tèo ở xã Thạnh Mỹ Tây, huyện Châu Phú làm hộ chiếu"
    assert reader.read(text).restored == text.lower()


def test_tells_what_was_changed(reader: Reader) -> None:
    reading = reader.read("Lm giấy khai xinh hết bn tiền?")
    assert ("lm", "làm", "teencode") in reading.changes
    assert ("xinh", "sinh", "spelling") in reading.changes
    assert reading.original == "Lm giấy khai xinh hết bn tiền?"


def test_counts_marked_words(reader: Reader) -> None:
    assert reader.read("dang ky ket hon").marked == 0.0
    assert reader.read("đăng ký ket hon").marked == 0.5
    assert reader.read("12/3").marked == 0.0


def test_a_reading_cannot_be_changed(reader: Reader) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        reader.read("xin chào").restored = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀", "\x00\x01", "\u200b", "???", "/restart", "\ud800"]
)
def test_reads_what_is_hardly_text(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.folded == fold(reading.restored)


def test_reads_ten_thousand_characters(reader: Reader) -> None:
    text = ("dang ky ket hon can giay to gi " * 400)[:10_000]
    restored = reader.read(text).restored.split()
    assert len(restored) == len(text.split())
    assert restored[:8] == "đăng ký kết hôn cần giấy tờ gì".split()  # noqa: SIM905
    assert reader.read("a" * 10_000).restored
    assert reader.read("xq7" * 3_333).restored
    assert reader.read("giaykhaisinh" * 800).restored
    many = reader.read("giaykhaisinh " * 800).restored.split()
    assert many[:3] == ["giấy", "khai", "sinh"]
    assert 800 <= len(many) <= 2400


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=120))
def test_never_raises_and_keeps_its_promises(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert unicodedata.is_normalized("NFC", reading.restored)
    assert reading.folded == fold(reading.restored)
    assert 0.0 <= reading.marked <= 1.0
    assert len(reading.restored) <= 40 * len(text) + 40
    assert reader.read(text) == reading


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(EVERYDAY), st.integers(0, 200), st.integers(0, 200))
def test_any_part_of_a_question_can_be_read(
    reader: Reader, text: str, start: int, length: int
) -> None:
    part = text[start : start + length]
    reading = reader.read(part)
    assert reader.read(reading.normalised).normalised == reading.normalised


def test_without_a_dialect_lexicon_words_of_the_regions_stay(reader: Reader) -> None:
    plain = reader.with_dialect(Lexicon({}))
    assert plain.read("giấy tờ chi rứa").restored == "giấy tờ chi rứa"


def _share_wrong(reader: Reader, texts: list[str], write: bool) -> float:
    plain = reader.with_dialect(Lexicon({}))
    wrong = total = 0
    for text in texts:
        expected = plain.read(text).normalised.split()
        got = plain.read(strip_marks(text) if write else text).restored.split()
        wrong += Levenshtein.distance(expected, got)
        total += len(expected)
    return wrong / total


def test_clean_questions_are_hardly_changed(reader: Reader) -> None:
    speech = Speech.load(LEXICONS / "speech.yml")
    assert _share_wrong(reader, list(speech.questions(300, 11, held_out=True)), False) <= 0.005
    assert _share_wrong(reader, EVERYDAY + UNSEEN, False) <= 0.005


def test_stripped_questions_are_mostly_restored(reader: Reader) -> None:
    speech = Speech.load(LEXICONS / "speech.yml")
    assert _share_wrong(reader, list(speech.questions(300, 11, held_out=True)), True) <= 0.03
    assert _share_wrong(reader, EVERYDAY, True) <= 0.08
    assert _share_wrong(reader, UNSEEN, True) <= 0.11


def test_names_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"syllables\.npz"):
        Reader.load(tmp_path)
