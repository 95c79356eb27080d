from __future__ import annotations

from pathlib import Path

import pytest

from vietnamese.everyday import Speech
from vietnamese.reader import LEXICONS


@pytest.fixture(scope="module")
def speech() -> Speech:
    return Speech.load(LEXICONS / "speech.yml")


def test_the_same_seed_gives_the_same_questions(speech: Speech) -> None:
    assert list(speech.questions(20, 3)) == list(speech.questions(20, 3))
    assert list(speech.questions(20, 3)) != list(speech.questions(20, 4))


def test_questions_are_filled_in(speech: Speech) -> None:
    for question in speech.questions(500, 1):
        assert "{" not in question
        assert "  " not in question
        assert question


def test_held_out_frames_are_not_used_for_training(speech: Speech) -> None:
    assert not set(speech.frames) & set(speech.held_out_frames)


def test_varies_a_line_by_words_of_the_same_group(speech: Speech) -> None:
    line = "tôi lên phường hai lần"
    variants = list(speech.variants(line, 50, 1))
    assert variants[0] == line
    assert len(set(variants)) > 10
    assert all(variant.endswith("lần") and " lên " in variant for variant in variants)


def test_puts_regional_words_into_a_share_of_lines(speech: Speech) -> None:
    lines = ["làm gì bây giờ"] * 200
    words = [("mần", "làm"), ("chừ", "bây giờ"), ("bây chừ", "bây giờ")]
    changed = list(speech.regional(lines, words, 0.5, 1))
    assert set(changed) == {"làm gì bây giờ", "mần gì chừ", "mần gì bây chừ"}
    assert 60 < changed.count("làm gì bây giờ") < 140
    assert list(speech.regional(lines, words, 0.0, 1)) == lines


def test_names_a_slot_that_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "speech.yml"
    path.write_text('slots: {a: "b"}\nframes: ["{c}"]\nheld_out_frames: []\nswaps: []\n', "utf-8")
    with pytest.raises(ValueError, match=r"speech\.yml: no slot named 'c'"):
        Speech.load(path)
