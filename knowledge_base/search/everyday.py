"""What people call a procedure: everyday names, situations, and questions, by national code.

The lexicon is a folder of YAML files, each a mapping from code to a list of phrases. It is kept
apart from the cards because it also covers procedures that have no card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.loader import CatalogueError, Problem
from knowledge_base.schema import CODE_PATTERN

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - a PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

FOLDER = Path(__file__).resolve().parents[2] / "training_data" / "lexicons" / "everyday_names"
"""Where the lexicon of this distribution stands."""

_SPACES = re.compile(r"\s+")


class _TextLoader(_Loader):
    """Reads every plain scalar as text, so that the code ``1.001193`` never becomes a number."""


_TextLoader.yaml_implicit_resolvers = {}


def load_everyday(folder: Path = FOLDER, *more: Path) -> dict[str, tuple[str, ...]]:
    """Reads the lexicon.

    Args:
        folder: Where the YAML files stand; a missing folder is an empty lexicon.
        more: Further folders of the same form, for example what an office has learned.

    Returns:
        Phrases by national code, in the order of the files, each phrase once a code.

    Raises:
        CatalogueError: A file is not a mapping from codes to lists of phrases.
    """
    paths = [path for one in (folder, *more) for path in _files(one)]
    stamp = tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in paths)
    return dict(_load(stamp))


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(p for p in folder.rglob("*.y*ml") if p.suffix in {".yml", ".yaml"})


@lru_cache(maxsize=4)
def _load(stamp: tuple[tuple[str, int, int], ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    problems: list[Problem] = []
    phrases: dict[str, dict[str, None]] = {}
    for name, _, _ in stamp:
        for code, found in _read(Path(name), problems):
            phrases.setdefault(code, {}).update(dict.fromkeys(found))
    if problems:
        raise CatalogueError(problems)
    return tuple((code, tuple(found)) for code, found in phrases.items())


def _read(path: Path, problems: list[Problem]) -> Iterator[tuple[str, list[str]]]:
    try:
        content: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(Problem(str(path), "", "", f"cannot be read: {error}"))
        return
    if not isinstance(content, dict):
        if content is not None:
            problems.append(Problem(str(path), "", "", "is not a mapping from code to phrases"))
        return
    for code, values in content.items():
        if not CODE_PATTERN.match(str(code)):
            problems.append(Problem(str(path), str(code), "", "is not a national code"))
        elif not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
            problems.append(Problem(str(path), str(code), "", "is not a list of phrases"))
        else:
            yield str(code), [_SPACES.sub(" ", value).strip() for value in values]
