"""The question that proves a change: it goes wrong before and has to go right ever after."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from assistant.replies.aspects import describe
from connectors.message import plain_text
from knowledge_base.schema import Aspect, Procedure

ASKED: Final[Mapping[Aspect, str]] = {
    Aspect.OVERVIEW: "là thủ tục gì",
    Aspect.DOCUMENTS: "cần giấy tờ gì",
    Aspect.FEES: "hết bao nhiêu tiền",
    Aspect.STEPS: "làm theo các bước thế nào",
    Aspect.PROCESSING_TIME: "bao lâu thì xong",
    Aspect.WHERE: "nộp ở đâu",
    Aspect.ONLINE: "có nộp online được không",
    Aspect.FORMS: "dùng mẫu đơn nào",
    Aspect.CONDITIONS: "cần điều kiện gì",
    Aspect.RESULT: "được nhận kết quả gì",
    Aspect.LEGAL_BASIS: "căn cứ vào luật nào",
}
"""How a citizen asks for an aspect."""


def question(
    item_id: int,
    turns: Sequence[str],
    *,
    gold: Sequence[str] = (),
    aspects: Sequence[Aspect] = (),
    behavior: str = "answer",
    contains: Sequence[str] = (),
    lacks: Sequence[str] = (),
) -> dict[str, Any]:
    """Makes a regression question in the form that ``motcua evaluate fixed`` reads.

    Args:
        item_id: The item that it comes from.
        turns: What is typed; the last one is judged.
        gold: National codes that are right, any one of them.
        aspects: What has to be answered; empty: not checked.
        behavior: What the assistant should do.
        contains: What the reply has to say.
        lacks: Lines that the reply may not hold.
    """
    return {
        "id": f"item-{item_id}-{secrets.token_hex(4)}",
        "manner": "regression",
        "turns": list(turns),
        "gold": list(gold),
        "aspects": [aspect.value for aspect in aspects],
        "behavior": behavior,
        "in_catalogue": bool(gold),
        "contains": list(contains),
        "lacks": list(lacks),
    }


def shown_change(
    before: Procedure, after: Procedure
) -> tuple[Aspect, tuple[str, ...], tuple[str, ...]]:
    """Finds where a citizen sees that a record has changed.

    Returns:
        The aspect, the lines that its answer gains and those that it loses; no lines at all where
        no answer shows the change.
    """
    for aspect in (*(a for a in Aspect if a is not Aspect.OVERVIEW), Aspect.OVERVIEW):
        old, new = _lines(before, aspect), _lines(after, aspect)
        gained = tuple(line for line in new if line not in old)
        lost = tuple(line for line in old if line not in new)
        if gained or lost:
            return aspect, gained, lost
    return Aspect.OVERVIEW, (), ()


def _lines(record: Procedure, aspect: Aspect) -> list[str]:
    text = plain_text(tuple(describe(record, aspect)))
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
