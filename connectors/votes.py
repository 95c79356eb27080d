"""Asking whether an answer was of use: the two things to tap, and the words in their stead."""

from __future__ import annotations

from typing import Final

from connectors.message import Choice, Reply, ReplyKind

USEFUL: Final = "👍 Hữu ích"
NOT_USEFUL: Final = "👎 Chưa đúng"
_IN_NUMBERS: Final = "Câu trả lời có đúng ý bạn không? Trả lời {yes} nếu đúng, {no} nếu chưa đúng."
_IN_WORDS: Final = "Câu trả lời có đúng ý bạn không? Bạn trả lời: đúng / chưa đúng."
_ID: Final = "v:{sign}:{handle}"


def vote_choices(reply: Reply) -> tuple[Choice, ...]:
    """The two choices of a vote; none where the reply answers nothing."""
    if reply.feedback is None or reply.kind is not ReplyKind.ANSWER:
        return ()
    return (
        Choice(_ID.format(sign="+", handle=reply.feedback), USEFUL),
        Choice(_ID.format(sign="-", handle=reply.feedback), NOT_USEFUL),
    )


def read_vote(identifier: str) -> tuple[bool, str] | None:
    """Reads the id of a vote back.

    Returns:
        Whether the answer was of use, and the handle of the answer; None for any other id.
    """
    kind, _, rest = identifier.partition(":")
    sign, _, handle = rest.partition(":")
    if kind != "v" or sign not in {"+", "-"} or not handle:
        return None
    return sign == "+", handle


def invitation(before: int, numbered: bool) -> str:
    """The line that asks for a vote where there are no buttons for it.

    Args:
        before: How many choices are offered above the line.
        numbered: Whether those are numbered, so that the vote's numbers may follow.
    """
    if not numbered and before:
        return _IN_WORDS
    return _IN_NUMBERS.format(yes=before + 1, no=before + 2)
