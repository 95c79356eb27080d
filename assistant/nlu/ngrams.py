"""N-gram features of a Vietnamese sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vietnamese.fold import fold_syllable, syllables

MAX_SYLLABLES = 120
"""Features are taken from so many syllables from the start; longer texts add only noise."""


def ngrams(text: str, words: Iterable[str] = ()) -> list[str]:
    """Lists the features of one sentence.

    Syllable n-grams are taken with their diacritics and without them, so that a text whose marks
    were restored wrongly still shares most of its features with its correct form. Character
    n-grams inside a syllable survive typing errors.

    Args:
        text: Restored text in lower case.
        words: The same text as segmented words; those of several syllables become features.

    Returns:
        Feature names, with repetitions removed, in a fixed order.
    """
    marked = syllables(text)[:MAX_SYLLABLES]
    folded = [fold_syllable(s) for s in marked]
    features: dict[str, None] = {}
    for size in (1, 2, 3):
        features.update(dict.fromkeys(_joined("m", marked, size)))
        features.update(dict.fromkeys(_joined("f", folded, size)))
    for syllable in folded:
        padded = f"^{syllable}$"
        for start in range(len(padded) - 2):
            features[f"c:{padded[start : start + 3]}"] = None
    for word in words:
        if " " in word:
            features[f"w:{word.lower()}"] = None
    if folded:
        features[f"start:{folded[0]}"] = None
        features[f"end:{folded[-1]}"] = None
    features[f"length:{min(len(folded), 24) // 3}"] = None
    if "?" in text:
        features["question_mark"] = None
    return list(features)


def _joined(prefix: str, parts: Sequence[str], size: int) -> list[str]:
    return [f"{prefix}{size}:{' '.join(parts[i : i + size])}" for i in range(len(parts) - size + 1)]
