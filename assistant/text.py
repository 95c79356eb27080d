"""What is done to every text before anything reads it."""

from __future__ import annotations

import re
import unicodedata


def clean(text: str) -> str:
    """Removes control and invisible characters and puts a text into Unicode form C."""
    kept = "".join(
        c if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} else " " for c in text
    )
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", kept)).strip()
