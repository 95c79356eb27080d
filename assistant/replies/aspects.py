"""Words each aspect of a record as blocks; everything said comes from a field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.replies import wording
from assistant.replies.lines import Line, fee_lines, open_fee_remarks, time_lines
from assistant.replies.phrases import (
    is_condition,
    lower_first,
    upper_first,
    without_examples,
)
from connectors.message import Block, Fact, Heading, Item, ItemList, Link, Paragraph
from knowledge_base.schema import Aspect, Document, DocumentCase, Form, Method, Procedure

Blocks = tuple[Block, ...]

_ONLY_IF_THERE_IS_ONE = re.compile(r"^(?:(?:Nộp )?[Nn]ếu có|Có thì (?:nộp|cung cấp))\.$")


def describe(record: Procedure, aspect: Aspect) -> Blocks:
    """Words one aspect of a record, with everything that the record says of it.

    Args:
        record: The procedure.
        aspect: What is asked for.

    Returns:
        Blocks without a heading; one line that says so where the record states nothing.
    """
    if record.states(aspect):
        return _WRITERS[aspect](record)
    unstated = Paragraph(wording.NOT_STATED[aspect])
    if aspect is Aspect.FEES:
        remarks = open_fee_remarks(record.fees)
        said = (line.fact if line.label else Paragraph(line.value) for line in remarks)
        return (unstated, *said)
    if aspect is Aspect.CONDITIONS and record.purpose:
        return (Paragraph(record.purpose), unstated)
    return (unstated,)


def short(record: Procedure, aspect: Aspect) -> str:
    """Words one aspect in one line, for summaries and comparisons: names and figures only."""
    if not record.states(aspect):
        return wording.NOT_STATED_SHORT
    match aspect:
        case Aspect.FEES:
            lines = fee_lines(record.fees)
            if len(lines) == 1 and lines[0].plain:
                return lines[0].short_value
            return "; ".join(line.short for line in lines)
        case Aspect.PROCESSING_TIME:
            return "; ".join(line.short for line in time_lines(record.processing_times))
        case Aspect.WHERE:
            places = [
                s.place for s in record.submissions if s.method is Method.IN_PERSON and s.place
            ]
            agency = record.executing_agency or record.competent_agency
            ways = dict.fromkeys(wording.METHODS[s.method].lower() for s in record.submissions)
            by_ways = wording.BY_WAYS.format(ways=" hoặc ".join(ways))
            return places[0] if places else agency or by_ways
        case Aspect.ONLINE:
            online = any(s.method is Method.ONLINE for s in record.submissions)
            return wording.ONLINE_YES_SHORT if online else wording.ONLINE_NO_SHORT
        case Aspect.DOCUMENTS:
            common, cases = by_case(record.documents)
            names = [
                without_examples(d.name) for group in common for d in group.documents if d.required
            ]
            if cases:
                names.append(lower_first(wording.MORE_CASES.format(count=len(cases))))
            return "; ".join(names)
        case Aspect.RESULT:
            return "; ".join(record.result)
        case Aspect.CONDITIONS:
            return "; ".join(line.rstrip(".") for line in record.conditions)
        case Aspect.LEGAL_BASIS:
            return ", ".join(basis.number for basis in record.legal_basis)
        case Aspect.FORMS:
            return "; ".join(form_name(form) for form in forms_of(record))
        case Aspect.STEPS:
            return " ".join(record.steps)
        case Aspect.OVERVIEW:
            return record.purpose or record.name


def by_case(
    groups: Sequence[DocumentCase],
) -> tuple[tuple[DocumentCase, ...], tuple[DocumentCase, ...]]:
    """Parts the papers that everyone brings from those of one case each.

    Where every group names a case, the first stands for what people usually bring.
    """
    common = tuple(group for group in groups if not group.case) or tuple(groups[:1])
    return common, tuple(group for group in groups if group not in common)


def facts_of(record: Procedure) -> Blocks:
    """The figures of a summary: fees, time, place, online or not, as far as they are stated."""
    wanted = (Aspect.FEES, Aspect.PROCESSING_TIME, Aspect.WHERE, Aspect.ONLINE)
    return tuple(summary(record, aspect) for aspect in wanted if record.states(aspect))


def summary(record: Procedure, aspect: Aspect) -> Block:
    """Words one aspect under its title: one line, or a list where there are several figures."""
    title = wording.ASPECT_TITLES[aspect]
    lines: list[Line] = []
    if record.states(aspect):
        if aspect is Aspect.FEES:
            lines = fee_lines(record.fees)
        elif aspect is Aspect.PROCESSING_TIME:
            lines = time_lines(record.processing_times)
    if len(lines) > 1 or (lines and lines[0].label and not lines[0].plain):
        return ItemList(tuple(Item(line.short) for line in lines), title=f"{title}:")
    return Fact(title, short(record, aspect))


def _overview(record: Procedure) -> Blocks:
    blocks: list[Block] = [Paragraph(record.purpose)] if record.purpose else []
    blocks.extend(facts_of(record))
    if record.states(Aspect.DOCUMENTS):
        blocks.append(Heading(f"{wording.ASPECT_TITLES[Aspect.DOCUMENTS]}:"))
        blocks.extend(_documents(record))
    return tuple(blocks) or (Paragraph(wording.NAME_ONLY),)


def _documents(record: Procedure) -> Blocks:
    several = len(record.documents) > 1
    blocks: list[Block] = []
    for group in record.documents:
        blocks.append(document_list(group, several))
        if group.note:
            blocks.append(Paragraph(group.note))
    return tuple(blocks)


def document_list(group: DocumentCase, several: bool) -> ItemList:
    """Lists the papers of one case; ``several`` tells whether other cases have theirs."""
    items = tuple(_document(document) for document in group.documents)
    title = case_title(group, several)
    return ItemList(items, style="checklist", title=f"{title}:" if title else "")


def case_title(group: DocumentCase, several: bool) -> str:
    """Names the case of a group, and says where one of its papers is enough."""
    title = group.case or (wording.EVERYONE if several else "")
    if group.choose == "one" and len(group.documents) > 1:
        return f"{title}: {wording.CHOOSE_ONE}" if title else upper_first(wording.CHOOSE_ONE)
    return title


def _document(document: Document) -> Item:
    text = document.name
    if document.form is not None and document.form.number and document.form.number not in text:
        text = f"{text} ({form_name(document.form)})"
    text = with_counts(text, counts(document))
    note = document.note
    if not document.required and (not is_condition(note) or _ONLY_IF_THERE_IS_ONE.match(note)):
        text = f"{text} ({wording.IF_THERE_IS_ONE})"
        note = "" if _ONLY_IF_THERE_IS_ONE.match(note) else note
    return Item(text, note)


def with_counts(text: str, numbers: Sequence[str]) -> str:
    """Puts how many are wanted behind the name of a paper."""
    return f"{text}: {', '.join(numbers)}" if numbers else text


def counts(document: Document) -> list[str]:
    """Says how many of a paper are wanted, as far as the record does."""
    found = []
    if document.originals:
        found.append(wording.ORIGINALS.format(count=document.originals))
    if document.copies:
        found.append(wording.COPIES.format(count=document.copies))
    if document.show_only:
        found.append(wording.SHOW_ONLY)
    return found


def _fees(record: Procedure) -> Blocks:
    return tuple(line.fact for line in fee_lines(record.fees))


def _times(record: Procedure) -> Blocks:
    return tuple(line.fact for line in time_lines(record.processing_times))


def _steps(record: Procedure) -> Blocks:
    return (ItemList(tuple(Item(step) for step in record.steps), style="steps"),)


def _where(record: Procedure) -> Blocks:
    blocks: list[Block] = []
    agency = record.executing_agency or record.competent_agency
    for submission in record.submissions:
        place = submission.place or (agency if submission.method is Method.IN_PERSON else "")
        if submission.method is Method.IN_PERSON and place:
            blocks.append(Fact(wording.BY_METHOD[submission.method], place, submission.note))
    if agency and all(not isinstance(b, Fact) or b.value != agency for b in blocks):
        blocks.append(Fact(wording.AGENCY, agency))
    if not blocks:
        names = ", ".join(
            dict.fromkeys(wording.METHODS[s.method].lower() for s in record.submissions)
        )
        return (Fact(wording.WAYS_OF_SUBMISSION, names), Paragraph(wording.PLACE_NOT_STATED))
    others = [s for s in record.submissions if s.method is not Method.IN_PERSON]
    for submission in others:
        value = submission.place or wording.POSSIBLE
        blocks.append(Fact(wording.BY_METHOD[submission.method], value, submission.note))
    return tuple(blocks)


def _online(record: Procedure) -> Blocks:
    online = [s for s in record.submissions if s.method is Method.ONLINE]
    if not online:
        blocks: list[Block] = [Paragraph(wording.ONLINE_NO)]
    else:
        blocks = [Paragraph(wording.ONLINE_YES)]
        for submission in online:
            if submission.place:
                blocks.append(Fact(wording.SUBMIT_AT, submission.place, submission.note))
            elif submission.note:
                blocks.append(Paragraph(submission.note))
            if submission.link:
                blocks.append(Link(wording.SUBMISSION_SITE, submission.link))
    others = [s for s in record.submissions if s.method is not Method.ONLINE]
    if others:
        names = ", ".join(dict.fromkeys(wording.METHODS[s.method].lower() for s in others))
        blocks.append(Fact(wording.OTHER_WAYS if online else wording.WAYS_OF_SUBMISSION, names))
    return tuple(blocks)


def forms_of(record: Procedure) -> list[Form]:
    """The forms of a record, each once."""
    found = [d.form for g in record.documents for d in g.documents if d.form is not None]
    return list(dict.fromkeys(found))


def form_name(form: Form) -> str:
    """Names a form with the document that it is annexed to."""
    name = (
        f"{form.number} – {form.title}" if form.number and form.title else form.number or form.title
    )
    if form.source:
        name = f"{name}, {wording.FORM_FROM.format(source=form.source)}"
    return name


def _forms_blocks(record: Procedure) -> Blocks:
    forms = forms_of(record)
    blocks: list[Block] = [ItemList(tuple(Item(form_name(form)) for form in forms))]
    blocks.extend(Link(form.number or form.title, form.link) for form in forms if form.link)
    return tuple(blocks)


def _conditions(record: Procedure) -> Blocks:
    blocks: list[Block] = [ItemList(tuple(Item(line) for line in record.conditions))]
    if record.purpose:
        blocks.insert(0, Paragraph(record.purpose))
    return tuple(blocks)


def _result(record: Procedure) -> Blocks:
    return (ItemList(tuple(Item(line) for line in record.result)),)


def _legal_basis(record: Procedure) -> Blocks:
    items = [
        Item(
            f"{basis.number}: {basis.name}"
            if basis.name and basis.name != basis.number
            else basis.number
        )
        for basis in record.legal_basis
    ]
    return (ItemList(tuple(items)),)


_WRITERS: dict[Aspect, Callable[[Procedure], Blocks]] = {
    Aspect.OVERVIEW: _overview,
    Aspect.DOCUMENTS: _documents,
    Aspect.FEES: _fees,
    Aspect.STEPS: _steps,
    Aspect.PROCESSING_TIME: _times,
    Aspect.WHERE: _where,
    Aspect.ONLINE: _online,
    Aspect.FORMS: _forms_blocks,
    Aspect.CONDITIONS: _conditions,
    Aspect.RESULT: _result,
    Aspect.LEGAL_BASIS: _legal_basis,
}
