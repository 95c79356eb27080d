"""The few words that feedback understands by itself, with and without diacritics."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from vietnamese.fold import fold, syllables

_TAIL = frozenset(
    {
        "a", "ạ", "nhé", "nhe", "nha", "đấy", "đó", "luôn", "lắm", "quá", "bạn", "em", "anh", "chị",
        "cô", "chú", "ad", "bot", "rồi", "thế", "vậy", "ơi",
    }
)  # fmt: skip
_THANKS = ("cảm ơn", "cám ơn", "thank", "thanks", "tks")

_USEFUL: Final = (
    "đúng", "đúng ý", "đúng ý tôi", "đúng ý mình", "chính xác", "chuẩn", "chuẩn xác", "hữu ích",
    "rất hữu ích", "có ích", "đúng cái tôi cần", "trả lời đúng", "đúng là cái tôi cần",
)  # fmt: skip
_NOT_USEFUL: Final = (
    "sai", "chưa đúng", "không đúng", "chưa đúng ý", "không đúng ý", "chưa đúng ý tôi",
    "không đúng ý tôi", "chưa chính xác", "không chính xác", "trả lời sai", "trả lời chưa đúng",
    "trả lời không đúng", "sai bét", "sai hết", "không hữu ích", "vô ích", "sai thông tin",
    "thông tin sai",
)  # fmt: skip
_CANCEL: Final = (
    "thôi", "hủy", "huỷ", "hủy bỏ", "dừng", "dừng lại", "thoát", "thôi khỏi", "không gửi",
    "không gửi nữa", "thôi không gửi", "thôi không gửi nữa", "không góp ý nữa", "để sau",
)  # fmt: skip
_SKIP: Final = (
    "bỏ qua", "bỏ", "khỏi", "không", "ko", "k", "không có", "không cần", "không cần đâu", "skip",
    "thôi", "không biết", "không nhớ", "hết", "xong", "không ạ",
)  # fmt: skip
_AGREE: Final = ("có", "đồng ý", "tôi đồng ý", "ok", "oke", "vâng", "dạ", "ừ", "được", "yes")

_OPENS: Final = (
    "góp ý", "phản ánh", "kiến nghị", "tôi muốn góp ý", "tôi muốn phản ánh", "tôi muốn kiến nghị",
    "cho tôi góp ý", "tôi có góp ý", "tôi có kiến nghị", "muốn góp ý", "muốn phản ánh",
    "gửi góp ý", "gửi phản ánh",
)  # fmt: skip

_ASKS = re.compile(
    r"\?\s*$|\b(?:can gi|can nhung gi|gom gi|nhung gi|giay to gi|giay to nao|ho so gi|bao nhieu"
    r"|bao lau|may ngay|may tien|o dau|cho nao|nhu the nao|the nao|nhu nao|ra sao|lam sao"
    r"|duoc khong|co duoc|la gi|khi nao|luc nao|co can|can giay)\b"
)
_COMPLAINS = re.compile(
    r"\b(?:lau qua|qua lau|lau the|cham|thai do|hach dich|khong ai|gay kho|phien ha|quat"
    r"|vo trach nhiem|doi tien|buc xuc|that vong|te qua|qua dong|cho mai|lam kho|tho o|vo le"
    r"|bat di lai|di lai nhieu|hanh dan|phong bi|cau gat|sao phai|sao lai|sao cu phai|sao chua)\b"
)
_CORRECTS = re.compile(
    r"\b(?:phai la|moi dung|sai|thieu|cu roi|da cu|het hieu luc|da thay doi|khong dung|chua dung"
    r"|chua co|chua noi|khong noi|kho hieu|kho doc|khong phai|nham|da bo|bo roi|khong con)\b"
)
_OF_AN_ANSWER = re.compile(
    r"\b(?:tra loi|cau hoi|toi hoi|thong tin|noi dung|tro ly|bot|huong dan)\b"
)
_BLAMES: Final = (
    ("outdated", re.compile(r"\b(?:cu roi|da cu|qua cu|het hieu luc|loi thoi|chua cap nhat)\b")),
    ("missing", re.compile(r"\b(?:thieu|chua du|khong du|chua day du|khong day du)\b")),
    ("unclear", re.compile(r"\b(?:kho hieu|khong hieu|roi ram|lan man|dai qua|dai dong)\b")),
    (
        "wrong_procedure",
        re.compile(r"\b(?:dung|phai|trung) (?:cau|cai|dieu|thu tuc)\b|\blac de\b|\bmot dang\b"),
    ),
    ("other", re.compile(r"\b(?:sai|chua dung|khong dung|nham|chua chinh xac|bay ba)\b")),
)
_OF_A_COMPLAINT = re.compile(
    r"\b(?:phan anh|khieu nai|phan nan|buc xuc|hach dich|gay kho|thai do|cham|lau qua)\b"
)
_OF_A_SUGGESTION = re.compile(r"\b(?:kien nghi|de xuat|de nghi|nen co|nen them|mong)\b")
_LEADING_IN = frozenset(
    {
        "toi", "minh", "em", "con", "chau", "muon", "can", "xin", "cho", "gop", "y", "phan", "anh",
        "kien", "nghi", "gui", "khieu", "nai", "de", "xuat", "mot", "chut", "it", "ve", "voi", "a",
        "nhe", "duoc", "khong", "o", "dau", "day", "lam", "the", "nao", "sao", "giup", "hay",
        "danh", "gia", "hoi", "feedback",
    }
)  # fmt: skip
SAYS_SOMETHING: Final = 6
"""A message that opens the dialogue and has so many more words is taken for the text itself."""


def judges(text: str) -> bool | None:
    """Tells whether a whole message judges the last answer.

    Returns:
        True for "đúng rồi, cảm ơn", False for "sai rồi"; None for anything else.
    """
    core = _core(text)
    if _is(core, _NOT_USEFUL):
        return False
    return True if _is(core, _USEFUL) else None


def blames(text: str) -> str:
    """Tells why a message, known for an opinion, finds fault with the answer just given.

    Returns:
        A value of :class:`assistant.feedback.values.Reason`; empty where it speaks of other things.
    """
    folded = fold(text)
    if _OF_AN_ANSWER.search(folded) is None:
        return ""
    return next((reason for reason, pattern in _BLAMES if pattern.search(folded)), "")


def thanks(text: str) -> bool:
    """Tells whether a message says thank you."""
    folded = fold(text)
    return any(fold(word) in folded for word in _THANKS)


def cancels(text: str) -> bool:
    """Tells whether a whole message means to stop."""
    return _is(_core(text), _CANCEL)


def skips(text: str) -> bool:
    """Tells whether a whole message means to leave a question out."""
    return _is(_core(text), _SKIP)


def agrees(text: str) -> bool:
    """Tells whether a whole message means yes."""
    return _is(_core(text), _AGREE)


def opens(text: str) -> bool:
    """Tells whether a whole message only asks to give an opinion."""
    return _is(_core(text), _OPENS)


def asks(text: str) -> bool:
    """Tells whether a message is put as a question, and not as a reproach."""
    folded = fold(text)
    return _ASKS.search(folded) is not None and _COMPLAINS.search(folded) is None


def complains(text: str) -> bool:
    """Tells whether a message speaks of bad service."""
    return _COMPLAINS.search(fold(text)) is not None


def corrects(text: str) -> bool:
    """Tells whether a message says what is wrong with an answer."""
    return _CORRECTS.search(fold(text)) is not None


def kind_of(text: str) -> str:
    """Guesses ``complaint`` or ``suggestion`` from the words; empty where they leave it open."""
    folded = fold(text)
    if _OF_A_COMPLAINT.search(folded):
        return "complaint"
    return "suggestion" if _OF_A_SUGGESTION.search(folded) else ""


def says_something(text: str) -> bool:
    """Tells whether a message that opens the dialogue holds the matter already."""
    words = [word for word in syllables(fold(text)) if word not in _LEADING_IN]
    return len(words) >= SAYS_SOMETHING


def _core(text: str) -> str:
    """Leaves out thanks and particles: "đúng rồi, cảm ơn bạn nhé" is "đúng"."""
    lowered = text.lower()
    for word in _THANKS:
        for form in (word, fold(word)):
            at = lowered.find(form)
            if at > 0:
                lowered = lowered[:at]
    words = syllables(lowered)
    plain = lowered.isascii()
    tail = {fold(word) for word in _TAIL} if plain else _TAIL
    while len(words) > 1 and words[-1] in tail:
        words.pop()
    return " ".join(words)


def _is(core: str, phrases: Iterable[str]) -> bool:
    """Compares with diacritics where some were typed: "dừng" is not "đúng"."""
    if core.isascii():
        return any(core == fold(phrase) for phrase in phrases)
    return core in phrases
