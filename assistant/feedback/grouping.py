"""Puts questions that mean nearly the same into one group, with the search's own encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from assistant.feedback.tables import groups, items
from assistant.feedback.values import CLOSED, Kind
from assistant.moments import Clock, utc_now

Vector = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.float32]

THRESHOLD: Final = 0.6
"""Cosine from which two questions are one; ``evaluation.benchmarks.grouping`` measures it."""

BATCH: Final = 500
_KINDS: Final = (Kind.ANSWER.value, Kind.UNANSWERED.value)


class Encoder(Protocol):
    """Turns texts into vectors of length one."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns one vector of length one a text, shape ``(len(texts), dimensions)``."""
        ...


@dataclass(slots=True)
class Cluster:
    """A group while it is put together; ``total`` is the sum of its members' vectors."""

    total: Vector
    size: int = 1
    number: int = 0

    @property
    def centre(self) -> Vector:
        """Its direction, of length one."""
        length = float(np.linalg.norm(self.total))
        centre: Vector = self.total / max(length, 1e-12)
        return centre


def nearest(vector: Vector, clusters: Sequence[Cluster], threshold: float) -> Cluster | None:
    """Finds the cluster that a question belongs to.

    Args:
        vector: Of length one; the zero vector of a question without a known word fits nowhere.
        clusters: Those there are.
        threshold: Least cosine.
    """
    fitting = [cluster for cluster in clusters if cluster.total.shape == vector.shape]
    if not fitting or not vector.any():
        return None
    likeness = np.stack([cluster.centre for cluster in fitting]) @ vector
    best = int(likeness.argmax())
    return fitting[best] if likeness[best] >= threshold else None


class Groups:
    """Keeps the groups of the queue."""

    def __init__(
        self,
        database: Engine,
        encoder: Encoder,
        threshold: float = THRESHOLD,
        clock: Clock = utc_now,
    ) -> None:
        """Takes the encoder of the search."""
        self._database = database
        self._encoder = encoder
        self._threshold = threshold
        self._clock = clock

    def assign(self) -> int:
        """Puts every open question that has no group into one.

        Returns:
            How many there were.
        """
        with self._database.begin() as connection:
            rows = connection.execute(
                select(items.c.id, items.c.text, items.c.snapshot)
                .where(
                    items.c.group_id.is_(None),
                    items.c.kind.in_(_KINDS),
                    items.c.state.not_in([state.value for state in CLOSED]),
                )
                .order_by(items.c.id)
                .limit(BATCH)
            ).all()
            if not rows:
                return 0
            texts = [str(row.snapshot.get("read_as") or row.text) for row in rows]
            vectors = self._encoder.encode([text.lower() for text in texts])
            clusters = _read(connection)
            for row, vector in zip(rows, vectors, strict=True):
                cluster = nearest(vector, clusters, self._threshold)
                if cluster is None:
                    cluster = Cluster(vector.copy(), 1, self._add(connection, row.text, vector))
                    clusters.append(cluster)
                else:
                    cluster.total = cluster.total + vector
                    cluster.size += 1
                    self._write(connection, cluster)
                connection.execute(
                    update(items).where(items.c.id == row.id).values(group_id=cluster.number)
                )
        return len(rows)

    def tidy(self) -> int:
        """Counts the members of each group anew and deletes the empty ones.

        Returns:
            How many were deleted.
        """
        members = (
            select(func.count())
            .select_from(items)
            .where(items.c.group_id == groups.c.id)
            .scalar_subquery()
        )
        with self._database.begin() as connection:
            connection.execute(update(groups).where(groups.c.size != members).values(size=members))
            result = connection.execute(delete(groups).where(groups.c.size == 0))
        return int(result.rowcount)

    def _add(self, connection: Connection, title: str, vector: Vector) -> int:
        now = self._clock()
        adding = insert(groups).values(
            title=title, vector=vector.tobytes(), size=1, created_at=now, updated_at=now
        )
        return int(connection.execute(adding.returning(groups.c.id)).scalar_one())

    def _write(self, connection: Connection, cluster: Cluster) -> None:
        connection.execute(
            update(groups)
            .where(groups.c.id == cluster.number)
            .values(vector=cluster.centre.tobytes(), size=cluster.size, updated_at=self._clock())
        )


def _read(connection: Connection) -> list[Cluster]:
    """Reads the groups; of each only its direction and size are kept, so the sum is near enough."""
    found = []
    for row in connection.execute(select(groups.c.id, groups.c.vector, groups.c.size)):
        centre = np.frombuffer(row.vector, dtype=np.float32)
        found.append(Cluster(centre * max(row.size, 1), row.size, row.id))
    return found
