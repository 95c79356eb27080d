from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.dialogue.state import Understanding
from vietnamese.noise import MANNERS

Read = Callable[[str], Understanding]
Rows = list[dict[str, Any]]
MANNERS_OF_CITIZENS = ("stripped", "half marked", "one typing error", "teencode")


def shares(read: Read, asked: Rows, manner: str | None) -> tuple[float, float]:
    """Returns the shares of questions with all aspects found, and with exactly those found."""
    contained = exact = 0
    for seed, row in enumerate(asked):
        text = MANNERS[manner](row["ask"], seed) if manner else row["ask"]
        found = {aspect.value for aspect in read(text).aspects}
        contained += set(row["aspects"]) <= found
        exact += set(row["aspects"]) == found
    return contained / len(asked), exact / len(asked)


def test_what_is_asked_is_read(read: Read, asked: Rows) -> None:
    contained, exact = shares(read, asked, None)
    assert contained >= 0.95
    assert exact >= 0.9


@pytest.mark.parametrize("manner", MANNERS_OF_CITIZENS)
def test_it_is_read_however_it_is_written(read: Read, asked: Rows, manner: str) -> None:
    contained, exact = shares(read, asked, manner)
    assert contained >= 0.9
    assert exact >= 0.85


def test_a_lead_that_names_the_matter_asks_for_nothing(read: Read) -> None:
    heard = read("tôi muốn hỏi về thủ tục nhận con nuôi. hồ sơ gồm những gì?")
    assert [a.value for a in heard.aspects] == ["documents"]


def test_the_cue_is_marked_in_the_text(read: Read) -> None:
    heard = read("đăng ký tạm trú nộp ở đâu")
    marked = [heard.text[start:end] for start, end in heard.cues()]
    assert marked == ["nộp ở đâu"]


def test_a_cue_is_made_of_whole_words(read: Read) -> None:
    heard = read("cấp lại phiếu hẹn hết bao nhiêu tiền")
    marked = [heard.text[start:end] for start, end in heard.cues()]
    assert marked == ["hết bao nhiêu tiền"]
