"""Cleans the text of official records: spaces, placeholders, page furniture, list marks."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

EMPTY: Final = frozenset(
    {
        "",
        "-",
        "--",
        "không",
        "không có",
        "không có thông tin",
        "không quy định",
        "chưa có thông tin",
        "chưa quy định",
        "không có quy định",
    }
)
"""What a source prints where it says nothing; compared in lower case without a full stop."""

_MARKED_LETTERS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
LOWER: Final = f"a-z{_MARKED_LETTERS}"
"""Small Vietnamese letters, for a character class; a range such as ``à-ỹ`` holds capitals too."""

UPPER: Final = f"A-Z{_MARKED_LETTERS.upper()}"
"""Capital Vietnamese letters, for a character class."""

_SPACES = re.compile(r"[ \t\u00a0\u200b\ufeff\u2000-\u200a\u202f]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b-\x1f]")
_FURNITURE = re.compile(
    r"Từ khóa\s*(?=.*?Mô tả).*|Chọn cơ quan thực hiện\s*Tỉnh/ ?Thành phố.*|Nộp hồ sơ\s*$", re.S
)
_MARK = re.compile(
    r"^(?:(?:[-–—+*•●·o]|\u2022|\uf0b7|\uf02d)\s+|[-–—+*•●·]+\s*|\d{1,2}[.)]\s+"
    r"|\d{1,2}(?:\.\d{1,2})+\.?\s+|[a-zđ](?:\.\d)?[.)]+\s+|\([a-z0-9]{1,5}\)\s+)+"
)
_CAPITALS = re.compile(r"\bviệt nam\b")
_ABBREVIATIONS = re.compile(r"\b(?:ubnd|hđnd|bhxh|bhyt|atm)\b")
_GLUED_COUNT = re.compile(rf"(?<=[{LOWER}])(?=\d{{1,2}} ?bản (?:chính|sao))", re.I)
_GLUED_PLACEHOLDER = re.compile(r"(?<=Không có thông tin)(?=[^\W_])")
_LEADING_WORD = re.compile(r"^thủ tục\s*:?\s+", re.I)


def clean(text: str) -> str:
    """Returns a text in NFC with single spaces and no invisible characters; lines stay lines."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub(lambda m: " " if m[0] in "\x0b\x0c" else "", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """Returns a text cleaned and on one line."""
    return re.sub(r"\s+", " ", clean(text)).strip()


def is_empty(text: str) -> bool:
    """Tells whether a cell says nothing, by being blank or by a placeholder."""
    return one_line(text).rstrip(".").casefold() in EMPTY


def without_furniture(text: str) -> str:
    """Cuts off what belongs to the web page and not to the record."""
    return _FURNITURE.sub("", text).strip()


def parted(text: str) -> str:
    """Parts the cells of a table where a source glues a word to the count or text of the next.

    Figures are looked up in the result: a length of time ends where the count of papers begins.

    >>> parted("ảnh chụp chưa quá 6 tháng1 bản chính")
    'ảnh chụp chưa quá 6 tháng 1 bản chính'
    >>> parted("Trực tiếpKhông có thông tin20 ngày làm việc")
    'Trực tiếpKhông có thông tin 20 ngày làm việc'
    """
    return _GLUED_PLACEHOLDER.sub(" ", _GLUED_COUNT.sub(" ", text))


def without_mark(text: str) -> str:
    """Removes a leading dash, bullet or number of a list entry."""
    return _MARK.sub("", text.strip()).strip()


def procedure_name(text: str) -> str:
    """Returns the name of a procedure without a leading "Thủ tục", its first letter upper case."""
    name = one_line(text).rstrip(".;").strip()
    short = _LEADING_WORD.sub("", name)
    name = short if short else name
    if name.isupper() and len(name) > 12:
        name = _CAPITALS.sub(lambda match: match[0].title(), name.capitalize())
        name = _ABBREVIATIONS.sub(lambda match: match[0].upper(), name)
    return name[:1].upper() + name[1:]


def paragraphs(text: str) -> list[str]:
    """Splits a text into its lines that say something, without list marks."""
    lines: list[str] = []
    for line in clean(text).split("\n"):
        if lines and line[:1].islower() and not lines[-1].endswith((".", ":", ";")):
            lines[-1] = f"{lines[-1]} {line}"  # one sentence, broken by hand
        elif line:
            lines.append(line)
    found = (without_mark(line) for line in lines)
    return [line for line in found if line and not is_empty(line)]


_STEP = re.compile(
    r"(?:^|(?<=[\n.;:!]))\s*(?:(?:[-+*]|[a-zđ]\)|\d{1,2}[.)])\s*)?Bước\s*\d+\s*[:.\-–]?\s*", re.I
)


def steps(text: str) -> list[str]:
    """Splits a description of steps: by "Bước n" where it is there, else by lines.

    Args:
        text: The cell as the source prints it.

    Returns:
        One entry a step, on one line, without its number.
    """
    text = clean(text)
    if is_empty(text):
        return []
    parts = _STEP.split(text)
    if len(parts) > 1:
        head, *rest = (one_line(part) for part in parts)
        return [part for part in ([head] if len(head) > 40 else []) + rest if part]
    return paragraphs(text)
