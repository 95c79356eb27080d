"""Restores diacritics and corrects spelling: one Viterbi search over a lattice of syllables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vietnamese.confusions import Neighbours, mark_cost
from vietnamese.fold import fold_syllable
from vietnamese.ngrams import BOUNDARY, NUMBER, UNKNOWN, Floats, Ids, NgramModel
from vietnamese.syllable import parse, place_tone

_WINDOW: Final = 64
_KEPT: Final = 4
_MARGIN: Final = 9.0
_TOP: Final = 8
_NATURALLY_PLAIN: Final = 0.4
_LEAST_DROP: Final = 0.005
_HALF_MARKED: Final = 5.5
_RARE: Final = 9.0
_UNKNOWN: Final = 4.0
_UNKNOWN_LETTER: Final = 0.8
_UNKNOWN_LIKE: Final = 3.0
_REAL_WORD: Final = 2.0
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


@dataclass(slots=True)
class _Cell:
    """Candidates of one slot: ids, costs and what is written for each."""

    ids: Ids
    costs: Floats
    texts: list[str]


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
        self._groups: dict[str, tuple[Ids, list[str]]] = {}

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
        spans = [(range(i, i + 1), [slot]) for i, slot in enumerate(slots)]
        texts, score = self.restore(slots)
        for i, slot in enumerate(slots):
            if slot.fixed_id >= 0 or slot.guarded or self.knows(fold_syllable(slot.text)):
                continue
            for span, new in self._regroupings(slots, i):
                if any(
                    span.start < s.stop and s.start < span.stop and len(s) > 1 for s, _ in spans
                ):
                    continue
                trial = [s for s in spans if s[0].stop <= span.start]
                trial += [(span, new)]
                trial += [s for s in spans if s[0].start >= span.stop]
                trial_texts, trial_score = self.restore([x for _, part in trial for x in part])
                if trial_score > score:
                    spans, texts, score = trial, trial_texts, trial_score
        out = []
        at = 0
        for span, part in spans:
            out.append((span, texts[at : at + len(part)]))
            at += len(part)
        return out

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
        drop = _drop_cost(slots)
        out: list[str] = []
        total = 0.0
        for start in range(0, len(slots), _WINDOW):
            texts, score = self._window(slots[start : start + _WINDOW], drop, correct)
            out.extend(texts)
            total += score
        return out, total

    def _window(self, slots: list[Slot], drop: float, correct: bool) -> tuple[list[str], float]:
        edge = _Cell(np.array([BOUNDARY]), np.zeros(1, dtype=np.float32), [""])
        cells = [edge, *(self._cell(slot, drop) for slot in slots), edge]
        scores, places = self._pair_scores(cells)
        marginals = _marginals(cells, scores)
        if correct:
            best = [int(np.argmax(m)) for m in marginals]
            widened = False
            for i, slot in enumerate(slots, start=1):
                if self._is_doubtful(slot, i, best, cells, places):
                    widened = self._widen(slot, i, best, cells, drop) or widened
            if widened:
                scores, places = self._pair_scores(cells)
                marginals = _marginals(cells, scores)
        chosen, score = self._trigram_path(cells, scores, places, marginals)
        return [cell.texts[c] for cell, c in zip(cells[1:-1], chosen[1:-1], strict=True)], score

    def _group(self, letters: str) -> tuple[Ids, list[str]] | None:
        """Gives the candidates with these letters, those far too rare left out."""
        found = self._groups.get(letters)
        if found is None:
            span = self._model.groups.get(letters)
            if span is None:
                return None
            scores = self._model.unigram[span.start : span.stop]
            kept = np.flatnonzero(scores > scores.max() - _RARE) + span.start
            found = (kept.astype(np.int64), [self._model.words[i] for i in kept])
            self._groups[letters] = found
        return found

    def _cell(self, slot: Slot, drop: float) -> _Cell:
        if slot.fixed_id >= 0:
            return _Cell(np.array([slot.fixed_id]), np.zeros(1, dtype=np.float32), [slot.text])
        own = self._model.index.get(slot.text, UNKNOWN)
        if slot.guarded and own != UNKNOWN:
            return _Cell(np.array([own]), np.zeros(1, dtype=np.float32), [slot.text])
        plain = slot.text.isascii()
        adding = drop if plain else min(_HALF_MARKED, drop + 2.0)
        group = self._group(fold_syllable(slot.text))
        ids: list[int] = []
        costs: list[float] = []
        texts: list[str] = []
        if group is not None:
            for place, word in zip(*group, strict=True):
                cost = 0.0 if word == slot.text else mark_cost(slot.text, word, adding)
                if cost <= adding:
                    ids.append(int(place))
                    costs.append(cost)
                    texts.append(word)
        if own == UNKNOWN or own not in ids:
            ids.append(own)
            costs.append(0.0 if own != UNKNOWN else self._unknown_cost(slot))
            texts.append(slot.text)
        return _Cell(np.array(ids), np.array(costs, dtype=np.float32), texts)

    def _unknown_cost(self, slot: Slot) -> float:
        """Costs a word that is not in the vocabulary, more when it looks like one that is."""
        if slot.guarded:
            return 0.0
        letters = fold_syllable(slot.text)
        like = letters in self._model.groups
        return _UNKNOWN + (_UNKNOWN_LIKE if like else _UNKNOWN_LETTER) * len(letters)

    def _pair_scores(self, cells: list[_Cell]) -> tuple[list[Floats], list[Ids]]:
        """Scores all pairs of neighbouring candidates in one look-up."""
        firsts = [np.repeat(a.ids, len(b.ids)) for a, b in pairwise(cells)]
        seconds = [np.tile(b.ids, len(a.ids)) for a, b in pairwise(cells)]
        flat, where = self._model.pairs(np.concatenate(firsts), np.concatenate(seconds))
        scores: list[Floats] = []
        places: list[Ids] = []
        start = 0
        for a, b in pairwise(cells):
            shape = (len(a.ids), len(b.ids))
            stop = start + shape[0] * shape[1]
            scores.append(flat[start:stop].reshape(shape) - b.costs)
            places.append(where[start:stop].reshape(shape))
            start = stop
        return scores, places

    def _is_doubtful(
        self, slot: Slot, i: int, best: list[int], cells: list[_Cell], places: list[Ids]
    ) -> bool:
        """Tells whether neither neighbour has been seen beside the best reading."""
        if slot.fixed_id >= 0 or slot.guarded:
            return False
        if int(cells[i].ids[best[i]]) == UNKNOWN:
            return True
        left = int(cells[i - 1].ids[best[i - 1]]) > NUMBER and (
            int(places[i - 1][best[i - 1], best[i]]) >= 0
        )
        right = int(cells[i + 1].ids[best[i + 1]]) > NUMBER and (
            int(places[i][best[i], best[i + 1]]) >= 0
        )
        return not (left or right)

    def _widen(self, slot: Slot, i: int, best: list[int], cells: list[_Cell], drop: float) -> bool:
        """Adds the most fitting candidates one slip away from what was typed."""
        letters = fold_syllable(slot.text)
        plain = slot.text.isascii()
        adding = drop if plain else min(_HALF_MARKED, drop + 2.0)
        have = set(cells[i].ids.tolist())
        real = _REAL_WORD if slot.text in self._model.index else 0.0
        ids: list[int] = []
        costs: list[float] = []
        for other, slip in [(letters, 0.0), *self._neighbours.of(letters).items()]:
            group = self._group(other)
            if group is None:
                continue
            for place, word in zip(*group, strict=True):
                if place not in have:
                    cost = real + slip + mark_cost(slot.text, word, adding)
                    if cost < 16.0:
                        ids.append(int(place))
                        costs.append(cost)
        if not ids:
            return False
        new = np.array(ids)
        cost_array = np.array(costs, dtype=np.float32)
        previous = np.full(len(new), cells[i - 1].ids[best[i - 1]])
        following = np.full(len(new), cells[i + 1].ids[best[i + 1]])
        both, _ = self._model.pairs(
            np.concatenate([previous, new]), np.concatenate([new, following])
        )
        fit = both[: len(new)] + both[len(new) :] - cost_array
        top = np.argsort(-fit)[:_TOP]
        cell = cells[i]
        cells[i] = _Cell(
            np.concatenate([cell.ids, new[top]]),
            np.concatenate([cell.costs, cost_array[top]]),
            [*cell.texts, *(self._model.words[int(new[t])] for t in top)],
        )
        return True

    def _trigram_path(
        self,
        cells: list[_Cell],
        scores: list[Floats],
        places: list[Ids],
        marginals: list[Floats],
    ) -> tuple[list[int], float]:
        """Keeps the few best candidates of each slot and finds the best path with trigrams."""
        kept = []
        for m in marginals:
            order = np.argsort(-m)[:_KEPT]
            kept.append(order[m[order] >= m[order[0]] - _MARGIN])
        if all(len(k) == 1 for k in kept):
            path = [int(k[0]) for k in kept]
            return path, float(
                sum(s[a, b] for s, a, b in zip(scores, path[:-1], path[1:], strict=True))
            )
        pair_scores = [s[np.ix_(a, b)] for s, a, b in zip(scores, kept[:-1], kept[1:], strict=True)]
        pair_places = [p[np.ix_(a, b)] for p, a, b in zip(places, kept[:-1], kept[1:], strict=True)]
        triples = self._triple_scores(cells, kept, pair_scores, pair_places)
        state = pair_scores[0]
        back: list[NDArray[np.int64]] = []
        for scored in triples:
            through = state[:, :, None] + scored
            best = through.argmax(axis=0)
            back.append(best)
            state = np.take_along_axis(through, best[None], axis=0)[0]
        last = int(state.argmax())
        b, c = divmod(last, state.shape[1])
        path = [c, b]
        for best in reversed(back):
            path.append(int(best[path[-1], path[-2]]))
        path.reverse()
        return [int(k[p]) for k, p in zip(kept, path, strict=True)], float(state.max())

    def _triple_scores(
        self,
        cells: list[_Cell],
        kept: list[NDArray[np.int64]],
        pair_scores: list[Floats],
        pair_places: list[Ids],
    ) -> list[Floats]:
        """Scores all triples of kept candidates in one look-up, candidate costs included."""
        contexts, thirds, lowers, shapes, costs = [], [], [], [], []
        for i in range(len(kept) - 2):
            shape = (len(kept[i]), len(kept[i + 1]), len(kept[i + 2]))
            cost = cells[i + 2].costs[kept[i + 2]]
            contexts.append(np.broadcast_to(pair_places[i][:, :, None], shape).ravel())
            thirds.append(np.broadcast_to(cells[i + 2].ids[kept[i + 2]], shape).ravel())
            lowers.append(np.broadcast_to(pair_scores[i + 1] + cost, shape).ravel())
            shapes.append(shape)
            costs.append(cost)
        flat = self._model.triples(
            np.concatenate(contexts), np.concatenate(thirds), np.concatenate(lowers)
        )
        out: list[Floats] = []
        start = 0
        for shape, cost in zip(shapes, costs, strict=True):
            stop = start + shape[0] * shape[1] * shape[2]
            out.append(flat[start:stop].reshape(shape) - cost)
            start = stop
        return out


def _drop_cost(slots: list[Slot]) -> float:
    """Estimates from the whole message what a missing diacritic costs.

    About two in five syllables carry none anyway; the more are plain beyond that, the
    likelier it is that the writer leaves diacritics out.
    """
    words = [slot.text for slot in slots if slot.fixed_id < 0]
    if not words:
        return 0.0
    plain = sum(word.isascii() for word in words)
    share = (plain - _NATURALLY_PLAIN * len(words)) / ((1 - _NATURALLY_PLAIN) * len(words))
    return -math.log(min(1.0, max(_LEAST_DROP, share)))


def _marginals(cells: list[_Cell], scores: list[Floats]) -> list[Floats]:
    """Gives, for every candidate, the score of the best path through it."""
    forward = [np.zeros(len(cells[0].ids), dtype=np.float32)]
    for score in scores:
        forward.append((forward[-1][:, None] + score).max(axis=0))
    backward = [np.zeros(len(cells[-1].ids), dtype=np.float32)]
    for score in reversed(scores):
        backward.append((score + backward[-1]).max(axis=1))
    backward.reverse()
    return [f + b for f, b in zip(forward, backward, strict=True)]
