from __future__ import annotations

import random
from collections import Counter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.nlu.phrasing import FOLDER, SHARES, Phrasing, expand, packaged_phrasing, ways
from assistant.nlu.sentences import sentences
from knowledge_base.schema import Aspect

WISHES = ["đăng ký tạm trú", "khai tử", "sang tên xe"]
NAMES = ["cấp lại giấy chứng nhận đủ điều kiện hoạt động"]


@pytest.fixture(scope="module")
def phrasing() -> Phrasing:
    return Phrasing(WISHES, NAMES)


def test_a_choice_is_taken() -> None:
    found = {expand("cần (gì|giấy (nào|gì)|) ạ", random.Random(seed)) for seed in range(60)}
    assert found == {"cần gì ạ", "cần giấy nào ạ", "cần giấy gì ạ", "cần ạ"}


def test_ways_are_counted() -> None:
    assert ways("(a|b|) c (d|e)") == 6


def test_the_same_seed_gives_the_same_messages(phrasing: Phrasing) -> None:
    assert list(phrasing.messages(50, 3)) == list(phrasing.messages(50, 3))
    assert list(phrasing.messages(50, 3)) != list(phrasing.messages(50, 4))


def test_every_aspect_is_asked_for(phrasing: Phrasing) -> None:
    counts = Counter(a for m in phrasing.messages(3000, 1) for a in m.aspects)
    assert set(counts) == {aspect.value for aspect in Aspect}
    assert counts["documents"] > counts["forms"] > 20
    assert set(SHARES) | {"overview"} == {aspect.value for aspect in Aspect}


def test_nothing_of_a_pattern_is_left(phrasing: Phrasing) -> None:
    for message in phrasing.messages(3000, 2):
        assert not set("{}|") & set(message.text), message.text
        assert "  " not in message.text.replace("\n", "")


def test_sentences_are_labelled_where_they_stand(phrasing: Phrasing) -> None:
    aligned = 0
    for message in phrasing.messages(400, 5):
        made = [text for text, _ in message.sentences if sentences(text)]
        found = [s.text for s in sentences(message.text)]
        aligned += [sentences(text)[0].text for text in made][-len(found) :] == found
    assert aligned >= 380


def test_every_pattern_can_be_drawn() -> None:
    aspects = yaml.safe_load((FOLDER / "aspects.yml").read_text("utf-8"))
    for forms in aspects.values():
        assert set(forms) == {"ask", "bare", "names"}
        for pattern in forms["ask"]:
            assert pattern.count("{}") == 1, pattern
        for pattern in [*forms["ask"], *forms["bare"]]:
            assert pattern.count("(") == pattern.count(")"), pattern
            assert "{}" not in pattern or pattern in forms["ask"], pattern


def test_cues_need_no_wish(phrasing: Phrasing) -> None:
    cues = dict(phrasing.cues())
    assert cues["nộp ở đâu"] == "where"
    assert cues["còn giá trị bao lâu"] == "result"
    assert not any("{" in cue or "(" in cue for cue in cues)


def test_the_packaged_wishes_ask_for_nothing() -> None:
    packaged = packaged_phrasing()
    texts = [m.text for m in packaged.messages(200, 1) if m.text]
    assert len(set(texts)) > 150


@given(st.integers())
def test_any_seed_draws(seed: int) -> None:
    for message in Phrasing(WISHES, NAMES).messages(3, seed):
        assert message.text
