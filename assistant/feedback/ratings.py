"""Satisfaction from 1 to 5, of a conversation or of a visit to an office."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, insert, select, update

from assistant.feedback.tables import ratings
from assistant.moments import Clock, utc_now

LOWEST, HIGHEST = 1, 5
CHANGEABLE_FOR = timedelta(days=1)
"""A citizen who rates the same conversation again within this time changes the rating."""


class Ratings:
    """Takes down ratings."""

    def __init__(self, database: Engine, clock: Clock = utc_now) -> None:
        """Takes a migrated database."""
        self._database = database
        self._clock = clock

    def record(
        self, channel: str, score: int, conversation: str = "", place: str = "", comment: str = ""
    ) -> int:
        """Takes down a rating, or changes the one that the conversation gave a moment ago.

        Args:
            channel: Where it was given.
            score: 1 (very dissatisfied) to 5 (very satisfied).
            conversation: Empty for a form that anyone may fill in.
            place: The office or counter that was visited.
            comment: Masked.

        Returns:
            Its id.

        Raises:
            ValueError: When the score is out of range.
        """
        if not LOWEST <= score <= HIGHEST:
            raise ValueError("a score is from 1 to 5")
        now = self._clock()
        values = {"score": score, "comment": comment, "place": place}
        with self._database.begin() as connection:
            known = None
            if conversation:
                known = connection.execute(
                    select(ratings.c.id)
                    .where(
                        ratings.c.conversation == conversation,
                        ratings.c.created_at > now - CHANGEABLE_FOR,
                    )
                    .order_by(ratings.c.id.desc())
                ).scalar()
            if known is not None:
                connection.execute(update(ratings).where(ratings.c.id == known).values(values))
                return int(known)
            adding = insert(ratings).values(
                **values, channel=channel, conversation=conversation, created_at=now
            )
            return int(connection.execute(adding.returning(ratings.c.id)).scalar_one())

    def comment(self, rating_id: int, comment: str) -> None:
        """Adds a masked comment to a rating."""
        with self._database.begin() as connection:
            connection.execute(
                update(ratings).where(ratings.c.id == rating_id).values(comment=comment)
            )
