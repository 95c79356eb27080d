"""Where a citizen lives, as far as a message says so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.dialogue.choices import ProvinceChoice
from assistant.dialogue.decisions import Answer
from assistant.dialogue.questions import content
from assistant.dialogue.state import ConversationState, Understanding
from knowledge_base.places import Place, find_place, find_province, possible_places
from knowledge_base.schema import Aspect
from vietnamese.fold import fold

_DEPENDS = frozenset({Aspect.FEES, Aspect.OVERVIEW})
"""What differs from place to place."""

_KINDS = frozenset(
    {
        *("tinh", "thanh", "pho", "tp", "quan", "q", "huyen", "h", "thi", "xa", "tx", "tran", "tt"),
        *("phuong", "p", "x", "dac", "khu", "dao", "cu", "truoc"),
    }
)
_BEFORE = frozenset({"tinh", "tp", "pho", "quan", "huyen", "xa", "tran", "phuong"})
_LEADS = frozenset(
    {"o", "tai", "tinh", "thanh", "pho", "tp", "thi", "ve", "duoi", "ngoai", "trong"}
)
_LONGEST_COMMUNE = 4
_NUMBERED = re.compile(r"[pq]\d{1,2}")
_MOST_FILLERS = 3


def place_of_answer(heard: Understanding, answer: Answer) -> Place | None:
    """Finds the place that a question names, where its answer depends on one."""
    if any(_DEPENDS.intersection(one.aspects or _DEPENDS) for one in answer.found):
        return _place(heard)
    return find_province(heard.text)


def only_a_place(heard: Understanding, state: ConversationState) -> Place | None:
    """Finds the place where a message says no more than where the citizen lives."""
    place = _place(heard, asked=_was_asked(state))
    return place if place is not None and _says_no_more(heard, place) else None


def possible_provinces(heard: Understanding, state: ConversationState) -> tuple[str, ...]:
    """Finds the provinces that an answer leaves open, where it names a place of several."""
    if not _was_asked(state):
        return ()
    places = possible_places(heard.text) or possible_places(heard.typed)
    return tuple(place.province for place in places if _says_no_more(heard, place))


def without_province(text: str) -> str:
    """Takes the province that a question names out of it, with the commune that stands before.

    No procedure is named after a province, but its words would be looked for like any other.

    Args:
        text: A question, with or without diacritics.

    Returns:
        The question without "ở xã Vĩnh Bảo, Hải Phòng"; as it was where no province is named or
        nothing else is left.
    """
    place = find_province(text)
    if place is None or not place.said:
        return text
    words = text.split()
    plain = [fold(word).strip(",.;:?!") for word in words]
    said = place.said.split()
    starts = range(len(words) - len(said) + 1)
    start = next((at for at in starts if plain[at : at + len(said)] == said), None)
    if start is None:
        return text
    end = start + len(said)
    if start and plain[start - 1] not in _LEADS:  # "xã Vĩnh Bảo Hải Phòng"
        before = range(max(0, start - _LONGEST_COMMUNE), start)
        start = min((at for at in before if plain[at] in _BEFORE), default=start)
    while start and plain[start - 1] in _LEADS:
        start -= 1
    rest = " ".join([*words[:start], *words[end:]])
    return rest if content(rest) else text


def _was_asked(state: ConversationState) -> bool:
    return any(ProvinceChoice.parse(choice.id) for choice in state.pending)


def _says_no_more(heard: Understanding, place: Place) -> bool:
    named = content(heard.text)
    if not named or len(heard.text.split()) > len(named) + _MOST_FILLERS:
        return False
    return all(_belongs(fold(word), place) for word in named)


def _place(heard: Understanding, *, asked: bool = False) -> Place | None:
    return find_place(heard.text, asked=asked) or find_place(heard.typed, asked=asked)


def _belongs(word: str, place: Place) -> bool:
    return word in _KINDS or _NUMBERED.fullmatch(word) is not None or word in _words_of(place)


def _words_of(place: Place) -> Iterable[str]:
    return re.findall(r"[^\W_]+", fold(f"{place.said} {place.full_name} {place.before}"))
