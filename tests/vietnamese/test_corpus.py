from __future__ import annotations

from pathlib import Path

import zstandard

from vietnamese.corpus import Encoder, is_held_out, is_vietnamese, pieces, read_lines
from vietnamese.ngrams import BOUNDARY, NUMBER, UNKNOWN


def test_holds_out_about_one_line_in_fifty() -> None:
    held = sum(is_held_out(f"dòng số {number}") for number in range(10_000))
    assert 150 < held < 250


def test_reads_plain_and_packed_files(tmp_path: Path) -> None:
    plain = tmp_path / "a.txt"
    plain.write_text("một\nhai\n", encoding="utf-8")
    packed = tmp_path / "b.txt.zst"
    packed.write_bytes(zstandard.compress("một\nhai\n".encode()))
    assert list(read_lines(plain)) == list(read_lines(packed)) == ["một", "hai"]


def test_knows_vietnamese_prose() -> None:
    assert is_vietnamese("Trách nhiệm của Bảo hiểm xã hội")
    assert not is_vietnamese("### 240050000000000000010000110000")
    assert not is_vietnamese("the history of the United Kingdom")


def test_cuts_into_pieces() -> None:
    assert pieces("Điều 5. Hồ sơ, gồm:") == ["điều", "5.", "hồ", "sơ", "gồm", ":"]


def test_encodes_with_boundaries_numbers_and_unknown_words() -> None:
    encoder = Encoder()
    encoder.add(["giấy 12 xyzt; giấy"], times=2)
    ids, words = encoder.finish(2, 9, frozenset())
    giay = words.index("giấy")
    once = [giay, NUMBER, UNKNOWN, BOUNDARY, giay, BOUNDARY]
    assert ids.tolist() == [BOUNDARY, *once, *once]


def test_leaves_out_words_whose_diacritics_were_lost_but_keeps_those_asked_for() -> None:
    encoder = Encoder()
    encoder.add(["việc viec viec viec zalo zalo"])
    _, words = encoder.finish(1, 2, frozenset({"zalo"}))
    assert "việc" in words
    assert "viec" not in words
    assert "zalo" in words
