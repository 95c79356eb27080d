"""Restores diacritics and corrects spelling: one Viterbi search over a lattice of syllables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from vietnamese.confusions import Neighbours, mark_difference, marks
from vietnamese.fold import fold_syllable
from vietnamese.lattice import Cell, Lattice
from vietnamese.ngrams import BOUNDARY, NUMBER, UNKNOWN, Floats, Ids, NgramModel
from vietnamese.syllable import parse, parse_letters, place_tone

_WINDOW: Final = 64
_TOP: Final = 8
_NATURALLY_PLAIN: Final = 0.4
_LEAST_DROP: Final = 0.005
_HALF_MARKED: Final = 5.5
_RARE: Final = 9.0
_UNKNOWN: Final = 6.5
_UNKNOWN_LETTER: Final = 1.6
_UNKNOWN_LIKE: Final = 3.0
_REAL_WORD: Final = 2.0
_TIE: Final = 1.0
_NEARBY: Final = 4
_MOST_UNKNOWN: Final = 24
_LIKELY: Final = 96
_REMEMBERED: Final = 8192
_TONELESS_FROM: Final = 3
_TONELESS: Final = 0.3
_MOST_COST: Final = 16.0
_FREE: Final = np.zeros(1, dtype=np.float32)
_EDGE: Final = Cell(np.array([BOUNDARY]), _FREE, ("",))
_Template = tuple[Ids, Floats, Floats, tuple[str, ...]]
_MOST_PARTS: Final = 6
_PARTINGS: Final = 4
_LONGEST_JOINED: Final = 30
_RARE_PART: Final = -11.0
_SHORT_PARTS: Final = frozenset("àáạoôởởyýuaà")


@dataclass(slots=True)
class Slot:
    """One place of the lattice.

    Attributes:
        text: The word as read so far, lower-case, tone mark in its standard place; for a
            number or code, and for a sentence boundary, see ``fixed_id``.
        fixed_id: Id that the model sees and that nothing may change; -1 for a word to read.
        guarded: Whether spelling must not be corrected (names, foreign words).
    """

    text: str
    fixed_id: int = -1
    guarded: bool = False


class _Carelessness(NamedTuple):
    """What leaving diacritics out costs: of a word without any, of one that has some."""

    plain: float
    marked: float

    def of(self, text: str) -> float:
        """Gives the cost for a word."""
        return self.plain if text.isascii() else self.marked


class Restorer:
    """Reads syllables with missing or wrong diacritics and letters.

    Args:
        model: The syllable model.
    """

    def __init__(self, model: NgramModel) -> None:
        self._model = model
        self._neighbours = Neighbours(
            letters
            for letters, ids in model.groups.items()
            if float(model.unigram[ids.start : ids.stop].max()) > -15.5
        )
        self._groups: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {}
        self._template = lru_cache(maxsize=_REMEMBERED)(self._make_template)
        self._slips = lru_cache(maxsize=_REMEMBERED)(self._make_slips)

    def knows(self, letters: str) -> bool:
        """Tells whether some word of the vocabulary is written with these plain letters."""
        return letters in self._model.groups

    def has(self, word: str) -> bool:
        """Tells whether the vocabulary has exactly this word."""
        return word in self._model.index

    def read(self, slots: list[Slot]) -> list[tuple[range, list[str]]]:
        """Reads a message, parting words typed together and joining parts of one word.

        Args:
            slots: The words, numbers and sentence boundaries in order.

        Returns:
            Runs of slots (nearly always of one) with the words that each was read as.
        """
        spans: list[tuple[range, list[Slot]]] = []
        unknown = 0
        i = 0
        while i < len(slots):
            slot = slots[i]
            letters = fold_syllable(slot.text)
            whole = self.knows(letters) and parse_letters(letters) is not None
            span, part = range(i, i + 1), [slot]
            if not (whole or slot.fixed_id >= 0 or slot.guarded) and unknown < _MOST_UNKNOWN:
                unknown += 1
                span, part = self._regroup(slots, i, bool(spans) and len(spans[-1][0]) == 1)
            if span.start < i:
                spans.pop()
            spans.append((span, part))
            i = span.stop
        texts, _ = self.restore([slot for _, part in spans for slot in part])
        out = []
        at = 0
        for span, part in spans:
            out.append((span, texts[at : at + len(part)]))
            at += len(part)
        return out

    def _regroup(self, slots: list[Slot], i: int, alone: bool) -> tuple[range, list[Slot]]:
        """Chooses how to read an unknown word: whole, in parts, or with a neighbour.

        Args:
            slots: The message.
            i: The place of the word.
            alone: Whether the word before is still free to be joined.
        """
        low, high = max(0, i - _NEARBY), min(len(slots), i + 1 + _NEARBY)
        best = range(i, i + 1), [slots[i]]
        _, score = self.restore(slots[low:high])
        for span, part in self._regroupings(slots, i):
            if span.start < i and not alone:
                continue
            _, trial = self.restore([*slots[low : span.start], *part, *slots[span.stop : high]])
            if trial > score:
                best, score = (span, part), trial
        return best

    def _regroupings(self, slots: list[Slot], i: int) -> list[tuple[range, list[Slot]]]:
        """Lists ways to part an unknown word or to join it with a neighbour."""
        found: list[tuple[range, list[Slot]]] = []
        text = slots[i].text
        for parts in self._partings(text, _MOST_PARTS)[:_PARTINGS]:
            found.append((range(i, i + 1), [Slot(part) for part in parts]))
        for start in (i - 1, i):
            if start < 0 or start + 1 >= len(slots):
                continue
            one, other = slots[start], slots[start + 1]
            if max(one.fixed_id, other.fixed_id) >= 0 or one.guarded or other.guarded:
                continue
            word = place_tone(one.text + other.text)
            if self.knows(fold_syllable(word)) and (word.isascii() or parse(word) is not None):
                found.append((range(start, start + 2), [Slot(word)]))
        return found

    def _partings(self, text: str, most: int) -> list[list[str]]:
        """Parts a run of letters into known syllables, the likeliest first."""
        best: list[list[tuple[float, list[str]]]] = [[(0.0, [])]]
        for stop in range(1, min(len(text), _LONGEST_JOINED) + 1):
            here: list[tuple[float, list[str]]] = []
            for start in range(max(0, stop - 7), stop):
                piece = place_tone(text[start:stop])
                if not piece.isascii() and parse(piece) is None:
                    continue
                span = self._model.groups.get(fold_syllable(piece))
                if span is None:
                    continue
                weight = float(self._model.unigram[span.start : span.stop].max())
                if weight < _RARE_PART or (stop - start == 1 and piece not in _SHORT_PARTS):
                    continue
                here.extend(
                    (score + weight, [*parts, piece])
                    for score, parts in best[start]
                    if len(parts) < most
                )
            here.sort(key=lambda item: -item[0])
            best.append(here[:_PARTINGS])
        if len(text) > _LONGEST_JOINED:
            return []
        return [parts for _, parts in best[-1] if len(parts) > 1]

    def restore(self, slots: list[Slot], *, correct: bool = True) -> tuple[list[str], float]:
        """Reads a message.

        Args:
            slots: The words, numbers and sentence boundaries in order.
            correct: Whether spelling may be corrected; otherwise only diacritics are added.

        Returns:
            One text for each slot, and the log probability of the reading.
        """
        drop = _carelessness(slots)
        out: list[str] = []
        total = 0.0
        for start in range(0, len(slots), _WINDOW):
            texts, score = self._window(slots[start : start + _WINDOW], drop, correct)
            out.extend(texts)
            total += score
        return out, total

    def _window(
        self, slots: list[Slot], drop: _Carelessness, correct: bool
    ) -> tuple[list[str], float]:
        cells = [_EDGE, *(self._cell(slot, drop) for slot in slots), _EDGE]
        lattice = Lattice(self._model, cells)
        marginals = lattice.marginals()
        if correct:
            best = [int(m.argmax()) for m in marginals]
            doubtful = [
                i
                for i, slot in enumerate(slots, start=1)
                if slot.fixed_id < 0 and not slot.guarded and _is_doubtful(i, best, cells, lattice)
            ]
            widened = [self._widen(slots[i - 1], i, best, cells, drop) for i in doubtful]
            if any(widened):
                lattice = Lattice(self._model, cells)
                marginals = lattice.marginals()
        path, score = lattice.best_path(marginals)
        return [cell.texts[c] for cell, c in zip(cells[1:-1], path[1:-1], strict=True)], score

    def _group(self, letters: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Gives the candidates with these letters, those far too rare left out."""
        found = self._groups.get(letters)
        if found is None:
            span = self._model.groups.get(letters, range(0))
            scores = self._model.unigram[span.start : span.stop]
            rare = scores.max(initial=-99.0) - _RARE
            kept = tuple(i for i, score in zip(span, scores, strict=True) if score > rare)
            found = (kept, tuple(self._model.words[i] for i in kept))
            self._groups[letters] = found
        return found

    def _cell(self, slot: Slot, drop: _Carelessness) -> Cell:
        if slot.fixed_id >= 0:
            return Cell(np.array([slot.fixed_id]), _FREE, (slot.text,))
        ids, fixed, added, texts = self._template(slot.text, slot.guarded)
        return Cell(ids, fixed + added * np.float32(drop.of(slot.text)), texts)

    def _make_template(self, text: str, guarded: bool) -> _Template:
        """Lists the readings of a word that keep every diacritic typed."""
        own = self._model.index.get(text, UNKNOWN)
        if guarded and own != UNKNOWN:
            return np.array([own]), _FREE, _FREE, (text,)
        ids: list[int] = []
        fixed: list[float] = []
        added: list[bool] = []
        texts: list[str] = []
        for place, word in zip(*self._group(fold_syllable(text)), strict=True):
            cost, adds = mark_difference(text, word)
            if cost == 0.0:
                ids.append(place)
                fixed.append(0.0)
                added.append(adds)
                texts.append(word)
        if own not in ids:
            ids.append(own)
            fixed.append(0.0 if own != UNKNOWN or guarded else self._unknown_cost(text))
            added.append(False)
            texts.append(text)
        return (
            np.array(ids),
            np.array(fixed, dtype=np.float32),
            np.array(added, dtype=np.float32),
            tuple(texts),
        )

    def _unknown_cost(self, text: str) -> float:
        """Costs a word that is not in the vocabulary, more when it looks like one that is."""
        letters = fold_syllable(text)
        like = letters in self._model.groups
        return _UNKNOWN + (_UNKNOWN_LIKE if like else _UNKNOWN_LETTER) * len(letters)

    def _widen(
        self, slot: Slot, i: int, best: list[int], cells: list[Cell], drop: _Carelessness
    ) -> bool:
        """Adds the most fitting candidates one slip away from what was typed."""
        new, fixed, added, texts = self._slips(slot.text)
        if not texts:
            return False
        costs = fixed + added * np.float32(drop.of(slot.text))
        previous = np.full(len(new), cells[i - 1].ids[best[i - 1]])
        following = np.full(len(new), cells[i + 1].ids[best[i + 1]])
        both, _ = self._model.pairs(
            np.concatenate([previous, new]), np.concatenate([new, following])
        )
        fit = both[: len(new)] + both[len(new) :] - costs
        top = np.argsort(-fit)[:_TOP]
        cell = cells[i]
        cells[i] = Cell(
            np.concatenate([cell.ids, new[top]]),
            np.concatenate([cell.costs, costs[top]]),
            (*cell.texts, *(texts[t] for t in top)),
        )
        return True

    def _make_slips(self, text: str) -> _Template:
        """Lists words one slip away that ``_make_template`` does not list."""
        letters = fold_syllable(text)
        real = _REAL_WORD if letters in self._model.groups else 0.0
        have = set(self._template(text, False)[0].tolist())
        found: list[tuple[float, int, float, bool, str]] = []
        for other, slip in ((letters, 0.0), *self._neighbours.of(letters).items()):
            for place, word in zip(*self._group(other), strict=True):
                cost, adds = mark_difference(text, word)
                cost += real + slip
                if place not in have and cost < _MOST_COST:
                    worth = float(self._model.unigram[place]) - cost
                    found.append((worth, place, cost, adds, word))
        found.sort(reverse=True)
        found = found[:_LIKELY]
        return (
            np.array([place for _, place, _, _, _ in found], dtype=np.int64),
            np.array([cost for _, _, cost, _, _ in found], dtype=np.float32),
            np.array([adds for _, _, _, adds, _ in found], dtype=np.float32),
            tuple(word for _, _, _, _, word in found),
        )


