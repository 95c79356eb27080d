"""Words each aspect of a record as blocks; everything said comes from a field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.replies import figures, wording
from connectors.message import Block, Fact, Item, ItemList, Link, Paragraph
from knowledge_base.schema import (
    Aspect,
    Document,
    DocumentCase,
    Fee,
    FeeState,
    Form,
    Method,
    Procedure,
    ProcessingTime,
)

Blocks = tuple[Block, ...]


def describe(record: Procedure, aspect: Aspect) -> Blocks:
    """Words one aspect of a record.

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
        return (unstated, *(Paragraph(line.note) for line in record.fees if line.note))
    if aspect is Aspect.CONDITIONS and record.purpose:
        return (Paragraph(record.purpose), unstated)
    return (unstated,)


def short(record: Procedure, aspect: Aspect) -> str:
    """Words one aspect in one line, for summaries and comparisons."""
    if not record.states(aspect):
        return wording.NOT_STATED_SHORT
    match aspect:
        case Aspect.FEES:
            return _one_line(_labelled_fees(record.fees))
        case Aspect.PROCESSING_TIME:
            return _one_line(_labelled_times(record.processing_times))
        case Aspect.WHERE:
            places = [
                s.place for s in record.submissions if s.method is Method.IN_PERSON and s.place
            ]
            agency = record.executing_agency or record.competent_agency
            return places[0] if places else agency or wording.NOT_STATED_SHORT
        case Aspect.ONLINE:
            online = any(s.method is Method.ONLINE for s in record.submissions)
            return wording.ONLINE_YES if online else wording.ONLINE_NO
        case Aspect.DOCUMENTS:
            common = [g for g in record.documents if not g.case] or list(record.documents[:1])
            return "; ".join(d.name for g in common for d in g.documents if d.required)
        case Aspect.RESULT:
            return "; ".join(record.result)
        case Aspect.CONDITIONS:
            return "; ".join(record.conditions)
        case Aspect.LEGAL_BASIS:
            return ", ".join(basis.number for basis in record.legal_basis)
        case Aspect.FORMS:
            return "; ".join(_form(form) for form in _forms(record))
        case Aspect.STEPS:
            return "; ".join(record.steps)
        case Aspect.OVERVIEW:
            return record.purpose or record.name


def _overview(record: Procedure) -> Blocks:
    blocks: list[Block] = []
    if record.purpose:
        blocks.append(Paragraph(record.purpose))
    for aspect in (Aspect.FEES, Aspect.PROCESSING_TIME, Aspect.WHERE, Aspect.ONLINE):
        if record.states(aspect):
            blocks.append(Fact(wording.ASPECT_TITLES[aspect], short(record, aspect)))
    if record.states(Aspect.DOCUMENTS):
        blocks.extend(_documents(record, cases=False))
    if not blocks:
        blocks.append(Paragraph(record.name))
    return tuple(blocks)


def _documents(record: Procedure, cases: bool = True) -> Blocks:
    groups = record.documents
    if not cases:
        groups = tuple(g for g in groups if not g.case) or groups[:1]
    several = len(groups) > 1
    return tuple(_document_list(group, several) for group in groups)


def _document_list(group: DocumentCase, several: bool) -> ItemList:
    title = group.case or (wording.EVERYONE if several else "")
    if group.choose == "one" and len(group.documents) > 1:
        title = f"{title}: {wording.CHOOSE_ONE}" if title else wording.CHOOSE_ONE.capitalize()
    items = [Item(_document(d), d.note) for d in group.documents]
    if group.note:
        items.append(Item(group.note))
    return ItemList(tuple(items), style="checklist", title=f"{title}:" if title else "")


def _document(document: Document) -> str:
    counts = []
    if document.originals:
        counts.append(wording.ORIGINALS.format(count=document.originals))
    if document.copies:
        counts.append(wording.COPIES.format(count=document.copies))
    if document.show_only:
        counts.append(wording.SHOW_ONLY)
    text = document.name
    if document.form is not None and document.form.number and document.form.number not in text:
        text = f"{text} ({_form(document.form)})"
    return f"{text}: {', '.join(counts)}" if counts else text


def _fees(record: Procedure) -> Blocks:
    blocks: list[Block] = []
    for label, value, line in _labelled_fees(record.fees):
        notes = [part for part in (line.note, _validity(line), _because(line)) if part]
        blocks.append(Fact(label, value, " ".join(notes)))
    return tuple(blocks)


def _because(line: Fee) -> str:
    if line.state in {FeeState.FREE, FeeState.AMOUNT} and line.source:
        return f"({line.source})"
    return ""


def _validity(line: Fee) -> str:
    if line.valid_until is not None:
        return f"({wording.UNTIL.format(date=figures.day(line.valid_until))})"
    if line.valid_from is not None:
        return f"({wording.FROM.format(date=figures.day(line.valid_from))})"
    return ""


