"""Finds figures in Vietnamese official prose: amounts of money, times, legal and form numbers.

Import uses these to read cells, and ``motcua check`` to compare a card with a whole record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from knowledge_base.importers.text import LOWER
from knowledge_base.schema import TimeUnit

Currency = Literal["VND", "USD"]

_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2}(?!\d))?"
_WORDS = {"nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 10**9}
_VND = r"(?:Việt\s+Nam\s+)?[Đđ]ồng(?!\s*(?:thời|bộ|ý|hồ|dân|bào))|VN[ĐDđd]|vn[đd]|[đĐ](?![\w])|₫"
_USD = r"USD|usd|đô\s*la(?:\s+Mỹ)?|Đô\s*la(?:\s+Mỹ)?|US\$"
AMOUNT: Final = re.compile(
    rf"(?<![\w/.,-])(?P<number>{_NUMBER})"
    rf"(?:\s*(?:-|–|đến|tới)\s*(?P<upper>{_NUMBER}))?"
    r"\s*(?P<scale>nghìn|ngàn|triệu|tỷ|tỉ)?\s*"
    rf"(?:(?P<vnd>{_VND})|(?P<usd>{_USD}))"
)
_DAY_BEFORE = re.compile(r"\bngày\s+$", re.I)
_YEAR_BEFORE = re.compile(r"\bnăm\s+$")
_BARE_PER = re.compile(
    r"(?<![\w/.,-])(?P<number>\d{1,3}(?:\.\d{3})+)\s*/\s*(?=(?:\d+\s*)?[a-zA-ZÀ-ỹĐđ])"
)

UNITS: Final = {
    "ngày làm việc": TimeUnit.WORKING_DAY,
    "giờ làm việc": TimeUnit.HOUR,
    "ngày": TimeUnit.DAY,
    "giờ": TimeUnit.HOUR,
    "phút": TimeUnit.MINUTE,
    "tuần": TimeUnit.WEEK,
    "tháng": TimeUnit.MONTH,
    "năm": TimeUnit.YEAR,
}
UNIT_WORDS: Final = {
    TimeUnit.IMMEDIATE: "ngay",
    TimeUnit.MINUTE: "phút",
    TimeUnit.HOUR: "giờ",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.WEEK: "tuần",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
}
TIME: Final = re.compile(
    r"(?<![\w/.,-])(?P<value>\d+(?:[.,]\d+)?)"
    r"(?:\s*(?:-|–|đến)\s*(?P<upper>\d+(?:[.,]\d+)?))?"
    r"\s*(?:\([^()\d]{1,40}\)\s*)?"
    r"(?P<unit>ngày\s+làm\s+việc|giờ\s+làm\s+việc|ngày|giờ|phút|tuần|tháng|năm)(?!\w)",
    re.I,
)

_SUFFIX = r"(?:TTLT|NĐLT|NQLT|TT|NĐ|ND|QĐ|QD|NQ|CT|CV|PL|VBHN|TB|HD|KH|BC|CTr|SL)"
_KNOWN = (
    "UBTƯMTTQVN BNN&PTNT BKHCNMT BNNPTNT VKSNDTC BLĐTBXH BVHTTDL LĐTBXH UBCKNN TANDTC BTNMT BNNMT "
    "BKHĐT BKHCN BGTVT BGDĐT BVHTT BTTTT BDTTG UBTDTT BBCVT VPCTN BTP BTC BCA BQP BNG BNV BNN BKH "
    "BCT BTM BCN BXD BYT UBDT TTCP NHNN BHXH VPCP VPQH UBND HĐND HĐTP KTNN TCHQ MTTQ TLĐ TCT TTg CP"
)
_GLUED = rf"(?!(?!ngày|của|về|quy|sửa|hướng|và|do|được|ban)[{LOWER}])"
_AGENCY = (
    rf"(?:(?:[A-ZĐ]+-)?(?:UBTV)?QH\d{{1,2}}|{'|'.join(_KNOWN.split())}"
    rf"|[A-ZĐƯÔÂÊƠĂ&]{{1,14}}{_GLUED})"
)
LEGAL: Final = re.compile(
    r"(?<![\d/])(?<!(?<!\d\d\d)\d[.,])(?P<number>\d{1,5}(?:\.\d{1,2})?[A-Za-z]?"
    rf"(?:/(?:19|20)\d{{2}})?/{_SUFFIX}(?:(?: ?[-–] ?|[/.]){_AGENCY})+"
    r"|\d{1,3}/(?:19|20)\d{2}/(?:UBTV)?QH\s?\d{1,2})"
)
_CYRILLIC = str.maketrans("АВСЕНКМОРТХ", "ABCEHKMOPTX")
"""Letters that some sources type on a Cyrillic keyboard; the two look the same."""

_GLUED_LAW = re.compile(r"(QH\s?\d{2})(?=\d+(?:\.\d+)?[a-z]?/)")
_GLUED_YEAR = re.compile(r"((?:19|20)\d{2})(?=\d{1,3}/(?:19|20)\d{2}/)")

FORM: Final = re.compile(
    r"(?:Mẫu|mẫu|MẪU|Biểu mẫu|biểu mẫu)(?:\s+(?:đơn|tờ khai|số|Số|SỐ|phiếu|hồ sơ))*\s*[:.]?\s*"
    r"(?P<number>(?:[A-ZĐ]{1,6}[-.]?)*\d{1,4}[a-zA-ZĐđ]{0,3}(?:[-./][A-ZĐ0-9][A-ZĐa-z0-9]*)*"
    r"|[A-ZĐ]{1,4}(?:[-./]?\d+[a-z]?)+(?:[-./][A-ZĐ0-9]+)*)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in a text.

    Attributes:
        value: Whole units of ``currency``; the lower end of a range.
        upper: The upper end of a range.
        start: Where it begins in the text.
        end: Where it ends.
        text: As printed.
    """

    value: float
    upper: float | None
    currency: Currency
    start: int
    end: int
    text: str


