"""The wording of replies, kept as text to be read: ``golden/*.txt``.

After a wanted change write the files again, read the difference, and commit it::

    MOTCUA_UPDATE_GOLDEN=1 pytest tests/assistant/replies/test_golden.py

The records are copies in ``golden/cards``, so that editing a card of the catalogue changes nothing
here.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import pytest

from assistant.dialogue.decisions import Answer, AnyDecision, Clarify, Compare, Found, ListField
from assistant.replies.compose import Composer
from assistant.replies.contacts import Office
from connectors.message import Reply
from knowledge_base.loader import load_file
from knowledge_base.overlay import Overlay
from knowledge_base.schema import Aspect
from knowledge_base.store import Catalogue

GOLDEN = Path(__file__).with_name("golden")
UPDATE = bool(os.environ.get("MOTCUA_UPDATE_GOLDEN"))
RULE = "=" * 80
OTHERS: dict[str, AnyDecision] = {
    "two aspects": Answer(found=(Found("1.001193", (Aspect.FEES, Aspect.WHERE)),)),
    "two procedures": Answer(
        found=(Found("1.001193", (Aspect.DOCUMENTS,)), Found("1.004222", (Aspect.FEES,)))
    ),
    "not sure": Answer(found=(Found("1.001193", (Aspect.FEES,), 0.4),), others=("1.004222",)),
    "in a province": Answer(found=(Found("1.001193", (Aspect.FEES,)),), province="Hải Phòng"),
    "in a province without figures": Answer(
        found=(Found("1.001193", (Aspect.FEES,)),), province="Hà Nội"
    ),
    "everything": Answer(found=(Found("1.004222", (Aspect.DOCUMENTS,), whole=True),)),
    "everything at once": Answer(found=(Found("1.000001", whole=True),)),
    "which one": Clarify(options=("1.001193", "1.004859"), aspects=(Aspect.FEES,)),
    "difference": Compare(first="1.001193", second="1.004222"),
    "field": ListField(field="Thử nghiệm"),
}


@lru_cache(maxsize=1)
def composer() -> Composer:
    records = []
    for path in sorted((GOLDEN / "cards").glob("*.yml")):
        found, problems = load_file(path)
        assert problems == []
        records.extend(found)
    overlay = Overlay.load([GOLDEN])
    assert overlay.problems == []
    office = Office("UBND phường Thử", "1 Lê Lợi", "7:30 đến 17:00", "0280000000")
    return Composer(Catalogue(records), office, overlay=overlay)


def shown(title: str, reply: Reply) -> str:
    choices = "".join(f"\n[{choice.title}]" for choice in reply.choices)
    return f"{RULE}\n{title} – {len(reply.text)}\n{RULE}\n{reply.text}\n{choices}\n"


def check(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), "see the head of this file"


@pytest.mark.parametrize("aspect", Aspect)
def test_an_aspect(aspect: Aspect) -> None:
    records = composer().catalogue
    check(
        aspect.value,
        "\n".join(
            shown(
                record.title,
                composer().compose(Answer(found=(Found(record.code, (aspect,)),))),
            )
            for record in records
        ),
    )


def test_other_decisions() -> None:
    check(
        "others",
        "\n".join(shown(name, composer().compose(d)) for name, d in OTHERS.items()),
    )


def test_no_file_is_left_over() -> None:
    names = {path.stem for path in GOLDEN.glob("*.txt")}
    assert names == {*(aspect.value for aspect in Aspect), "others"}
