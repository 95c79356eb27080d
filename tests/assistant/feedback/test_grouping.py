from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import Engine, select

from assistant.feedback.grouping import THRESHOLD, Cluster, Groups, Vectors, nearest
from assistant.feedback.items import Filter, NewItem, ReviewItems
from assistant.feedback.tables import groups
from assistant.feedback.values import Kind, Origin, State
from evaluation.benchmarks.grouping import measure, questions
from knowledge_base.search.encoder import PACKAGED, load_encoder


class Bag:
    """Counts a few words: questions that share them are alike."""

    WORDS = ("tam", "tru", "khai", "sinh", "den", "duong")

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [[float(text.split().count(word)) for word in self.WORDS] for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _ask(queue: ReviewItems, text: str, kind: Kind = Kind.UNANSWERED) -> int:
    new = NewItem(kind, Origin.DECLINED, "zalo", text, snapshot={"read_as": text})
    return queue.create(new).id


def test_similar_questions_come_into_one_group(database: Engine) -> None:
    queue = ReviewItems(database)
    texts = ["tam tru", "khai sinh", "tam tru tam", "xyz", "den duong"]
    ids = [_ask(queue, text) for text in texts]
    vote = _ask(queue, "khai sinh sinh", Kind.ANSWER)
    wish = _ask(queue, "tam tru", Kind.SUGGESTION)
    book = Groups(database, Bag(), 0.8)
    assert book.assign() == 6
    assert book.assign() == 0
    numbers = [queue.get(item).group_id for item in ids]
    assert numbers[0] == numbers[2]
    assert len(set(numbers)) == 4
    assert queue.get(vote).group_id == numbers[1]
    assert queue.get(wish).group_id is None
    assert queue.find(Filter(group_id=numbers[0]))[1] == 2
    _ask(queue, "tru tam")
    book.assign()
    with database.connect() as connection:
        row = connection.execute(select(groups).where(groups.c.id == numbers[0])).one()
    assert (row.title, row.size) == ("tam tru", 3)
    assert np.linalg.norm(np.frombuffer(row.vector, np.float32)) == pytest.approx(1, abs=1e-5)


def test_groups_are_counted_anew_and_empty_ones_go(database: Engine) -> None:
    queue, book = ReviewItems(database), Groups(database, Bag(), 0.8)
    one = _ask(queue, "tam tru")
    two = _ask(queue, "khai sinh")
    book.assign()
    queue.update(one, None, {"group_id": queue.get(two).group_id}, "lan")
    assert book.tidy() == 1
    with database.connect() as connection:
        assert [row.size for row in connection.execute(select(groups))] == [2]


def test_what_is_closed_is_not_grouped(database: Engine) -> None:
    queue = ReviewItems(database)
    queue.update(_ask(queue, "tam tru"), None, {"state": State.DISMISSED}, "lan")
    assert Groups(database, Bag()).assign() == 0


def test_vectors_of_another_encoder_are_left_alone() -> None:
    old = Cluster(np.ones(3, dtype=np.float32))
    assert nearest(np.ones(6, dtype=np.float32), [old], 0.1) is None
    assert nearest(np.zeros(3, dtype=np.float32), [old], 0.0) is None


def test_the_shipped_encoder_groups_labelled_questions() -> None:
    encoder = load_encoder(PACKAGED / "encoder")
    assert encoder is not None
    found = measure(questions(), encoder, THRESHOLD)
    assert found.precision >= 0.88
    assert found.recall >= 0.88
