from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evaluation.dataset import (
    Behavior,
    Question,
    QuestionError,
    Variant,
    change,
    change_all,
    own_questions,
    read_questions,
    shared_questions,
    smoke_questions,
)
from knowledge_base.store import Catalogue
from vietnamese.fold import fold

MANNERS = {
    "abbreviation", "action", "clarify", "compare", "dialect", "distress", "followup", "formal",
    "full", "half", "injection", "lacking", "list", "none", "out_of_scope", "situation", "slash",
    "smalltalk", "two_questions", "typo",
}  # fmt: skip

QUESTION = Question(id="q-1", manner="full", turns=("Đăng ký tạm trú ở đâu?", "Lệ phí bao nhiêu?"))


@pytest.fixture(scope="module")
def own() -> list[Question]:
    return own_questions()


def write(folder: Path, *rows: object) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def row(**changes: object) -> dict[str, object]:
    return {
        "id": "a",
        "manner": "full",
        "turns": ["Xin chào"],
        "gold": [],
        "aspects": [],
        "behavior": "smalltalk",
        "in_catalogue": False,
    } | changes


def test_our_own_sets_cover_every_manner_and_many_procedures(own: list[Question]) -> None:
    assert len(own) >= 400
    assert {question.manner for question in own} == MANNERS
    assert len({code for question in own for code in question.gold}) >= 150


def test_our_own_labels_fit_together(own: list[Question]) -> None:
    for question in own:
        assert question.in_catalogue == bool(question.gold), question.id
        if question.behavior in {Behavior.ANSWER, Behavior.ANSWER_ALL}:
            assert question.gold, question.id
            assert question.aspects, question.id
        if question.behavior is Behavior.ANSWER_ALL:
            assert len(question.gold) > 1, question.id
        assert (len(question.turns) > 1) == (question.manner == "followup"), question.id


def test_every_code_of_our_own_sets_is_in_the_catalogue(own: list[Question]) -> None:
    catalogue = Catalogue.load()
    unknown = {code for question in own for code in question.gold if code not in catalogue}
    assert not unknown


def test_no_conversation_is_there_twice(own: list[Question]) -> None:
    counts = Counter(question.turns for question in own)
    assert [turns for turns, count in counts.items() if count > 1] == []


def test_the_set_without_diacritics_has_none(own: list[Question]) -> None:
    for question in own:
        if question.manner == "none":
            assert all(turn.isascii() for turn in question.turns), question.id


def test_the_smoke_set_is_small_and_spread_over_every_manner() -> None:
    smoke = smoke_questions()
    assert 60 <= len(smoke) <= 120
    assert {question.manner for question in smoke} == MANNERS


def test_the_shared_form_is_read_with_its_kind_as_manner(tmp_path: Path) -> None:
    shared = row(kind="real_chat", behavior="answer", gold=["1.001193"], in_catalogue=True)
    del shared["manner"]
    (question,) = read_questions([write(tmp_path, shared)])
    assert question.manner == "real_chat"
    assert question.expected is Behavior.ANSWER


def test_answering_what_has_no_record_means_saying_so(tmp_path: Path) -> None:
    (question,) = read_questions([write(tmp_path, row(behavior="answer"))])
    assert question.expected is Behavior.NOT_KNOWN
    assert not question.findable


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row(turns=[]), "turns"),
        (row(behavior="dance"), "behavior"),
        (row(aspects=["weather"]), "aspects"),
        (row(extra=1), "extra"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, bad: dict[str, object], message: str) -> None:
    with pytest.raises(QuestionError, match=rf"questions\.jsonl:1: {message}"):
        read_questions([write(tmp_path, bad)])


def test_an_id_that_comes_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r":2: id 'a' comes twice"):
        read_questions([write(tmp_path, row(), row())])


def test_stripping_takes_every_diacritic_and_keeps_the_labels() -> None:
    stripped = change(QUESTION, Variant.STRIPPED)
    assert stripped.turns == ("Dang ky tam tru o dau?", "Le phi bao nhieu?")
    assert stripped.model_copy(update={"turns": QUESTION.turns}) == QUESTION


def test_one_typing_error_a_turn_is_repeatable_and_differs_by_seed() -> None:
    once, again = (change(QUESTION, Variant.ONE_TYPO, 3) for _ in range(2))
    assert once == again
    for changed, turn in zip(once.turns, QUESTION.turns, strict=True):
        differing = [(a, b) for a, b in zip(changed.split(), turn.split(), strict=True) if a != b]
        assert len(differing) == 1
        assert len(fold(changed)) > len(turn) / 2
    assert any(change(QUESTION, Variant.ONE_TYPO, seed) != once for seed in range(4, 8))


def test_every_question_of_a_set_is_changed() -> None:
    both = change_all([QUESTION, QUESTION.model_copy(update={"id": "q-2"})], Variant.ONE_TYPO)
    assert both[0].turns != both[1].turns


@pytest.mark.shared
def test_the_shared_development_set_is_read() -> None:
    questions = shared_questions()
    assert questions is not None
    assert len(questions) == 325
    assert sum(question.findable for question in questions) > 200
