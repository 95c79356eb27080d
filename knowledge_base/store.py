"""The catalogue in memory: every record that the assistant may answer from, by its code."""

from __future__ import annotations

import gc
import hashlib
import io
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

import zstandard
from pydantic import ValidationError

from knowledge_base import corrections, schema
from knowledge_base.loader import CatalogueError, Problem, card_files, load_cards
from knowledge_base.schema import Procedure, RecordKind

PACKAGED: Final = Path(__file__).resolve().parent / "catalogue"
"""The catalogue that ships with the product."""

CARDS: Final = "cards"
NATIONAL: Final = "national"
IMPORTED: Final = "imported"
LOCAL: Final = "local"

ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"


_LEVEL_IN_BRACKETS = re.compile(r"\s*\([^()]*\bcấp\b[^()]*\)\s*$")


class Catalogue:
    """Procedures by national code, laid over each other folder by folder.

    A folder may hold ``national/index*.jsonl.zst`` (index entries), ``cards/`` (YAML cards),
    ``imported/*.jsonl`` (an office's own official export), ``corrections/`` (see
    :mod:`knowledge_base.corrections`) and ``local/`` (see :mod:`knowledge_base.overlay`). Within
    one folder an import comes before a card and a card before an index entry of the same code; a
    later folder comes before an earlier one. Corrections change what stands below them. An imported
    record keeps the everyday words of the card that it replaces: see :func:`inherit_words`.

    Attributes:
        version: Hash of everything that was read, 16 hexadecimal digits; changes exactly when the
            content does.
        problems: What could not be read; the sound records are there all the same.
        folders: The folders that were read, in order.
    """

    def __init__(
        self,
        records: Iterable[Procedure],
        *,
        version: str = "",
        problems: Iterable[Problem] = (),
        folders: Sequence[Path] = (),
    ) -> None:
        """Holds records; of two with one code the later counts."""
        by_code = {record.code: record for record in records}
        self._by_code: dict[str, Procedure] = dict(sorted(by_code.items()))
        self._families: dict[str, list[Procedure]] = {}
        self._fields: dict[str, list[Procedure]] = {}
        for record in self._by_code.values():
            self._fields.setdefault(record.field, []).append(record)
            if record.family:
                self._families.setdefault(record.family, []).append(record)
        self.version = version or _hash_records(self._by_code.values())
        self.problems = tuple(problems)
        self.folders = tuple(folders)

    @classmethod
    def load(
        cls, folders: Sequence[Path] | None = None, cache_dir: Path | None = None
    ) -> Catalogue:
        """Reads the catalogue.

        Args:
            folders: Folders to lay over each other, the last one on top; None: the packaged one.
            cache_dir: Where compiled cards may be kept between runs; None: nowhere.

        Returns:
            The catalogue with every sound record; what is wrong stands in ``problems``.

        Raises:
            CatalogueError: A folder is missing, or not one record could be read.
        """
        chosen = [PACKAGED] if folders is None else [Path(folder) for folder in folders]
        missing = [folder for folder in chosen if not folder.is_dir()]
        if missing:
            raise CatalogueError(Problem(str(f), "", "", "is not a folder") for f in missing)
        digest = hashlib.sha256(schema_version().encode())
        problems: list[Problem] = []
        top: dict[str, Procedure] = {}
        families: dict[str, str] = {}
        with _collection_paused():
            for folder in chosen:
                for path in index_files(folder):
                    top.update(_by_code(_read_records(path, digest, problems)))
                for card in _read_cards(_cards_folder(folder), cache_dir, digest, problems):
                    top[card.code] = _over_entry(card, top.get(card.code), families)
                for path in imported_files(folder):
                    for code, record in _by_code(_read_records(path, digest, problems)).items():
                        top[code] = inherit_words(record, top.get(code))
                _correct(top, folder, digest, problems)
        if not top:
            raise CatalogueError(
                problems or [Problem(str(folder), "", "", "holds no record") for folder in chosen]
            )
        records = _join_families(top.values(), families)
        return cls(records, version=digest.hexdigest()[:16], problems=problems, folders=chosen)

    def get(self, code: str) -> Procedure | None:
        """Returns the record of a code, or None."""
        return self._by_code.get(code)

    def __getitem__(self, code: str) -> Procedure:
        return self._by_code[code]

    def __iter__(self) -> Iterator[Procedure]:
        """Yields every record in the order of the codes."""
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def fields(self) -> dict[str, int]:
        """Returns the official fields with their number of records, most records first."""
        counts = Counter({name: len(records) for name, records in self._fields.items()})
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def in_field(self, name: str) -> tuple[Procedure, ...]:
        """Returns the records of an official field, in the order of the codes."""
        return tuple(self._fields.get(name, ()))

    def family(self, key: str) -> tuple[Procedure, ...]:
        """Returns the codes of one service over its levels; empty for an unknown key."""
        return tuple(self._families.get(key, ()))

    def families(self) -> Mapping[str, Sequence[Procedure]]:
        """Returns every family by its key."""
        return self._families


def inherit_words(record: Procedure, replaced: Procedure | None) -> Procedure:
    """Gives an imported record the everyday words of the card that it replaces.

    An official export carries facts but no words that citizens use. Without them a procedure would
    become harder to find by being imported. Only words pass over, never a figure.

    Args:
        record: The imported record.
        replaced: What stood there before, if anything.
    """
    if replaced is None:
        return record
    update = {
        name: getattr(replaced, name)
        for name in ("plain_name", "aliases", "family", "separator", "related")
        if not getattr(record, name) and getattr(replaced, name)
    }
    return record.model_copy(update=update) if update else record


