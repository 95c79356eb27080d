"""Measures what importing and finding cost as the catalogue grows: 1, 10 and 100 times.

``python -m evaluation.benchmarks.search_scale [--times 1 --times 10 --times 100]
[--records FILE] [--page docs/scale.md]``

The larger catalogues are synthetic: each packaged record is repeated under new codes, with some
words of its name exchanged for words of other names. Everyday phrases stay with the originals.
``--records`` names a file of page records to import (from the reference data beside the checkout,
where it is there); its rows are repeated in the same way.
"""

from __future__ import annotations

import json
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import click

from knowledge_base.importers.run import run_import
from knowledge_base.schema import Procedure
from knowledge_base.search import Query, Searcher
from knowledge_base.search.everyday import load_everyday
from knowledge_base.store import Catalogue
from vietnamese.fold import fold

_CHANGED = 0.3
_WARM_UP = 20
MOST_IMPORTED = 40_000
"""Imports of more records are not timed: they take many minutes, in proportion to the records."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one size costs.

    Attributes:
        times: Size compared with the packaged catalogue.
        records: Number of procedures.
        import_s: Seconds to import so many raw records, None where none were given.
        build_s: Seconds to build the index.
        load_s: Seconds to load it again from disk.
        index_mb: Its size on disk in megabytes.
        memory_mb: Highest memory of the process so far, building included, in megabytes.
        p50_ms: Median processor time of a question in milliseconds, one core.
        p95_ms: 95th percentile.
    """

    times: int
    records: int
    import_s: float | None
    build_s: float
    load_s: float
    index_mb: float
    memory_mb: float
    p50_ms: float
    p95_ms: float


def enlarge(records: Sequence[Procedure], times: int, seed: int) -> Iterator[Procedure]:
    """Yields the records and ``times - 1`` variations of each."""
    rng = Random(seed)
    words = [word for record in records for word in record.name.split()]
    yield from records
    for number in range((times - 1) * len(records)):
        record = records[number % len(records)]
        yield record.model_copy(
            update={
                "code": f"9.{number:06d}",
                "name": _vary(record.name, words, rng),
                "plain_name": "",
                "aliases": (),
            }
        )


def time_import(raw: Sequence[dict[str, Any]], times: int, seed: int) -> float:
    """Imports page records and ``times - 1`` variations of each; returns seconds."""
    rng = Random(seed)
    words = [word for row in raw for word in row["ten_thu_tuc"].split()]
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "records.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for number in range(times * len(raw)):
                row = raw[number % len(raw)]
                if number >= len(raw):
                    row = {
                        **row,
                        "ma_thu_tuc": f"9.{number - len(raw):06d}",
                        "ten_thu_tuc": _vary(row["ten_thu_tuc"], words, rng),
                        "detail_url": f"{row['detail_url']}?{number}",
                    }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        begun = time.perf_counter()
        run_import([source], Path(name) / "into")
        return round(time.perf_counter() - begun, 2)


def measure(
    records: Sequence[Procedure],
    times: int,
    questions: int,
    seed: int,
    raw: Sequence[dict[str, Any]] = (),
) -> Cost:
    """Imports, builds, saves, loads and queries one size."""
    everyday = load_everyday()
    rng = Random(seed)
    said = [phrase for code in sorted(everyday) for phrase in everyday[code]]
    asked = [rng.choice(said) for _ in range(questions + _WARM_UP)]
    catalogue = list(enlarge(records, times, seed))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        Searcher.build(catalogue, index_dir=folder)
        built = time.perf_counter()
        searcher = Searcher.build(catalogue, index_dir=folder)
        loaded = time.perf_counter()
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        spent: list[float] = []
        for place, text in enumerate(asked):
            query = Query(fold(text) if place % 2 else text)
            start = time.process_time()
            searcher.search(query)
            spent.append((time.process_time() - start) * 1e3)
    spent = sorted(spent[_WARM_UP:])
    return Cost(
        times=times,
        records=len(catalogue),
        import_s=time_import(raw, times, seed) if raw else None,
        build_s=round(built - begun, 2),
        load_s=round(loaded - built, 2),
        index_mb=round(size / 1e6, 1),
        memory_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1),
        p50_ms=round(statistics.median(spent), 2),
        p95_ms=round(spent[int(len(spent) * 0.95)], 2),
    )


