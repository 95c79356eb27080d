"""Everyday names of procedures, as material for training."""

from __future__ import annotations

import random

from assistant.settings import PACKAGED_CATALOGUE
from knowledge_base.loader import load_cards


def everyday_phrases(limit: int, seed: int = 7) -> list[str]:
    """Draws everyday names from the cards and the reviewed lexicon.

    Args:
        limit: At most so many phrases.
        seed: Makes the draw repeatable.

    Returns:
        Phrases in lower case, in an order fixed by the seed.
    """
    from knowledge_base.search.everyday import load_everyday

    phrases = {
        alias.lower()
        for card in load_cards(PACKAGED_CATALOGUE / "cards")[0]
        for alias in card.aliases
    }
    for names in load_everyday().values():
        phrases.update(name.lower() for name in names)
    drawn = sorted(phrases)
    random.Random(seed).shuffle(drawn)
    return drawn[:limit]
