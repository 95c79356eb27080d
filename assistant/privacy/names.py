"""Finds names after a title or after "tên là", with capitals or without where it is safe.

With capitals, the words are the name. Without, a name must begin with a Vietnamese surname, and
after a mere title also have ``văn`` or ``thị``, or a surname that is no other word: "chị hồ sơ" is
nobody. Places and offices that look like a title with a name (Bà Rịa, Cô Tô, anh Công an) stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Final

import yaml

from assistant.privacy.kinds import Note, PersonalData
from vietnamese.fold import fold_syllable


class _Strength(Enum):
    SAID = auto()
    """ "tôi tên là": what follows is a name."""
    CALLED = auto()
    """ "tên là", "họ tên", "tôi là": a name follows if it begins with a surname."""
    TITLE = auto()
    """ "ông", "chị", "cán bộ": a name may follow."""
    KIN = auto()
    """ "con", "vợ", "a" for "anh": so common that the name must begin with a surname."""


_SELF: Final = r"(?:tôi|toi|tui|mình|mk|minh|em|cháu|chau|con|bé|be|tớ|vợ|vo|chồng|chong)"
_TITLES: Final = {
    _Strength.SAID: (
        rf"{_SELF}(?:\s(?:tôi|toi|em|mình|minh))? (?:tên|ten)(?: là| la)?"
        rf"|(?:tên|ten) (?:của |cua )?{_SELF}(?: là| la)?"
        r"|(?:cán bộ|can bo|anh|chị|cô|ông|bà|chú|bác|người|con trai|con gái)(?: tôi| em)? tên"
        r"(?: là)?"
    ),
    _Strength.CALLED: (
        r"(?:tên|ten)(?: là| la)?|họ (?:và |& )?tên(?: là)?|ho (?:va )?ten(?: la)?"
        rf"|{_SELF} (?:là|la)"
    ),
    _Strength.TITLE: (
        "ông|ong|bà|ba|anh|chị|chi|cô|co|chú|chu|bác|bac|cụ|cu|thầy|thay|dì|cậu|cau|mợ|em"
        "|đồng chí|dong chi|đ/c|cán bộ|can bo|mr|mrs|ms"
    ),
    _Strength.KIN: (
        "a|c|con trai|con gái|con gai|con|cháu|chau|bé|vợ|chồng|chong|bố|mẹ|cha|má"
        "|công dân|chủ hộ|chu ho"
        "|công chức|nhân viên|chuyên viên|chủ tịch|bí thư|trưởng thôn|trưởng công an|giám đốc"
        "|bác sĩ|luật sư|cô giáo|thầy giáo|đại diện|người yêu cầu|chủ nhà"
    ),
}
_TITLE: Final = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{s.name}>{words})" for s, words in _TITLES.items()) + r")"
    r"(?:\s(?:tôi|toi|em|mình|minh)(?: là| la)?)?\s{0,2}(?::\s{0,2}|\s)(?=[^\W\d_])",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+(?!\w)")
_GAP: Final = re.compile(r"(?:(?<=\b\w)\.|(?<=\b\w\w)\.)?\s(?=[^\W\d_])")

_WORDS: Final[Mapping[str, str]] = yaml.safe_load(
    Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
)
_SURNAMES: Final = frozenset(_WORDS["surnames"].split())
_CLEAR: Final = frozenset(_WORDS["clear_surnames"].split())
_PLAIN_SURNAMES: Final = frozenset(map(fold_syllable, _SURNAMES)) | {"ng"}
_MIDDLE: Final = frozenset(_WORDS["middle"].split())
_STOP: Final = frozenset(_WORDS["stop"].split())
_NOT_FIRST: Final = frozenset(_WORDS["not_first"].split())
_HARD_STOP: Final = frozenset(_WORDS["hard_stop"].split())
_PLACES: Final = frozenset(_WORDS["places"].split(", "))
_COMPOUNDS: Final = frozenset(_WORDS["compounds"].split())


def mask_names(text: str, note: Note) -> str:
    """Replaces names; the title before them stays."""
    parts: list[str] = []
    done = 0
    for match in _TITLE.finditer(text):
        if match.start() < done:
            continue
        end = _name_end(text, match)
        if end is not None:
            parts += [text[done : match.end()], note(PersonalData.NAME)]
            done = end
    return "".join(parts) + text[done:] if parts else text


def _name_end(text: str, match: re.Match[str]) -> int | None:
    """Where the name after a title ends; None where none follows."""
    strength = _Strength[str(match.lastgroup)]
    title = match.group().rstrip(" :")
    words = _words(text, match.end())
    if not words:
        return None
    first = words[0].group()
    if strength in {_Strength.TITLE, _Strength.KIN}:
        # "anh Sơn" is somebody, "Anh Sơn" is a place
        mere = strength is _Strength.TITLE and title[0].islower() and first[0].isupper()
        if not mere and f"{title} {first}".lower() in _PLACES:
            return None
        before = text[max(0, match.start() - 12) : match.start()].split()
        if before and before[-1].lower() in _COMPOUNDS:
            return None
    shouted = len(first) > 1 and first.isupper()
    if first[0].isupper() and not shouted:
        return _capitalised(words, strength, title)
    return _plain(words, strength, explicit=":" in match.group())


def _capitalised(words: Sequence[re.Match[str]], strength: _Strength, title: str) -> int | None:
    name: list[re.Match[str]] = []
    for number, word in enumerate(words):
        said = word.group()
        if said in _MIDDLE and number == 1 and words[2:] and words[2].group()[0].isupper():
            name.append(word)  # Trần văn Bình
            continue
        common = said.lower() in _STOP and not _is_given(name, said)
        if not said[0].isupper() or (common and (name or not _begins_name(words))):
            break
        name.append(word)
    if not name or name[0].group().lower() in _NOT_FIRST - _SURNAMES:
        return None
    accepted = strength is _Strength.SAID
    if len(name) > 1 and (_is_surname(name[0].group()) or strength is _Strength.TITLE):
        accepted = accepted or title.islower() or _is_surname(name[0].group())
    elif strength is _Strength.TITLE and name[0].group().lower() not in _NOT_FIRST:
        # "Chị Lan nói" is about somebody; "Chị Xem Giúp Em" is a manner of writing
        following = words[len(name) :]
        accepted = title.islower() or bool(following and following[0].group()[0].islower())
    return name[-1].end() if accepted else None


def _plain(words: Sequence[re.Match[str]], strength: _Strength, explicit: bool) -> int | None:
    """Judges words without capitals, or a text that is all capitals."""
    said = [word.group().lower() for word in words]
    if not _is_surname(said[0]) or len(said) < 2:
        return None
    if said[1] in _MIDDLE and len(said) > 2 and said[2] not in _HARD_STOP:
        least = 3
    elif strength is _Strength.SAID or explicit:
        least = 2
    elif said[0] in _CLEAR and len(said) > 2 and not _STOP & set(said[1:3]):
        least = 3
    elif strength is _Strength.CALLED and said[0] in _CLEAR:
        least = 2
    else:
        return None
    if least == 2 and said[1] in _STOP:
        return None
    end = least
    while end < min(len(said), 4) and said[end] not in _STOP:
        end += 1
    return words[end - 1].end()


def _is_surname(word: str) -> bool:
    lowered = word.lower()
    return lowered in _SURNAMES or (lowered.isascii() and lowered in _PLAIN_SURNAMES)


def _begins_name(words: Sequence[re.Match[str]]) -> bool:
    """Whether the first of these words is a surname that also is a common word, like Hồ."""
    first, second = (word.group() for word in words[:2]) if len(words) > 1 else ("", "")
    if not _is_surname(first) or not second[0].isupper() or second.lower() == "sơ":
        return False
    return not first.isascii() or second.lower() not in _STOP


def _is_given(name: Sequence[re.Match[str]], word: str) -> bool:
    """Whether a word that also is a common one stands where a given name does."""
    initial = len(word) == 1 and (word.isascii() or word == "Đ")
    usable = initial or word != word.upper()
    return bool(name) and len(name) < 4 and _is_surname(name[0].group()) and usable


def _words(text: str, start: int) -> list[re.Match[str]]:
    """Up to five words with single spaces between."""
    words: list[re.Match[str]] = []
    while len(words) < 5:
        word = _WORD.match(text, start)
        if word is None:
            break
        words.append(word)
        gap = _GAP.match(text, word.end())
        if gap is None:
            break
        start = gap.end()
    return words