def _is_doubtful(i: int, best: list[int], cells: list[Cell], lattice: Lattice) -> bool:
    """Tells whether neither neighbour has been seen beside the best reading."""
    if int(cells[i].ids[best[i]]) == UNKNOWN:
        return True
    for t in (i - 1, i):
        other = t if t < i else t + 1
        if int(cells[other].ids[best[other]]) > NUMBER and lattice.tie(t, best) > _TIE:
            return False
    return True


def _carelessness(slots: list[Slot]) -> _Carelessness:
    """Estimates from the whole message what missing diacritics cost.

    About two in five syllables carry none anyway; the more are plain beyond that, the
    likelier it is that the writer leaves diacritics out. A writer who marks vowels but not
    one tone leaves the tones out.
    """
    words = [slot.text for slot in slots if slot.fixed_id < 0]
    if not words:
        return _Carelessness(0.0, 0.0)
    marked = [word for word in words if not word.isascii()]
    if len(marked) >= _TONELESS_FROM and not any(marks(word)[0] for word in marked):
        return _Carelessness(_TONELESS, _TONELESS)
    plain = len(words) - len(marked)
    share = (plain - _NATURALLY_PLAIN * len(words)) / ((1 - _NATURALLY_PLAIN) * len(words))
    drop = -math.log(min(1.0, max(_LEAST_DROP, share)))
    return _Carelessness(drop, min(_HALF_MARKED, drop + 2.0))
