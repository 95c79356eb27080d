"""Words an aspect in fewer characters, by leaving out whole things and saying that more is there.

What goes first is what a citizen misses least: remarks, then what stands in parentheses, then the
papers of special cases, whose names stay as long as there is room. No sentence is ever cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.replies import wording
from assistant.replies.aspects import (
    Blocks,
    by_case,
    case_title,
    counts,
    describe,
    document_list,
    facts_of,
    with_counts,
)
from assistant.replies.phrases import (
    is_condition,
    lower_first,
    sentences,
    without_examples,
)
from connectors.message import Block, Fact, Item, ItemList, Paragraph, plain_text
from knowledge_base.schema import Aspect, Document, DocumentCase, Procedure

CHAT_LIMIT = 600
"""A reply in a chat stays below this many characters, where what it says allows."""

NAMES_LIMIT = 1200
"""The names of the papers that everyone brings are all said, unless they alone are longer."""


def versions(record: Procedure, aspect: Aspect) -> Iterator[Blocks]:
    """Words one aspect ever shorter.

    Args:
        record: The procedure.
        aspect: What is asked for.

    Yields:
        First everything, as :func:`assistant.replies.aspects.describe` words it; each next one says
        less. The last still names the first figures, papers or steps.
    """
    yield describe(record, aspect)
    if not record.states(aspect):
        blocks = describe(record, aspect)
        yield from (blocks[:kept] for kept in range(len(blocks) - 1, 0, -1))
    elif aspect is Aspect.OVERVIEW:
        yield from _overviews(record)
    elif aspect is Aspect.DOCUMENTS:
        yield from _papers(record)
    else:
        yield from _lists(record, aspect)


# --- lists and facts -------------------------------------------------------------------------


def _lists(record: Procedure, aspect: Aspect) -> Iterator[Blocks]:
    blocks = describe(record, aspect)
    for shorter in _without_notes(blocks):
        blocks = shorter
        yield blocks
    if aspect is Aspect.CONDITIONS and isinstance(blocks[0], Paragraph) and len(blocks) > 1:
        blocks = blocks[1:]
        yield blocks
    if aspect is Aspect.LEGAL_BASIS:
        for shorter in _numbers_only(blocks):
            blocks = shorter
            yield blocks
    if aspect in {Aspect.STEPS, Aspect.CONDITIONS}:
        for shorter in _fewer_sentences(blocks):
            blocks = shorter
            yield blocks
    yield from _fewer(blocks, wording.UNITS[aspect])


def _without_notes(blocks: Blocks) -> Iterator[Blocks]:
    """Leaves out remarks, the longest first, and those that say when something holds last."""
    while True:
        at = max(range(len(blocks)), key=lambda number: _dispensable(_note(blocks[number])))
        if not _note(blocks[at]):
            return
        blocks = (*blocks[:at], _less(blocks[at]), *blocks[at + 1 :])
        yield blocks


def _note(block: Block) -> str:
    """The remark of a block that goes next; of a list, that of one of its items."""
    match block:
        case Fact(note=note):
            return note
        case ItemList(items=items):
            return max((item.detail for item in items), key=_dispensable, default="")
        case _:
            return ""


def _dispensable(note: str) -> tuple[bool, bool, int]:
    return bool(note), not is_condition(note), len(note)


def _less(block: Block) -> Block:
    """The block without the remark that :func:`_note` names."""
    match block:
        case Fact():
            return replace(block, note="")
        case ItemList(items=items):
            at = max(range(len(items)), key=lambda number: _dispensable(items[number].detail))
            item = items[at]
            bare = Item(_conditional(item.text) if is_condition(item.detail) else item.text)
            return replace(block, items=(*items[:at], bare, *items[at + 1 :]))
        case _:
            return block


def _conditional(text: str) -> str:
    """Marks a paper whose condition was left out."""
    return f"{text} ({wording.IN_SOME_CASES})"


def _fewer_sentences(blocks: Blocks) -> Iterator[Blocks]:
    """Leaves out the last sentence of the longest item, until each has one."""
    while True:
        candidates = [
            (len(item.text), at, number)
            for at, block in enumerate(blocks)
            if isinstance(block, ItemList)
            for number, item in enumerate(block.items)
            if len(sentences(item.text)) > 1
        ]
        if not candidates:
            return
        _, at, number = max(candidates)
        block = blocks[at]
        assert isinstance(block, ItemList)  # noqa: S101 - only lists are candidates
        items = list(block.items)
        items[number] = Item(" ".join(sentences(items[number].text)[:-1]))
        blocks = (*blocks[:at], replace(block, items=tuple(items)), *blocks[at + 1 :])
        yield blocks


def _numbers_only(blocks: Blocks) -> Iterator[Blocks]:
    """Leaves out the names of legal documents, from the last to the first."""
    (found,) = blocks
    assert isinstance(found, ItemList)  # noqa: S101 - that is how a legal basis is worded
    items = list(found.items)
    for at in reversed(range(len(items))):
        items[at] = Item(items[at].text.split(": ", 1)[0])
        yield (replace(found, items=tuple(items)),)


def _fewer(blocks: Blocks, unit: str) -> Iterator[Blocks]:
    """Leaves out the last items or facts, and says how many."""
    lists = [at for at, block in enumerate(blocks) if isinstance(block, ItemList)]
    if lists:
        at = lists[-1]
        block = blocks[at]
        assert isinstance(block, ItemList)  # noqa: S101 - picked by its type
        for kept in range(len(block.items) - 1, 0, -1):
            more = Paragraph(wording.MORE.format(count=len(block.items) - kept, unit=unit))
            yield (
                *blocks[:at],
                replace(block, items=block.items[:kept]),
                more,
                *blocks[at + 1 :],
            )
        return
    for kept in range(len(blocks) - 1, 1, -1):
        more = Paragraph(wording.MORE.format(count=len(blocks) - kept, unit=unit))
        yield (*blocks[:kept], more)


# --- papers ----------------------------------------------------------------------------------


def _papers(record: Procedure) -> Iterator[Blocks]:
    """Words the papers ever shorter."""
    blocks = describe(record, Aspect.DOCUMENTS)
    yield from _without_notes(blocks)
    common, cases = by_case(record.documents)
    several = len(record.documents) > 1
    yield tuple(_terse_list(group, several, counted=True) for group in (*common, *cases))
    yield tuple(_terse_list(group, several) for group in (*common, *cases))
    for listed in range(len(cases) - 1, -1, -1):
        yield (
            *(_terse_list(group, several) for group in (*common, *cases[:listed])),
            ItemList(tuple(_in_one_line(group) for group in cases[listed:])),
        )
    head = tuple(_terse_list(group, several) for group in common)
    for listed in range(len(cases) - 1, -1, -1):
        lines = tuple(_in_one_line(group) for group in cases[:listed])
        for names in (True, False):
            rest = _rest(cases[listed:], names=names)
            yield (*head, *([ItemList(lines)] if lines else []), rest)
    tail = (_rest(cases, names=False),) if cases else ()
    optional = sum(not document.required for document in common[-1].documents)
    fewer = list(_fewer(head[-1:], wording.PAPERS))
    if len(plain_text(head)) <= NAMES_LIMIT:
        fewer = fewer[:optional]
    yield from ((*head[:-1], *shorter, *tail) for shorter in fewer)


def _terse_list(group: DocumentCase, several: bool, *, counted: bool = False) -> ItemList:
    named = (terse(document, counted=counted) for document in _needed_first(group.documents))
    return replace(document_list(group, several), items=tuple(Item(name) for name in named))


def _needed_first(documents: Sequence[Document]) -> list[Document]:
    """Puts papers that not everyone needs behind the others, so that they go first."""
    return sorted(documents, key=lambda document: not document.required)


def terse(document: Document, *, counted: bool = False) -> str:
    """Names a paper briefly: no explanations, and one original goes without saying.

    Args:
        document: The paper.
        counted: Whether one original is said all the same.
    """
    text = without_examples(document.name)
    form = document.form
    if form is not None and form.number and form.number not in text:
        text = f"{text} ({form.number})"
    about = counts(document)
    if about == [wording.ORIGINALS.format(count=1)] and not counted:
        about = []
    return f"{with_counts(text, about)}{_needed(document)}"


def _needed(document: Document) -> str:
    """Says that not everyone needs a paper."""
    if not document.required:
        return f" ({wording.IF_THERE_IS_ONE})"
    return f" ({wording.IN_SOME_CASES})" if is_condition(document.note) else ""


def _in_one_line(group: DocumentCase) -> Item:
    names = "; ".join(lower_first(terse(d)) for d in _needed_first(group.documents))
    return Item(f"{case_title(group, several=True)}: {names}")


def _rest(cases: Sequence[DocumentCase], *, names: bool) -> Paragraph:
    text = wording.MORE_CASES.format(count=len(cases))
    if not names:
        return Paragraph(f"{text}.")
    return Paragraph(f"{text}: {'; '.join(lower_first(group.case) for group in cases)}.")


# --- summaries -------------------------------------------------------------------------------


def _overviews(record: Procedure) -> Iterator[Blocks]:
    """Words the summary ever shorter: the figures stay longest."""
    purpose: Blocks = (Paragraph(record.purpose),) if record.purpose else ()
    first: Blocks = (Paragraph(sentences(record.purpose)[0]),) if record.purpose else ()
    facts = facts_of(record)
    papers: Blocks = ()
    tail: Blocks = ()
    number = 0
    if record.states(Aspect.DOCUMENTS):
        common, cases = by_case(record.documents)
        number = sum(len(group.documents) for group in common)
        papers = tuple(_name_list(group, first=group is common[0]) for group in common)
        tail = (_rest(cases, names=False),) if cases else ()
        yield (*purpose, *facts, *papers, *tail)
    yield (*first, *facts, *papers, *tail)
    facts = _fewer_figures(facts, 3)
    yield (*first, *facts, *papers, *tail)
    yield (*facts, *papers, *tail)
    fewer = list(_fewer(papers, wording.PAPERS)) if papers else []
    for shorter in fewer[:-1]:
        papers = shorter
        yield (*facts, *papers, *tail)
    yield (*_fewer_figures(facts_of(record), 2), *papers, *tail)
    facts = tuple(_how_many(fact) for fact in facts_of(record))
    yield (*facts, *papers, *tail)
    if fewer:
        yield (*facts, *fewer[-1], *tail)
    if papers:
        so_many = wording.SO_MANY.format(count=number, unit=wording.PAPERS)
        yield (*facts, Fact(wording.ASPECT_TITLES[Aspect.DOCUMENTS], so_many), *tail)


def _name_list(group: DocumentCase, *, first: bool) -> ItemList:
    """Lists the papers of a group by their names alone."""
    title = case_title(group, several=False)
    if first:
        needed = wording.ASPECT_TITLES[Aspect.DOCUMENTS]
        title = f"{needed} – {lower_first(title)}" if title else needed
    names = tuple(Item(_name(document)) for document in _needed_first(group.documents))
    return ItemList(names, style="checklist", title=f"{title}:" if title else "")


def _name(document: Document) -> str:
    """Names a paper and nothing more than whether everybody needs it."""
    return f"{without_examples(document.name)}{_needed(document)}"


def _fewer_figures(facts: Blocks, most: int) -> Blocks:
    """Leaves out the last lines of lists of figures, and says how many."""
    return tuple(
        replace(
            block,
            items=(
                *block.items[:most],
                Item(wording.AND_MORE.format(count=len(block.items) - most, unit=wording.LINES)),
            ),
        )
        if isinstance(block, ItemList) and len(block.items) > most
        else block
        for block in facts
    )


def _how_many(fact: Block) -> Block:
    """Says of a list of figures how many there are."""
    if not isinstance(fact, ItemList) or len(fact.items) == 1:
        return fact
    so_many = wording.SO_MANY_FIGURES.format(count=len(fact.items), unit=wording.LINES)
    return Fact(fact.title.rstrip(":"), so_many)
