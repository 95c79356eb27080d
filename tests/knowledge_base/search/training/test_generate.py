from __future__ import annotations

from random import Random

import numpy as np
import pytest

from knowledge_base.search.outside import load_outside
from knowledge_base.search.phrases import Phrase
from knowledge_base.search.training.encoder import BATCH, _batches
from knowledge_base.search.training.generate import Wording, disturb, drop_words
from knowledge_base.search.training.pairs import make_pairs, siblings
from knowledge_base.search.training.questions import make_questions, split_folds

NAMES = [
    "Đăng ký khai sinh",
    "Đăng ký khai sinh có yếu tố nước ngoài",
    "Đăng ký kết hôn",
    "Cấp lại giấy phép lái xe",
]
PHRASES = [
    *(Phrase(owner, True, name) for owner, name in enumerate(NAMES)),
    *(Phrase(0, False, f"làm giấy cho em bé {number}") for number in range(7)),
    Phrase(3, False, "bằng lái bị mất"),
]


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording.load()


def test_what_already_asks_is_not_wrapped_again(wording: Wording) -> None:
    text = "bằng lái bị mất thì làm sao"
    asked = wording.ask(text, Random(1), formal=True)
    assert asked == text


def test_a_short_phrase_becomes_a_question(wording: Wording) -> None:
    asked = {wording.ask("đăng ký kết hôn", Random(seed), formal=False) for seed in range(30)}
    assert len(asked) > 10
    assert all("đăng ký kết hôn" in text for text in asked)


def test_paraphrases_replace_official_words(wording: Wording) -> None:
    said = {wording.paraphrase("Cấp lại giấy phép lái xe", Random(s), 1.0) for s in range(20)}
    assert all("giấy phép lái xe" not in text and "cấp lại giấy" not in text for text in said)


def test_the_same_chance_disturbs_the_same_way() -> None:
    text = "tôi muốn đăng ký kết hôn thì cần giấy tờ gì"
    again = [[disturb(text, Random(seed)) for seed in range(60)] for _ in range(2)]
    assert again[0] == again[1]
    assert len(set(again[0])) > 15


def test_dropping_words_keeps_two() -> None:
    assert len(drop_words("một hai ba", Random(1), 1.0).split()) == 3
    assert len(drop_words("một hai ba bốn năm sáu", Random(3), 0.5).split()) >= 2


def test_siblings_are_similar_but_never_twins() -> None:
    twin = Phrase(4, True, "Đăng ký khai sinh (thực hiện tại cấp xã)")
    near = siblings([*PHRASES[:4], twin])
    assert near[0][0] == 1
    assert 4 not in near[0]
    assert 0 not in near[0]


def test_pairs_teach_what_is_asked_and_repeat_themselves(wording: Wording) -> None:
    outside = load_outside()[:20]
    pairs = make_pairs(PHRASES, wording, outside, seed=5, each=6)
    assert pairs == make_pairs(PHRASES, wording, outside, seed=5, each=6)
    texts = {owner: {p.text.lower() for p in PHRASES if p.owner == owner} for owner in range(4)}
    assert all(pair.positive in texts[pair.owner] for pair in pairs if pair.owner < 4)
    assert all(pair.negative not in texts.get(pair.owner, ()) for pair in pairs)
    assert {pair.owner for pair in pairs} > set(range(4))


def test_folds_share_out_what_people_say_and_never_the_names() -> None:
    folds = split_folds(PHRASES, len(NAMES), 3, seed=2)
    assert folds[: len(NAMES)] == [-1] * len(NAMES)
    counts = np.bincount(folds[len(NAMES) : len(NAMES) + 7], minlength=3)
    assert counts.tolist() in ([3, 2, 2], [2, 3, 2], [2, 2, 3])


def test_a_lacking_procedure_takes_its_twins_along(wording: Wording) -> None:
    names = [Phrase(i, True, name) for i, name in enumerate([*NAMES, "Đăng ký kết hôn - cấp xã"])]
    asked = make_questions(
        names,
        PHRASES[4:] * 30,
        np.zeros(5, dtype=np.float32),
        [[1], [0], [], [], []],
        np.asarray([0, 1, 2, 3, 2]),
        wording,
        ["hôm nay trời đẹp quá"],
        Random(4),
    )
    lacking = [one for one in asked if one.removed]
    assert lacking
    assert all(one.owner in one.removed for one in lacking)
    assert all({2, 4} <= set(one.removed) for one in lacking if one.owner in (2, 4))
    assert {one.kind for one in asked} == {"said", "named", "outside"}


def test_batches_never_hold_one_procedure_twice() -> None:
    owners = np.random.default_rng(0).integers(0, 900, 6_000)
    batches = list(_batches(owners, 3))
    assert all(len(set(owners[batch].tolist())) == len(batch) for batch in batches)
    used = [row for batch in batches for row in batch]
    assert len(used) == len(set(used)) > 5_000
    assert max(map(len, batches)) == BATCH


def test_outside_phrases_have_no_blank_left() -> None:
    assert not [phrase.text for phrase in load_outside() if "{" in phrase.text]
    assert len({phrase.topic for phrase in load_outside()}) > 20