def _merged(fees: Sequence[Fee]) -> list[list[Fee]]:
    """Groups lines that differ in the way of submission only."""
    groups: dict[tuple[object, ...], list[Fee]] = {}
    for line in fees:
        key = (
            figures.fee(line),
            line.name,
            line.case,
            line.note,
            line.valid_from,
            line.valid_until,
        )
        groups.setdefault(key, []).append(line)
    return list(groups.values())


def _labelled_fees(fees: Sequence[Fee]) -> list[tuple[str, str, Fee]]:
    """Labels and values of the fee lines, each with a line of its group."""
    labelled = []
    groups = _merged(fees)
    for group in groups:
        first = group[0]
        label = [part for part in (first.name, first.case) if part]
        methods = list(dict.fromkeys(line.method for line in group if line.method is not None))
        if len(groups) > 1:
            label.extend(_some_methods(methods))
        labelled.append((", ".join(label), figures.fee(first), first))
    return labelled


def _times(record: Procedure) -> Blocks:
    return tuple(
        Fact(label, value, time.note)
        for label, value, time in _labelled_times(record.processing_times)
    )


def _labelled_times(times: Sequence[ProcessingTime]) -> list[tuple[str, str, ProcessingTime]]:
    """Labels and values of the time limits, each with a limit of its group."""
    groups: dict[tuple[object, ...], list[ProcessingTime]] = {}
    for time in times:
        groups.setdefault((figures.duration(time), time.case, time.note), []).append(time)
    labelled = []
    for group in groups.values():
        first = group[0]
        label = [first.case] if first.case else []
        methods = list(dict.fromkeys(time.method for time in group if time.method is not None))
        if len(groups) > 1:
            label.extend(_some_methods(methods))
        labelled.append((", ".join(label), figures.duration(first), first))
    return labelled


def _some_methods(methods: Sequence[Method]) -> list[str]:
    """Names the ways of submission where a line does not hold for all of them."""
    if not methods or len(methods) == len(Method):
        return []
    return [" / ".join(wording.METHODS[method].lower() for method in methods)]


def _one_line(labelled: Sequence[tuple[str, str, object]], most: int = 3) -> str:
    return "; ".join(f"{label}: {value}" if label else value for label, value, _ in labelled[:most])


def _steps(record: Procedure) -> Blocks:
    return (ItemList(tuple(Item(step) for step in record.steps), style="steps"),)


def _where(record: Procedure) -> Blocks:
    blocks: list[Block] = []
    agency = record.executing_agency or record.competent_agency
    for submission in record.submissions:
        place = submission.place or (agency if submission.method is Method.IN_PERSON else "")
        if submission.method is Method.IN_PERSON and place:
            blocks.append(Fact(wording.METHODS[submission.method], place, submission.note))
    if agency and all(not isinstance(b, Fact) or b.value != agency for b in blocks):
        blocks.append(Fact("Cơ quan giải quyết", agency))
    if not blocks:
        names = ", ".join(
            dict.fromkeys(wording.METHODS[s.method].lower() for s in record.submissions)
        )
        return (Fact(wording.WAYS_OF_SUBMISSION, names), Paragraph(wording.PLACE_NOT_STATED))
    others = [s for s in record.submissions if s.method is not Method.IN_PERSON]
    for submission in others:
        value = submission.place or "được"
        blocks.append(Fact(wording.METHODS[submission.method], value, submission.note))
    return tuple(blocks)


def _online(record: Procedure) -> Blocks:
    online = [s for s in record.submissions if s.method is Method.ONLINE]
    if not online:
        blocks: list[Block] = [Paragraph(wording.ONLINE_NO)]
    else:
        blocks = [Paragraph(wording.ONLINE_YES)]
        for submission in online:
            if submission.place:
                blocks.append(Fact("Nộp tại", submission.place, submission.note))
            if submission.link:
                blocks.append(Link("Cổng nộp hồ sơ", submission.link))
    others = [s for s in record.submissions if s.method is not Method.ONLINE]
    if others:
        names = ", ".join(dict.fromkeys(wording.METHODS[s.method].lower() for s in others))
        blocks.append(Fact("Cách khác", names))
    return tuple(blocks)


def _forms(record: Procedure) -> list[Form]:
    found = [d.form for g in record.documents for d in g.documents if d.form is not None]
    return list(dict.fromkeys(found))


def _form(form: Form) -> str:
    name = (
        f"{form.number} – {form.title}" if form.number and form.title else form.number or form.title
    )
    if form.source:
        name = f"{name}, {wording.FORM_FROM.format(source=form.source)}"
    return name


def _forms_blocks(record: Procedure) -> Blocks:
    forms = _forms(record)
    blocks: list[Block] = [ItemList(tuple(Item(_form(form)) for form in forms))]
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
