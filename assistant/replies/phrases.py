"""Small operations on Vietnamese phrases: where sentences end, what stands in parentheses."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[^\d\s.][.!?…])\s+(?=[A-ZÀ-ỸĐ])")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:TP|Tp|Q|P|TT|St|Ths|TS|BS|v\.v)\.$")
_EXAMPLES = re.compile(r"\s*\([^()]*…\)|:\s[^:;()]*…$|,?\s+ví dụ\b[^;()]*$")
_CONDITION = re.compile(
    r"(?:chỉ|khi|nếu|với|đối với|trừ|dùng|dành cho|cho người|trường hợp|không phải|tùy|một trong|"
    r"hoặc)\b|.*\b(?:không phải nộp|không nộp|chỉ nộp|cần khi|chỉ khi)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:Công an|Nhà nước|Ủy ban|Sở|Bộ|Tòa|Viện|Cục|Chi cục|Hội đồng|Luật|Bộ luật|Nghị|Thông tư|"
    r"Quyết định|Điều|Đảng|Quốc hội|Chính phủ|Trung tâm|Văn phòng|Cổng|Kinh|Ban|Mặt trận)\b"
)
"""Words that keep their capital inside a sentence."""


def sentences(text: str) -> list[str]:
    """Splits a text after its sentences; an abbreviation or a number's dot ends none."""
    found: list[str] = []
    for piece in _SENTENCE_END.split(text):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def without_examples(text: str) -> str:
    """Takes out the examples that a text gives: ``(sổ đỏ, giấy đăng ký xe…)``, ``ví dụ sổ đỏ``."""
    return _EXAMPLES.sub("", text).strip()


def is_condition(text: str) -> bool:
    """Tells whether a remark says when something holds, rather than explaining it."""
    return bool(text) and _CONDITION.match(sentences(text)[0]) is not None


def lower_first(text: str) -> str:
    """Writes a phrase as it stands within a sentence; names keep their capital."""
    words = text.split(maxsplit=2)
    if not words or not words[0].istitle() or _NAMES.match(text):
        return text
    if len(words) > 1 and words[1].isalpha() and words[1].istitle():
        return text
    return text[0].lower() + text[1:]


def upper_first(text: str) -> str:
    """Writes a phrase as it stands at the beginning of a sentence."""
    return text[:1].upper() + text[1:]
