"""Reads what a record says of fees, and says "free" only where the record itself does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from knowledge_base.importers.figures import Amount, amounts
from knowledge_base.importers.text import LOWER, UPPER, is_empty, one_line, without_mark
from knowledge_base.schema import Fee, FeeState, Method

PLACEHOLDER_NOTE: Final = 'Nguồn in "Miễn phí" nhưng không nêu căn cứ.'
ZERO_NOTE: Final = 'Nguồn in "{printed}" nhưng không nêu căn cứ miễn phí.'
"""A printed zero is the same placeholder: the API holds 0 where the page prints "Miễn phí"."""
TRUNCATED_NOTE: Final = 'Nguồn in "{printed}", có thể thiếu ba số 0; không suy ra mức thu.'
CONTRADICTION_NOTE: Final = "Nguồn ghi hai mức khác nhau ở ô mức thu và ở phần ghi chú."

_SMALLEST_FEE: Final = 1_000
"""No fee is below this many đồng; the portal prints some amounts without their last three zeros."""

_PROVINCE = re.compile(
    r"(?:Hội đồng nhân dân|HĐND|Ủy ban nhân dân|UBND)[^.;]{0,120}?(?:quyết định|quy định|ban hành)"
    r"|theo quy định của (?:tỉnh|địa phương|HĐND|Hội đồng nhân dân)"
    r"|(?:quyết định|quy định|thẩm quyền)[^.;]{0,60}(?:Hội đồng nhân dân|HĐND)"
    r"|(?:tỉnh|địa phương)[^.;]{0,40} (?:quyết định|quy định) mức",
    re.I,
)
_FREE = re.compile(
    r"\b(?:được\s+)?miễn(?:\s*,?\s*(?:giảm|thu))?\s*(?:nộp\s+)?(?:phí|lệ phí|thu|tiền|toàn bộ)"
    r"|\bmiễn\s+(?:đối với|cho)|\bkhông (?:phải )?(?:thu|nộp|mất|chịu)\s*(?:phí|lệ phí|tiền)"
    r"|\bkhông thu\b|\bmiễn phí\b",
    re.I,
)
_NOT_FREE = re.compile(
    r"không (?:được )?miễn|chưa miễn|trừ (?:các )?trường hợp (?:được )?miễn|(?:quy định|thực hiện)"
    r"[^.;]{0,40} miễn, giảm|miễn, giảm|các trường hợp miễn|đối tượng (?:được )?miễn[^.;]{0,20}"
    r"(?:theo|quy định|thực hiện)|mức thu, (?:chế độ|miễn)|miễn một số|quy định[^.;]{0,80}\bmiễn\b",
    re.I,
)
_UNIT = re.compile(
    r"\s*/\s*(?:0?1 )?(?P<unit>[^\W\d_][^.;,:()/\n]{0,60}(?:/\s*[^\W\d_][^.;,:()/\n]{0,30})?)"
)
_PER = re.compile(
    r"(?:đồng|VNĐ|USD)?\s*/\s*(?:0?1 )?(?P<unit>[^.;,:()\d]{1,40})\.?(?P<note>\([^()]*\))?\.?", re.I
)
_UNIT_STOP = re.compile(
    r"\s+(?:đối với|nếu|khi|và|hoặc|trường hợp|do|từ|kể|theo|thì|áp dụng|đến|bằng|cho|\-|\+).*$",
    re.I,
)
_SENTENCE = re.compile(
    rf"(?<=[.;])\s+(?=[{UPPER}+\-•*(])|\n+|(?<=[;:.)])\s*(?=[+\-–•]\s)|\s+(?=[+•]\s)"
    rf"|(?<=\d)\.\s+(?=-)|(?<=[{LOWER}][.;])(?=[{UPPER}][{LOWER}])"
    r"|\s+(?=[-–]\s+(?:Trường|Đối|Cấp|Mức|Phí|Lệ|Miễn|Nộp|Đăng|Gia|Từ|Cá|Tổ|Người))"
)
_DATE = r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d{2})|ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})"
_FROM = re.compile(rf"(?:từ|kể từ)(?:\s+ngày)?\s+(?:{_DATE})", re.I)
_UNTIL = re.compile(rf"(?:đến|tới)(?:\s+hết)?(?:\s+ngày)?\s+(?:{_DATE})", re.I)
_PAUSE = re.compile(
    r"\(?\bmiễn(?:\s+(?:lệ\s+)?phí)?\s+(?:kể\s+)?từ(?:\s+ngày)?\s+\d{1,2}/\d{1,2}/\d{4}"
    r"\s+đến(?:\s+hết)?(?:\s+ngày)?\s+\d{1,2}/\d{1,2}/\d{4}(?:\s+theo[^().]{0,90})?\)*",
    re.I,
)
_SHARE = re.compile(r"\d\s*%\s*(?:của|x|mức|\*)?\s*$", re.I)
_CASE_AFTER = re.compile(r"^\W*(?:đối với|cho|nếu|khi|với|trong|trường hợp|áp dụng)\b", re.I)
_NO_CASE = re.compile(r"(?:áp dụng )?(?:mức )?(?:thu )?(?:lệ )?(?:phí|thu|mức thu)|vnđ", re.I)
_NAME = re.compile(r"\b(lệ phí|phí|giá dịch vụ|giá|tiền)\b", re.I)


def read_fees(printed: str, note: str, method: Method | None = None) -> list[Fee]:
    """Reads one fee cell with its note.

    Args:
        printed: The cell of the amount: ``10,000 Việt Nam Đồng``, ``Miễn phí``, ``Phí: 0 VNĐ`` …
        note: What the source says beside it.
        method: The way of submission that the cell belongs to.

    Returns:
        One line for each thing said; empty where the source says nothing at all.
    """
    printed = one_line(printed)
    note, pauses = _pauses(_note(note), method)
    return [*_read(printed, note, method), *pauses]


def _read(printed: str, note: str, method: Method | None) -> list[Fee]:
    head = next(amounts(printed), None)
    lines = list(_lines(note, method))
    stated = [fee for fee in lines if fee.state is FeeState.AMOUNT]
    name = _name(printed)
    if head is not None and head.value > 0:
        return _with_head(head, printed, name, lines, stated, method, note)
    zero = head is not None or re.search(r"\b(?:không|o)\s+đồng", printed, re.I)
    if lines:
        return lines
    if zero or printed.casefold().startswith("miễn phí"):
        said = ZERO_NOTE.format(printed=printed) if zero else PLACEHOLDER_NOTE
        return [Fee(state=FeeState.NOT_STATED, name=name, method=method, note=said)]
    if re.search(r"\w", printed) and not is_empty(printed):
        words = _without_label(printed)
        if not words:
            return []
        return list(_lines(words, method)) or [
            Fee(state=FeeState.NOT_STATED, name=name, method=method, note=words)
        ]
    return []


def _with_head(
    head: Amount,
    printed: str,
    name: str,
    lines: list[Fee],
    stated: list[Fee],
    method: Method | None,
    note: str,
) -> list[Fee]:
    """Settles a printed amount with what the note beside it says."""
    if head.currency == "VND" and head.value < _SMALLEST_FEE:
        if stated:
            return lines
        said = " ".join(
            [TRUNCATED_NOTE.format(printed=printed), *(f.note for f in lines if f.note)]
        )
        missing = Fee(state=FeeState.NOT_STATED, name=name, method=method, note=said)
        return [missing, *(fee for fee in lines if fee.state is not FeeState.NOT_STATED)]
    same = [f for f in stated if f.amount == int(head.value) and f.currency == head.currency]
    if same:
        return lines
    main = _fee(head, name=name, method=method)
    per = _PER.fullmatch(note)
    if per:
        unit, said = per["unit"].strip(), (per["note"] or "").strip("() ")
        return [main.model_copy(update={"unit": unit, "note": said})]
    if not lines[1:] and note and _CASE_AFTER.match(note) and not stated:
        return [main.model_copy(update={"case": note.rstrip(" .;")})]
    if not stated:
        case = note if not lines else ""
        remarks = [fee.note for fee in lines if fee.state is FeeState.NOT_STATED]
        rest = [fee for fee in lines if fee.state is not FeeState.NOT_STATED]
        remark = " ".join(remarks) or case
        return [main.model_copy(update={"note": remark}), *rest]
    if len(stated) == 1 and stated[0].valid_until is None:
        main = main.model_copy(update={"note": CONTRADICTION_NOTE})
        lines = [
            fee.model_copy(update={"note": CONTRADICTION_NOTE}) if fee is stated[0] else fee
            for fee in lines
        ]
    return [main, *lines]


def mentions_exemption(text: str) -> bool:
    """Tells whether a text speaks of anyone who pays nothing.

    The bare words "Miễn phí" of a fee cell do not count: they are the portal's placeholder.
    """
    return text.strip(" .;").casefold() != "miễn phí" and bool(_FREE.search(text))


def _pauses(note: str, method: Method | None) -> tuple[str, list[Fee]]:
    """Takes out of a note the periods in which nothing is charged, each as a line of its own."""
    found: list[Fee] = []
    for match in _PAUSE.finditer(note):
        words = match[0].strip(" ()")
        since, until = _date(_FROM, words), _date(_UNTIL, words)
        if since and until and until >= since:
            found.append(
                Fee(
                    state=FeeState.FREE,
                    method=method,
                    source=words,
                    valid_from=since,
                    valid_until=until,
                )
            )
    return (_PAUSE.sub(" ", note).strip(" ()") if found else note), found


def _note(note: str) -> str:
    """Returns a note without the currency word that some exports leave at its end."""
    note = one_line(note)
    note = re.sub(r"[.\s]+Đồng$", "", note)
    note = re.sub(r"^(?:Phí|Lệ phí)\s*:\s*Đồng\s*(?=\()", "", note)
    note = re.sub(r"^(?:Phí|Lệ phí)\s*:\s*(?=Theo\b)", "", note)
    while note.startswith("(") and _wrapped(note):
        note = note.rstrip(". ")[1:-1].strip()
    return "" if note.strip("(). ") == "" else note.strip()


def _wrapped(note: str) -> bool:
    """Tells whether a whole note stands in one pair of brackets."""
    inner = note.rstrip(". ")
    depth = 0
    for position, letter in enumerate(inner):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return position == len(inner) - 1
    return False


def _name(printed: str) -> str:
    match = re.match(r"\s*(Lệ phí|Phí)\s*:", printed, re.I)
    return match[1].capitalize() if match else ""


def _without_label(printed: str) -> str:
    words = re.sub(r"^\s*(?:Lệ phí|Phí)\s*:\s*", "", printed, flags=re.I)
    words = re.sub(r"\s*\bĐồng$", "", words).strip()
    return "" if is_empty(words) or words == "Đồng" else words


def _lines(note: str, method: Method | None) -> Iterator[Fee]:
    """Reads the sentences of a note, each into the fee lines that it states."""
    if not note or is_empty(note.strip("(). ")):
        return
    heading = ""
    remarks: list[str] = []
    found: list[Fee] = []
    sentences = _SENTENCE.split(note)
    for position, raw in enumerate(sentences):
        if raw.lstrip().startswith(("-", "–", "*")):
            heading = ""  # a new entry of the outer list
        sentence = without_mark(raw).strip()
        if not sentence or is_empty(sentence):
            continue
        sums = [a for a in amounts(sentence) if a.value >= _SMALLEST_FEE or a.currency == "USD"]
        if sums:
            found.extend(_from_sums(sentence, sums, heading, method))
        elif _PROVINCE.search(sentence):
            found.append(
                Fee(
                    state=FeeState.SET_BY_PROVINCE,
                    name=_called(sentence),
                    method=method,
                    source=sentence,
                )
            )
        elif _FREE.search(sentence) and not _NOT_FREE.search(sentence):
            rest = " ".join(map(str.strip, sentences[position + 1 :]))
            listed = sentence.endswith(":") and not any(amounts(rest))
            sentence = f"{sentence} {rest}" if listed else sentence
            found.append(
                Fee(
                    state=FeeState.FREE,
                    name=_called(sentence),
                    case=_free_case(sentence, heading),
                    method=method,
                    source=sentence,
                )
            )
            if listed:
                break
        elif sentence.endswith(":"):
            heading = sentence.rstrip(": ")
        else:
            remarks.append(sentence)
    if remarks:
        said = " ".join(remarks)
        found.append(Fee(state=FeeState.NOT_STATED, method=method, note=said))
    yield from found


def _from_sums(
    sentence: str, sums: list[Amount], heading: str, method: Method | None
) -> Iterator[Fee]:
    """Makes a line of each amount in one sentence, with the words that lead up to it."""
    context = ""
    since = _date(_FROM, sentence)
    until = _date(_UNTIL, sentence)
    position = 0
    for index, amount in enumerate(sums):
        before = sentence[position : amount.start]
        if _SHARE.search(before):
            yield Fee(state=FeeState.NOT_STATED, method=method, note=sentence)
            return
        unit_match = _UNIT.match(sentence, amount.end)
        unit = _UNIT_STOP.sub("", unit_match["unit"]).strip() if unit_match else ""
        position = unit_match.start("unit") + len(unit) if unit_match else amount.end
        last = index + 1 == len(sums)
        after = sentence[position:] if last else ""
        case = _case(before) or (_case(after) if _CASE_AFTER.search(after) else "")
        if index == 0 and ":" in case:
            context = case.rsplit(":", 1)[0]
        elif context and index:
            case = f"{context}: {case}" if case else context
        if heading and heading.casefold() not in case.casefold():
            case = f"{heading}: {case}" if case else heading
        yield _fee(
            amount,
            name=_called(f"{heading} {sentence}"),
            case=case,
            unit=unit,
            method=method,
            source=sentence,
            valid_from=since,
            valid_until=until if until and (since is None or until >= since) else None,
        )


def _fee(amount: Amount, **more: object) -> Fee:
    upper = int(amount.upper) if amount.upper and amount.upper >= amount.value else None
    values: dict[str, object] = {
        "state": FeeState.AMOUNT,
        "amount": int(amount.value),
        "amount_max": upper,
        "currency": amount.currency,
        **more,
    }
    if amount.value != int(amount.value):
        whole = {"state": FeeState.NOT_STATED, "amount": None, "amount_max": None}
        values.update(whole, currency="VND", note=f"Nguồn ghi {amount.text}.")
    return Fee.model_validate(values)


def _case(words: str) -> str:
    words = without_mark(words.strip(" ,;:.()–-+"))
    words = re.sub(
        r"^(?:là|mức thu|mức phí|mức lệ phí|và|hoặc|thu|nộp)\b\s*:?\s*", "", words, flags=re.I
    )
    words = re.sub(r"\s+(?:là|thu|mức thu(?: là)?|nộp|mức)$", "", words.strip(" ,;:.()"))
    words = words.strip(" ,;:.()–-+")
    return "" if _NO_CASE.fullmatch(words) else words


def _free_case(sentence: str, heading: str) -> str:
    before = re.match(r"(.{3,}?)\s+(?:thì\s+)?được\s+miễn\b", sentence)
    if before:
        return before[1].strip(" .;:,-")
    match = re.search(r"(?:đối với|\bcho|\bkhi|\bnếu|với|:)\s*:?\s*(.+)$", sentence, re.I)
    return match[1].strip(" .;:") if match else heading


def _called(sentence: str) -> str:
    match = _NAME.search(sentence)
    return match[1].capitalize() if match else ""


def _date(pattern: re.Pattern[str], sentence: str) -> date | None:
    match = pattern.search(sentence)
    if not match:
        return None
    day, month, year = (int(group) for group in match.groups() if group)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def merge_fees(fees: Iterable[Fee]) -> tuple[Fee, ...]:
    """Joins lines that differ in the way of submission only, keeping their order.

    A line that holds for every way of submission of the record loses its ``method``.
    """
    fees = list(fees)
    methods = {fee.method for fee in fees}
    merged: dict[Fee, set[Method | None]] = {}
    for fee in fees:
        merged.setdefault(fee.model_copy(update={"method": None}), set()).add(fee.method)
    joined: list[Fee] = []
    for fee, ways in merged.items():
        if ways >= methods or None in ways:
            joined.append(fee)
        else:
            joined.extend(fee.model_copy(update={"method": way}) for way in Method if way in ways)
    return tuple(joined)
