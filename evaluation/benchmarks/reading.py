"""Measures how well and how fast the reader reads each manner of writing.

Run ``python -m evaluation.benchmarks.reading --help``. Sets:

- ``everyday``: questions written by hand and looked at while the reader was tuned;
- ``unseen``: questions written by hand whose errors were never looked at;
- ``templates``: made from frames that training never uses;
- ``legal`` and ``wiki``: lines of the corpora held out from training (need the corpora).

The baseline gives every syllable the commonest word with its letters.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import click
from rapidfuzz.distance import Levenshtein

from vietnamese.corpus import is_held_out, is_vietnamese, read_lines
from vietnamese.everyday import Speech
from vietnamese.fold import fold_syllable
from vietnamese.lexicon import Lexicon
from vietnamese.ngrams import NgramModel
from vietnamese.noise import MANNERS
from vietnamese.reader import LEXICONS, MODELS, Reader
from vietnamese.syllable import place_tone
from vietnamese.text import clean, tokenise

_TESTS: Final = Path(__file__).parents[2] / "tests" / "vietnamese"
EVERYDAY: Final = _TESTS / "everyday.txt"
UNSEEN: Final = _TESTS / "everyday_test.txt"
_SEED: Final = 7
_MOST_WORDS: Final = 40


@dataclass(frozen=True)
class Result:
    """Figures for one set in one manner of writing.

    Attributes:
        questions: Texts read.
        syllables: Words of the clean texts.
        right: Share of syllables read right, insertions counted against it.
        baseline: The same for the unigram baseline.
        untouched: The same for the text as typed.
        whole: Share of texts read without any error.
        p50_ms: Median processor time for one text, milliseconds.
        p95_ms: 95th percentile.
    """

    set: str
    manner: str
    questions: int
    syllables: int
    right: float
    baseline: float
    untouched: float
    whole: float
    p50_ms: float
    p95_ms: float


def words(text: str) -> list[str]:
    """Gives the words and numbers of a text, lower-case, tone marks in their place."""
    return [place_tone(t.text) for t in tokenise(clean(text)) if t.kind != "mark"]


class Unigram:
    """Restores each syllable to the commonest word with its letters.

    Args:
        model: Where the frequencies come from.
    """

    def __init__(self, model: NgramModel) -> None:
        self._best = {
            letters: model.words[max(ids, key=lambda i: float(model.unigram[i]))]
            for letters, ids in model.groups.items()
        }

    def read(self, text: str) -> list[str]:
        """Restores a text word by word; marked words stay."""
        return [
            self._best.get(fold_syllable(word), word) if word.isascii() else word
            for word in words(text)
        ]


def measure(
    name: str,
    texts: Sequence[str],
    manner: str,
    write: Callable[[str, int], str],
    reader: Reader,
    baseline: Unigram,
) -> Result:
    """Reads all texts in one manner of writing and compares with the clean texts."""
    total = errors = base_errors = typed_errors = whole = 0
    times: list[float] = []
    for number, text in enumerate(texts):
        expected = words(text)
        typed = write(text, _SEED + number)
        start = time.thread_time()
        reading = reader.read(typed)
        times.append((time.thread_time() - start) * 1e3)
        wrong = Levenshtein.distance(expected, words(reading.restored))
        total += len(expected)
        errors += wrong
        whole += wrong == 0
        base_errors += Levenshtein.distance(expected, baseline.read(typed))
        typed_errors += Levenshtein.distance(expected, words(typed))
    return Result(
        set=name,
        manner=manner,
        questions=len(texts),
        syllables=total,
        right=1 - errors / total,
        baseline=1 - base_errors / total,
        untouched=1 - typed_errors / total,
        whole=whole / len(texts),
        p50_ms=statistics.median(times),
        p95_ms=sorted(times)[int(0.95 * (len(times) - 1))],
    )


def held_out_lines(corpora: Path, name: str, count: int) -> list[str]:
    """Draws held-out lines of one corpus, long ones cut to forty words."""
    lines = [
        " ".join(line.split()[:_MOST_WORDS])
        for path in sorted(corpora.glob(f"{name}*"))
        for line in read_lines(path)
        if is_held_out(line) and is_vietnamese(line)
    ]
    return random.Random(_SEED).sample(lines, min(count, len(lines)))


def plain_reader() -> Reader:
    """Loads the reader without the dialect lexicon, which rewords what is right."""
    reader = Reader.load()
    return reader.with_dialect(Lexicon({}))


@click.command()
@click.option(
    "--corpora",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the corpora; without it those sets are left out.",
)
@click.option("--count", default=1000, show_default=True, help="Texts a set, at most.")
@click.option("--manner", "only", multiple=True, help="Only these manners of writing.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file for the figures.",
)
def main(corpora: Path | None, count: int, only: tuple[str, ...], output: Path | None) -> None:
    """Print accuracy and time of reading, beside a unigram baseline in the same run."""
    start = time.perf_counter()
    reader = plain_reader()
    click.echo(f"loaded in {time.perf_counter() - start:.3f} s")
    baseline = Unigram(NgramModel.load(MODELS / "syllables.npz"))
    speech = Speech.load(LEXICONS / "speech.yml")
    sets = {
        "everyday": EVERYDAY.read_text(encoding="utf-8").splitlines(),
        "unseen": UNSEEN.read_text(encoding="utf-8").splitlines(),
        "templates": list(speech.questions(count, _SEED, held_out=True)),
    }
    if corpora is not None:
        for name in ("legal", "wiki"):
            sets[name] = held_out_lines(corpora, name, count)
    sets = {name: texts for name, texts in sets.items() if texts}
    manners: dict[str, Callable[[str, int], str]] = {"clean": lambda text, seed: text, **MANNERS}
    click.echo(
        f"{'set':10}{'manner':28}{'syll.':>7}{'right':>8}{'unigram':>9}{'typed':>8}"
        f"{'whole':>8}{'p50 ms':>8}{'p95 ms':>8}"
    )
    results = []
    for name, texts in sets.items():
        for manner, write in manners.items():
            if only and manner not in only:
                continue
            r = measure(name, texts, manner, write, reader, baseline)
            results.append(r)
            click.echo(
                f"{name:10}{manner:28}{r.syllables:7}{r.right:8.2%}{r.baseline:9.2%}"
                f"{r.untouched:8.2%}{r.whole:8.1%}{r.p50_ms:8.2f}{r.p95_ms:8.2f}"
            )
    if output is not None:
        rows = [asdict(r) for r in results]
        output.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
