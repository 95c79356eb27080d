from __future__ import annotations

import pytest

from vietnamese.ngrams import BOUNDARY, NUMBER, NgramModel
from vietnamese.reader import MODELS
from vietnamese.restore import Restorer, Slot


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    return Restorer(NgramModel.load(MODELS / "syllables.npz"))


def slots(text: str) -> list[Slot]:
    return [Slot(word) for word in text.split()]


def test_gives_one_text_a_slot(restorer: Restorer) -> None:
    texts, _ = restorer.restore(
        [Slot("lam"), Slot("3", NUMBER), Slot("ban"), Slot(".", BOUNDARY), Slot("xyzxyz")]
    )
    assert len(texts) == 5
    assert texts[1] == "3"
    assert texts[3] == "."


def test_nothing_gives_nothing(restorer: Restorer) -> None:
    assert restorer.restore([])[0] == []
    assert restorer.read([]) == []


def test_guarded_words_are_kept(restorer: Restorer) -> None:
    texts, _ = restorer.restore([Slot("giấy"), Slot("khai"), Slot("xinh", guarded=True)])
    assert texts == ["giấy", "khai", "xinh"]


def test_correction_can_be_switched_off(restorer: Restorer) -> None:
    typed = slots("giay khai xinh")
    assert restorer.restore(typed)[0] == ["giấy", "khai", "sinh"]
    assert restorer.restore(typed, correct=False)[0][2] == "xinh"


def test_long_messages_are_read_in_windows(restorer: Restorer) -> None:
    typed = slots("dang ky ket hon " * 100)
    texts, _ = restorer.restore(typed)
    assert len(texts) == 400
    assert texts[200:204] == ["đăng", "ký", "kết", "hôn"]


def test_likelier_readings_score_higher(restorer: Restorer) -> None:
    _, good = restorer.restore(slots("đăng ký kết hôn"))
    _, bad = restorer.restore(slots("đăng kỳ kệt hòn"), correct=False)
    assert good > bad
