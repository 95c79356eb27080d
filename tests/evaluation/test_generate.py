from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from connectors.message import Choice, Inbound, Paragraph, Reply, ReplyKind
from evaluation.dataset import Question, Variant, change_all
from evaluation.generate import generate
from evaluation.runs import read_run, write_run
from evaluation.scoring import score


class Parrot:
    """Answers about birth registration, and remembers who asked what."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    async def answer(self, message: Inbound) -> Sequence[Reply]:
        self.heard.append((message.conversation, message.text))
        if "thời tiết" in message.text:
            return [Reply(ReplyKind.OUT_OF_SCOPE, (Paragraph("Không biết."),))]
        return [
            Reply(
                ReplyKind.ANSWER,
                (Paragraph(f"Bạn hỏi: {message.text}"),),
                choices=(Choice("p:1.001193", "Lệ phí"),),
                procedure="1.001193",
                candidates=("1.001193",),
                aspects=("fees",),
                confidence=0.9,
                latency_ms=1.5,
            )
        ]

    async def forget(self, channel: str, conversation: str) -> None:
        raise NotImplementedError


QUESTIONS = [
    Question.model_validate(row)
    for row in (
        {
            "id": "a",
            "manner": "followup",
            "turns": ["Khai sinh cần gì?", "Lệ phí?"],
            "gold": ["1.001193"],
            "aspects": ["fees"],
        },
        {
            "id": "b",
            "manner": "out_of_scope",
            "turns": ["thời tiết"],
            "behavior": "refuse_oos",
            "in_catalogue": False,
        },
    )
]


def test_each_question_is_one_conversation_played_in_order() -> None:
    parrot = Parrot()
    told: list[tuple[int, int]] = []
    rows = generate(parrot, QUESTIONS, lambda _what, done, total: told.append((done, total)))
    first, second, third = parrot.heard
    assert first[0] == second[0] != third[0]
    assert [text for _, text in parrot.heard] == ["Khai sinh cần gì?", "Lệ phí?", "thời tiết"]
    assert [len(row.replies) for row in rows] == [2, 1]
    assert rows[0].reply.text == "Bạn hỏi: Lệ phí?"
    assert told == [(1, 2), (2, 2)]


def test_a_run_survives_being_written_and_scores_the_same(tmp_path: Path) -> None:
    rows = generate(Parrot(), QUESTIONS)
    path = tmp_path / "deep" / "run.jsonl"
    write_run(rows, path)
    assert read_run(path) == rows
    assert score(read_run(path)) == score(rows)
    assert score(rows)["correct"] == 1


def test_playing_again_asks_in_new_conversations() -> None:
    parrot = Parrot()
    generate(parrot, QUESTIONS)
    generate(parrot, QUESTIONS)
    assert len({conversation for conversation, _ in parrot.heard}) == 4


def test_a_variant_keeps_its_words_in_the_run() -> None:
    (row, _) = generate(Parrot(), change_all(QUESTIONS, Variant.STRIPPED))
    assert row.question.turns == ("Khai sinh can gi?", "Le phi?")
    assert row.reply.text == "Bạn hỏi: Le phi?"
