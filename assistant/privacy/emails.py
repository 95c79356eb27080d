"""Finds e-mail addresses, also spelled out: ``a còng``, ``(at)``, ``chấm com``."""

from __future__ import annotations

import re
from typing import Final

from assistant.privacy.kinds import Note, PersonalData

_LOCAL: Final = r"(?<![\w.+-])[\w.+-]{1,64}"
_DOT: Final = r"(?:\s?\.\s?|\s(?:chấm|cham|dot)\s|\s?[(\[](?:chấm|cham|dot)[)\]]\s?)"
_PROVIDER: Final = r"(?:g\s?mail|yahoo|ymail|hotmail|outlook|icloud|zohomail|protonmail)"
_ENDING: Final = r"(?:com(?:\s?\.\s?vn)?|vn|net|org|edu|gov|info)"

_DOMAIN: Final = (
    rf"(?:{_PROVIDER}(?!\w)(?:(?:{_DOT}|\s){_ENDING}(?!\w))*"
    rf"|[\w-]+(?:{_DOT}[\w-]+){{0,4}}?(?:{_DOT}{_ENDING}(?!\w))+)"
)

_SIGN: Final = re.compile(
    rf"{_LOCAL}\s{{0,2}}[@＠]\s{{0,2}}(?:{_DOMAIN}|[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE
)
_SPELLED: Final = re.compile(
    rf"{_LOCAL}\s?(?:\s(?:a\s?còng|a\s?cong|a\s?móc|a\s?moc|at)\s"
    rf"|[(\[]\s?(?:at|a\s?còng|a\s?cong|@)\s?[)\]])\s?{_DOMAIN}",
    re.IGNORECASE,
)
_NO_SIGN: Final = re.compile(
    rf"(?<![\w.+-])(?=[\w.+-]*[\d._+-])[\w.+-]{{3,64}}\s"
    rf"{_PROVIDER}(?:{_DOT}|\s){_ENDING}(?!\w)",
    re.IGNORECASE,
)
_SPELLED_SIGN: Final = re.compile(r"còng|cong|móc|moc|\bat\b|[(\[]\s?@", re.IGNORECASE)
_NAMED_PROVIDER: Final = re.compile(_PROVIDER, re.IGNORECASE)


def mask_emails(text: str, note: Note) -> str:
    """Replaces every e-mail address."""

    def replacement(_: re.Match[str]) -> str:
        return note(PersonalData.EMAIL)

    if "@" in text or "＠" in text:
        text = _SIGN.sub(replacement, text)
    if _SPELLED_SIGN.search(text):
        text = _SPELLED.sub(replacement, text)
    if _NAMED_PROVIDER.search(text):
        text = _NO_SIGN.sub(replacement, text)
    return text
