"""Makes the pairs that the encoder learns from: a question, the right phrase, a wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from knowledge_base.search.lexical import gram_postings
from knowledge_base.search.outside import Outside
from knowledge_base.search.phrases import Phrase, short_name
from knowledge_base.search.text import folded_words, gram_terms
from knowledge_base.search.training.generate import Wording, disturb, drop_words

_OUTSIDE_TIMES = 6

SIBLINGS = 12
"""Procedures with the most similar names, from which a wrong phrase is taken."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One training row.

    Attributes:
        anchor: A question.
        positive: A phrase of the procedure asked about.
        negative: A phrase of a similar procedure.
        owner: Position of the procedure asked about.
    """

    anchor: str
    positive: str
    negative: str
    owner: int


def siblings(phrases: Sequence[Phrase], count: int = SIBLINGS) -> list[list[int]]:
    """Finds the procedures with the most similar official names.

    Args:
        phrases: Phrases of a catalogue, official names first.
        count: Number of procedures to return for each.

    Returns:
        Positions by procedure, most similar first, without those whose short name is the same.
    """
    names = [phrase for phrase in phrases if phrase.official]
    short = [" ".join(folded_words(short_name(phrase.text))) for phrase in names]
    index = gram_postings(names)
    found: list[list[int]] = []
    for row, phrase in enumerate(names):
        matched = index.match(gram_terms(folded_words(phrase.text)))
        scores = index.visit(matched, budget=1_000_000).scores
        order = np.argsort(-scores, kind="stable")[: count * 3]
        others = [int(other) for other in order if other != row and short[other] != short[row]]
        found.append(others[:count])
    return found


def make_pairs(
    phrases: Sequence[Phrase],
    wording: Wording,
    outside: Sequence[Outside],
    seed: int,
    each: int,
) -> list[Pair]:
    """Makes training rows from the phrases of a catalogue.

    Args:
        phrases: Phrases of a catalogue, official names first.
        wording: Templates.
        outside: What no procedure answers; each topic is kept together and apart from them all.
        seed: Seed of the choice; the same seed makes the same rows.
        each: Rows for a procedure; those with more phrases get more.

    Returns:
        Rows in random order.
    """
    rng = Random(seed)
    count = sum(phrase.official for phrase in phrases)
    official = [phrases[owner].text for owner in range(count)]
    said: list[list[str]] = [[] for _ in range(count)]
    for phrase in phrases[count:]:
        said[phrase.owner].append(phrase.text)
    near = siblings(phrases)
    pairs: list[Pair] = []
    for owner in range(count):
        for _ in range(each + 4 * len(said[owner])):
            anchor, positive = _draw(official[owner], said[owner], wording, rng)
            other = rng.choice(near[owner]) if near[owner] else rng.randrange(count)
            wrong = [official[other].lower(), *said[other]]
            pairs.append(Pair(disturb(anchor, rng), positive, rng.choice(wrong), owner))
    topics: dict[str, list[str]] = {}
    for other_phrase in outside:
        topics.setdefault(other_phrase.topic, []).append(other_phrase.text)
    for number, texts in enumerate(topics.values()):
        for text in texts * _OUTSIDE_TIMES:
            anchor = wording.ask(text, rng, formal=False) if rng.random() < 0.2 else text
            other_name = official[rng.randrange(count)].lower()
            pairs.append(Pair(disturb(anchor, rng), rng.choice(texts), other_name, count + number))
    rng.shuffle(pairs)
    return pairs


def _draw(name: str, said: Sequence[str], wording: Wording, rng: Random) -> tuple[str, str]:
    """Draws a question and a phrase of one procedure that it is not made from."""
    short = short_name(name).lower()
    if said and rng.random() < 0.65:
        source = rng.choice(said)
        rest = [phrase for phrase in said if phrase is not source]
        positive = rng.choice(rest) if rest and rng.random() < 0.5 else name.lower()
        text = drop_words(source, rng, 0.15) if rng.random() < 0.5 else source
        return wording.ask(text, rng, formal=False), positive
    text = wording.paraphrase(short, rng) if rng.random() < 0.6 else short
    text = drop_words(text, rng, rng.choice((0.0, 0.15, 0.3)))
    positive = rng.choice(said) if said and rng.random() < 0.3 else name.lower()
    return wording.ask(text, rng, formal=rng.random() < 0.5), positive
