from __future__ import annotations

from pathlib import Path

import pytest

from vietnamese.fold import fold_syllable
from vietnamese.lexicon import Lexicon
from vietnamese.ngrams import NgramModel
from vietnamese.reader import LEXICONS, MODELS
from vietnamese.syllable import parse

SAMPLE = """
plain:
  cccd, cc cd: căn cước công dân
conditional:
  tt:
    - read: thường trú
      previous: [đăng ký]
      not_next: [tạm]
    - read: thông tư
      message: [nghị định]
    - read: thủ tục
"""


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    path = tmp_path / "sample.yml"
    path.write_text(SAMPLE, encoding="utf-8")
    return Lexicon.load(path)


def readings(lexicon: Lexicon, text: str) -> list[str]:
    return [" ".join(match.reading) for match in lexicon.matches(text.split())]


def test_takes_the_longest_form(lexicon: Lexicon) -> None:
    (match,) = lexicon.matches(["làm", "cc", "cd", "ở", "đâu"])
    assert (match.start, match.stop) == (1, 3)
    assert match.reading == ("căn", "cước", "công", "dân")


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("đăng ký tt", "thường trú"),
        ("dang ky tt", "thường trú"),
        ("đăng ký tt tạm", "thủ tục"),
        ("nghị định và tt", "thông tư"),
        ("tt gì", "thủ tục"),
    ],
)
def test_the_first_reading_whose_conditions_hold_is_taken(
    lexicon: Lexicon, text: str, reading: str
) -> None:
    assert readings(lexicon, text) == [reading]


@pytest.mark.parametrize(
    "text",
    [
        "plain:\n  một hai ba bốn năm: x\n",
        "conditional:\n  tt:\n    - {reed: thủ tục}\n",
        "conditional:\n  tt:\n    - {read: thủ tục, before: [a]}\n",
        "- a\n",
    ],
)
def test_says_which_file_is_wrong(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.yml"):
        Lexicon.load(path)


@pytest.mark.parametrize(
    ("name", "least"), [("abbreviations", 400), ("teencode", 400), ("dialect", 150)]
)
def test_the_shipped_lexicons_are_large(name: str, least: int) -> None:
    assert len(Lexicon.load(LEXICONS / f"{name}.yml")) >= least


def test_short_forms_are_no_common_syllables() -> None:
    """A form such as ``cap`` would swallow ``cấp`` typed without diacritics."""
    model = NgramModel.load(MODELS / "syllables.npz")
    swallowed = []
    for name in ("abbreviations", "teencode", "foreign"):
        lexicon = Lexicon.load(LEXICONS / f"{name}.yml")
        for key in lexicon:
            ids = model.groups.get(fold_syllable(key[0]), range(0))
            words = [model.words[i] for i in ids if model.unigram[i] > -9.5]
            common = [word for word in words if parse(word) is not None]
            plain = lexicon.is_unconditional(key)
            if len(key) == 1 and len(key[0]) > 1 and plain and key[0].isascii() and common:
                swallowed.append((key[0], common))
    assert swallowed == []
