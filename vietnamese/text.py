"""Cleans typed text and cuts it into tokens."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

WORD: Final = "word"
"""Kind of a token that may be read as Vietnamese."""
CODE: Final = "code"
"""Kind of a token that passes untouched: number, legal number, address, procedure code."""
MARK: Final = "mark"
"""Kind of a punctuation token."""

_TOKEN = re.compile(
    r"""
      (?P<code>
          (?:https?://|www\.)\S+
        | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
        | [a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:vn|com|net|org)\b(?:/\S*)?
        | \d+(?:[./:,-]\d+)*/[^\W\d_]+(?:[-/.][^\W_]+)*
        | \d+(?:[./:,-]\d+)*\.[^\W\d_]{1,4}(?:\.\d+)+
        | \d+(?:[./:,-]\d+)+(?![^\W_])
        | [A-ZĐ]{1,6}\d{0,3}(?:[-/][A-ZĐ\d]+)+(?![^\W_])
        | \d+(?![^\W_])
      )
    | (?P<word>[^\W_]+)
    | (?P<mark>[?!.,;:()/%"])
    """,
    re.VERBOSE,
)
_EMOTICON = re.compile(
    r"(?<!\w)(?:[:;=xX]['-]?[)(DdPpVv3]+|\^[_.]*\^|T[_.]T|<3|=[)(]+|:[vV3])(?!\w)"
)
_RUN = re.compile(r"(.)\1{2,}", re.DOTALL)
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_KEPT_CONTROLS = frozenset("\n\t")


@dataclass(slots=True)
class Token:
    """One token on its way through the reader.

    Attributes:
        typed: The characters as typed (normal form C).
        text: The present reading, lower-case.
        kind: ``WORD``, ``CODE`` or ``MARK``.
        capital: Whether it was typed with a capital first letter.
        first: Whether it opens a sentence, where a capital says nothing.
        fixed: Whether its reading is decided, so that nothing corrects it.
    """

    typed: str
    text: str
    kind: str
    capital: bool = False
    first: bool = False
    fixed: bool = False


def clean(text: str) -> str:
    """Puts a text into normal form C and removes what cannot be seen.

    Control characters, zero-width characters, direction marks, unpaired surrogates and
    private-use characters go; line ends and tabs stay; other spaces become plain ones.
    """
    kept = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category[0] == "Z":
            kept.append(" " if category == "Zs" else "\n")
        elif category[0] != "C" or character in _KEPT_CONTROLS:
            kept.append(character)
    return "".join(kept).strip()


def tokenise(text: str) -> list[Token]:
    """Cuts a cleaned text into tokens; emoji, emoticons and ornaments are left out.

    Punctuation that is repeated is kept once.
    """
    tokens: list[Token] = []
    first = True
    for match in _TOKEN.finditer(_EMOTICON.sub(" ", text)):
        typed = match.group()
        kind = match.lastgroup or WORD
        if kind == MARK:
            if tokens and tokens[-1].kind == MARK and tokens[-1].typed == typed:
                continue
            tokens.append(Token(typed, typed, MARK))
            first = first or typed in ".?!"
            continue
        tokens.append(Token(typed, typed.lower(), kind, typed[:1].isupper(), first))
        first = False
    return tokens


def squeeze(word: str) -> str:
    """Shortens every run of three or more equal letters to one (``nhiêuuuu``).

    Roman numerals keep theirs.
    """
    return word if _ROMAN.fullmatch(word) else _RUN.sub(r"\1", word)


def join(texts: list[str]) -> str:
    """Joins token texts with spaces, without one before closing punctuation."""
    out: list[str] = []
    glue = True
    for text in texts:
        if not text:
            continue
        if text in "?!.,;:)%" or glue:
            out.append(text)
        else:
            out.append(" " + text)
        glue = text in '(/"'
    return "".join(out)