def number(text: str) -> float:
    """Reads a printed number; dot and comma before three digits are thousands marks.

    >>> number("10,000"), number("10.000"), number("1,5"), number("0.5")
    (10000.0, 10000.0, 1.5, 0.5)
    """
    text = text.strip()
    marked = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+)(?:[.,](\d{1,2}))?", text)
    if marked:
        whole = re.sub(r"[.,]", "", marked[1])
        return float(f"{whole}.{marked[2] or 0}")
    return float(text.replace(",", "."))


def amounts(text: str) -> Iterator[Amount]:
    """Yields the sums of money of a text in order.

    A thousands-marked number before a slash and a word, such as ``250.000/lần``, is an amount of
    đồng as well: notes often leave the currency out there.
    """
    taken: list[tuple[int, int]] = []
    found: list[Amount] = []
    for match in AMOUNT.finditer(text):
        if _YEAR_BEFORE.search(text, 0, match.start()) and "." not in match["number"]:
            continue  # "năm 2016 Đồng" is a date before the currency of an empty cell
        scale = _WORDS.get(match["scale"] or "", 1)
        upper = match["upper"]
        found.append(
            Amount(
                number(match["number"]) * scale,
                number(upper) * scale if upper else None,
                "USD" if match["usd"] else "VND",
                match.start(),
                match.end(),
                match[0].strip(),
            )
        )
        taken.append(match.span())
    for match in _BARE_PER.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            value = number(match["number"])
            end = match.end("number")
            found.append(Amount(value, None, "VND", match.start(), end, match["number"]))
    yield from sorted(found, key=lambda amount: amount.start)


def times(text: str) -> Iterator[tuple[float, float | None, TimeUnit, re.Match[str]]]:
    """Yields the lengths of time in a text: value, upper end of a range, unit, match."""
    for match in TIME.finditer(text):
        if _DAY_BEFORE.search(text, 0, match.start()) and match["unit"].lower() == "tháng":
            continue  # "ngày 20 tháng …" is a date
        unit = UNITS[re.sub(r"\s+", " ", match["unit"].lower())]
        upper = match["upper"]
        yield number(match["value"]), number(upper) if upper else None, unit, match


def legal_numbers(text: str) -> Iterator[str]:
    """Yields the numbers of legal documents in a text, in one spelling."""
    for match in LEGAL.finditer(unglue_numbers(text)):
        yield legal_number(match["number"])


def unglue_numbers(text: str, mark: str = " ") -> str:
    """Parts a legal number from the digits of the name or number that it is glued to.

    Args:
        text: Any text.
        mark: What to put between the two.
    """
    text = text.translate(_CYRILLIC)
    return _GLUED_YEAR.sub(rf"\1{mark}", _GLUED_LAW.sub(rf"\1{mark}", text))


def legal_number(text: str) -> str:
    """Puts the number of a legal document into one spelling.

    >>> legal_number("Thông tư số 04/2020/TT–BTP "), legal_number("123/2015/ND-CP")
    ('04/2020/TT-BTP', '123/2015/NĐ-CP')
    """
    text = re.sub(r"\s+", "", text.replace("–", "-"))
    start = re.search(r"\d", text)
    text = text[start.start() :] if start else text
    text = text.rstrip(".,;:/-")
    text = re.sub(r"/(N)D([-/]|$)", r"/\1Đ\2", text)
    text = re.sub(r"/(Q)D([-/]|$)", r"/\1Đ\2", text)
    text = re.sub(r"(?<=/(?:NĐ|NQ)-)C$", "CP", text)  # cut by the source
    return re.sub(r"^(\d)(?=/)", r"0\1", text)


def form_numbers(text: str) -> Iterator[str]:
    """Yields the numbers of forms that a text names, without the word "Mẫu"."""
    for match in FORM.finditer(text):
        yield match["number"].rstrip(".-/")