def plot(costs: Sequence[Cost], path: Path) -> None:
    """Draws time, size and memory over the number of records."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    records = [cost.records for cost in costs]
    mpl.rcParams["svg.hashsalt"], mpl.rcParams["svg.fonttype"] = "motcua", "none"
    figure, axes = pyplot.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    axes[0].plot(records, [c.p50_ms for c in costs], marker="o", label="p50")
    axes[0].plot(records, [c.p95_ms for c in costs], marker="s", label="p95")
    axes[0].set_ylabel("ms a question, one core")
    imported = [(c.records, c.import_s) for c in costs if c.import_s is not None]
    if imported:
        axes[1].plot(*zip(*imported, strict=True), marker="^", label="import")
    axes[1].plot(records, [c.build_s for c in costs], marker="o", label="index")
    axes[1].plot(records, [c.load_s for c in costs], marker="s", label="load")
    axes[1].set_ylabel("seconds")
    axes[2].plot(records, [c.index_mb for c in costs], marker="o", label="on disk")
    axes[2].plot(records, [c.memory_mb for c in costs], marker="s", label="in memory")
    axes[2].set_ylabel("MB")
    for axis in axes:
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("procedures")
        axis.grid(visible=True, alpha=0.3)
        axis.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


PAGE = """# What a larger catalogue costs

Written by `python -m evaluation.benchmarks.search_scale --page {page}`{given}; do not edit by hand.

The packaged catalogue is 1 time; the larger ones repeat its records under new codes with some words
of their names exchanged. The processor time of a question is that of one core; half of them come
without diacritics, each is a phrase of the everyday lexicon. Memory is the highest of the process,
building included. Importing needs raw page records, which are repeated likewise{missing}.

| times | procedures | import, s | index, s | load, s | index, MB | memory, MB | p50, ms | p95, ms |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

![Cost by size]({picture})
"""


def write_page(costs: Sequence[Cost], page: Path, source: Path | None) -> None:
    """Writes the figures with their picture as a page of the documentation."""
    picture = page.with_suffix("") / "scale.svg"
    plot(costs, picture)
    rows = "\n".join(
        f"| {c.times} | {c.records:,} | {'–' if c.import_s is None else c.import_s} | {c.build_s} "
        f"| {c.load_s} | {c.index_mb} | {c.memory_mb} | {c.p50_ms} | {c.p95_ms} |"
        for c in costs
    )
    text = PAGE.format(
        page=page,
        given=f" with `--records` naming `{source.name}`" if source else "",
        missing=(
            f", up to {MOST_IMPORTED:,} of them: time grows in proportion"
            if source
            else "; it was not measured here"
        ),
        rows=rows,
        picture=picture.relative_to(page.parent),
    )
    page.write_text(text, encoding="utf-8")


def _vary(text: str, words: Sequence[str], rng: Random) -> str:
    return " ".join(rng.choice(words) if rng.random() < _CHANGED else w for w in text.split())


@click.command()
@click.option("--times", type=int, multiple=True, default=(1, 10, 100), show_default=True)
@click.option("--questions", default=300, show_default=True)
@click.option("--seed", default=7, show_default=True)
@click.option(
    "--records",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Page records to import, as JSON lines.",
)
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Markdown page to write; its picture goes into a folder of the same name.",
)
def main(
    times: tuple[int, ...], questions: int, seed: int, source: Path | None, page: Path | None
) -> None:
    """Print one JSON line a size, and write a page with a picture when asked to."""
    records = list(Catalogue.load())
    lines = source.read_text(encoding="utf-8").splitlines() if source else []
    raw = [json.loads(line) for line in lines if line.strip()]
    costs: list[Cost] = []
    for size in times:
        given = raw if size * len(raw) <= MOST_IMPORTED else ()
        costs.append(measure(records, size, questions, seed, given))
        click.echo(json.dumps(asdict(costs[-1])))
    if page is not None:
        write_page(costs, page, source)


if __name__ == "__main__":
    main()
