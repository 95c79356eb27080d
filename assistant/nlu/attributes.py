"""Names under which our NLU components leave things on a Rasa message."""

from __future__ import annotations

from typing import Final

READING: Final = "motcua_reading"
"""The :class:`vietnamese.reader.Reading` of the message."""

ASPECTS: Final = "motcua_aspects"
"""``[(aspect, probability), …]``, best first."""

ASKS: Final = "motcua_asks"
"""Probability that the message asks for some aspect rather than only naming a wish."""

TYPED: Final = "motcua_typed"
"""The text as typed, normalised but not restored."""

FEATURES: Final = "motcua_features"
"""Sparse sentence features, a ``1 × n`` matrix shared by our classifiers."""