def _over_entry(card: Procedure, replaced: Procedure | None, families: dict[str, str]) -> Procedure:
    """Lays a card over an index entry, so that the family of the entry stays one family.

    A card without family takes that of the entry. Where both have one, ``families`` learns that
    the entry's key now means the card's.
    """
    if replaced is None or replaced.kind is RecordKind.CARD or not replaced.family:
        return card
    if card.family:
        families.setdefault(replaced.family, card.family)
        return card
    separator = card.separator or replaced.separator
    return card.model_copy(update={"family": replaced.family, "separator": separator})


def _join_families(
    records: Iterable[Procedure], families: Mapping[str, str]
) -> Iterator[Procedure]:
    """Renames the families of index entries; where several become one, names tell them apart."""
    joined = Counter(families.values())
    for record in records:
        key = families.get(record.family)
        if not key:
            yield record
            continue
        update = {"family": key}
        if joined[key] > 1:
            name = _LEVEL_IN_BRACKETS.sub("", record.name)
            update["separator"] = ", ".join(filter(None, (name, record.separator)))
        yield record.model_copy(update=update)


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Pauses the garbage collector while many objects are made that all stay; halves the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def index_files(folder: Path) -> list[Path]:
    """Returns the files of index entries of a catalogue folder."""
    return sorted((folder / NATIONAL).glob("index*.jsonl*"))


def imported_files(folder: Path) -> list[Path]:
    """Returns the files that ``motcua import`` wrote into a catalogue folder."""
    return sorted((folder / IMPORTED).glob("*.jsonl*"))


def read_lines(content: bytes) -> Iterator[str]:
    """Yields the lines of a text, compressed with Zstandard or plain.

    Args:
        content: The bytes of the file; UTF-8, with or without a byte order mark.
    """
    if content.startswith(ZSTD_MAGIC):
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)) as stream:
            content = stream.read()
    yield from content.decode("utf-8-sig").splitlines()


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def dump(record: Procedure) -> str:
    """Returns a record as one line of JSON, without what has its default value."""
    return json.dumps(
        record.model_dump(mode="json", exclude_defaults=True),
        ensure_ascii=False,
        separators=(",", ":"),
    )


@lru_cache(maxsize=1)
def schema_version() -> str:
    """Returns a hash of the record schema; compiled records of another schema are not read."""
    described = json.dumps(schema.Procedure.model_json_schema(), sort_keys=True)
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def _cards_folder(folder: Path) -> Path:
    """Returns where cards stand; a folder without the usual parts may hold them directly."""
    parts = (CARDS, NATIONAL, IMPORTED, LOCAL, corrections.FOLDER)
    return folder / CARDS if any((folder / part).is_dir() for part in parts) else folder


def _correct(
    top: dict[str, Procedure], folder: Path, digest: hashlib._Hash, problems: list[Problem]
) -> None:
    """Lays the corrections of a folder over the records that stand below them."""
    paths = list(corrections.correction_files(folder))
    for path in paths:
        digest.update(path.read_bytes())
    found, wrong = corrections.load_corrections(paths)
    problems.extend(wrong)
    for correction, made in corrections.lay_over(found, top.get):
        if isinstance(made, Problem):
            problems.append(made)
        else:
            top[correction.code] = made


def _by_code(records: Iterable[Procedure]) -> dict[str, Procedure]:
    return {record.code: record for record in records}


def _hash_records(records: Iterable[Procedure]) -> str:
    digest = hashlib.sha256()
    for record in records:
        digest.update(dump(record).encode())
    return digest.hexdigest()[:16]


def read_records(path: Path) -> tuple[list[Procedure], list[Problem]]:
    """Reads a file of records as JSON lines, one record a line, compressed or plain.

    Returns:
        The sound records, and a problem for each line that is not; an unreadable file is one.
    """
    problems: list[Problem] = []
    return list(_read_records(path, hashlib.sha256(), problems)), problems


def _read_records(
    path: Path, digest: hashlib._Hash, problems: list[Problem]
) -> Iterator[Procedure]:
    """Reads a file of records as JSON lines; a broken line is reported, the rest is kept."""
    try:
        content = path.read_bytes()
        digest.update(content)
        lines = list(read_lines(content))
    except (OSError, UnicodeDecodeError, zstandard.ZstdError) as error:
        problems.append(Problem(str(path), "", "", f"cannot be read: {error}"))
        return
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield Procedure.model_validate_json(line)
        except ValidationError as error:
            for detail in error.errors():
                where = ".".join(str(part) for part in detail["loc"])
                problems.append(Problem(str(path), f"line {number}", where, detail["msg"]))


def _read_cards(
    folder: Path, cache_dir: Path | None, digest: hashlib._Hash, problems: list[Problem]
) -> list[Procedure]:
    """Reads the cards of a folder, from compiled ones where their sources are unchanged."""
    if not folder.is_dir():
        return []
    content = hashlib.sha256(schema_version().encode())
    for path in card_files(folder):
        content.update(str(path.relative_to(folder)).encode() + b"\0")
        content.update(path.read_bytes())
    key = content.hexdigest()
    digest.update(key.encode())
    compiled = cache_dir / f"cards-{key[:32]}.jsonl" if cache_dir else None
    if compiled is not None and compiled.is_file():
        cards, trouble = read_records(compiled)
        if not trouble:
            return cards
    cards, wrong = load_cards(folder)
    problems.extend(wrong)
    if compiled is not None and not wrong:
        write_atomically(compiled, "".join(f"{dump(card)}\n" for card in cards).encode())
    return cards
