"""Communes and districts by name, those from before the mergers of July 2025 included.

The table comes with underthesea (``underthesea/address/data/mapping.json``). It is read at the
first question that names one, and without importing underthesea itself, whose other functions
would load hundreds of megabytes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from vietnamese.fold import fold

_KINDS: Final = {
    "phường": "phuong", "phuong": "phuong", "p": "phuong", "xã": "xa", "xa": "xa",
    "thị trấn": "thi tran", "thi tran": "thi tran", "tt": "thi tran", "đặc khu": "dac khu",
    "dac khu": "dac khu",
}  # fmt: skip
_DISTRICT_KINDS: Final = {
    "quận": "quan", "quan": "quan", "q": "quan", "huyện": "huyen", "huyen": "huyen",
    "thị xã": "thi xa", "thi xa": "thi xa", "tx": "thi xa", "thành phố": "thanh pho",
    "thanh pho": "thanh pho", "tp": "thanh pho",
}  # fmt: skip
"""Kinds as they are typed: ``phương`` and ``quân`` are other words."""

_DOUBLE: Final = frozenset({"thi tran", "thi xa", "thanh pho", "dac khu"})
"""Kinds of two words."""

_MOST_WORDS: Final = 6
_NUMBERED: Final = {"p": "phuong", "q": "quan"}
_GLUED: Final = re.compile(r"\b([pq])\.?\s*0*(\d{1,2})\b")
_NUMBER: Final = re.compile(r"\b(phường|phuong|quận|quan)\s+0+(\d)\b")
_NO_WORD: Final = re.compile(r"[^\w']+")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a commune.

    Attributes:
        kind: Kind of the old one without diacritics: ``xa``, ``phuong``, ``thi tran``.
        old: Its name with its kind; empty in the entry of a commune of today.
        district: The district that it lay in, with its kind; empty as well there.
        old_province: Short name of the province that it lay in.
        commune: Name with its kind of today.
        province: Short name of the province of today.
        usual: Whether most of a divided commune became this one.
    """

    kind: str
    old: str
    district: str
    old_province: str
    commune: str
    province: str
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Every commune, by its name without kind and without diacritics.

    Attributes:
        old: Communes from before the mergers.
        new: Communes of today.
        districts: Old districts: every province of today that one of its communes lies in now.
    """

    old: Mapping[str, Sequence[Change]]
    new: Mapping[str, Sequence[Change]]
    districts: Mapping[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Named:
    """The communes that a text may mean.

    Attributes:
        changes: Those that fit; of one commune when it was divided.
        old: The words for the place of before; empty for a commune of today.
        said: The words that named it, its district included.
        in_district: Whether its old district was named as well.
    """

    changes: tuple[Change, ...]
    old: str
    said: str
    in_district: bool = False

    @property
    def provinces(self) -> frozenset[str]:
        """The provinces of today that they lie in."""
        return frozenset(change.province for change in self.changes)

    @property
    def commune(self) -> str:
        """The commune of today; empty where several fit."""
        communes = {change.commune for change in self.changes}
        if len(communes) == 1:
            return self.changes[0].commune
        if len({(change.old, change.district) for change in self.changes}) > 1:
            return ""
        return next((change.commune for change in self.changes if change.usual), "")

    @property
    def divided(self) -> bool:
        """Whether the old commune lies in several of today."""
        return len({change.commune for change in self.changes}) > 1 and bool(self.commune)


def may_name_one(text: str) -> bool:
    """Tells, without the table, whether a text has a word for a commune or a district."""
    return next(_after_kind(text, {**_KINDS, **_DISTRICT_KINDS}), None) is not None


def find_commune(text: str, province: str = "", *, bare: bool = False) -> Named | None:
    """Finds the commune that a text names: ``phường Bến Nghé quận 1``.

    A commune of today comes before an old one of that name, unless a district is named, as there
    are none today.

    Args:
        text: With or without diacritics, commas or not.
        province: Short name of today, where the text names one.
        bare: Whether the whole text may be a name without its kind.

    Returns:
        What fits; None where no commune of the table is named.
    """
    table, words = _table(), _words(text)
    for kind, rest in _after_kind(text, _KINDS):
        for name in _names(rest):
            found = _fitting(text, words, name, kind, province)
            if found is not None:
                return found
            if name in table.old or name in table.new:
                break
    alone = bare and len(words) > 1
    return _fitting(text, words, " ".join(words), "", province) if alone else None


def _fitting(text: str, words: Sequence[str], name: str, kind: str, province: str) -> Named | None:
    """The communes of a name, of a kind (empty: any), in a province (empty: any)."""
    table = _table()
    old, new = (
        [
            change
            for change in changes.get(name, ())
            if kind in ("", change.kind) and province in ("", change.province)
        ]
        for changes in (table.old, table.new)
    )
    inside = _district_of(words, {fold(change.district) for change in old})
    old = [c for c in old if not inside or fold(c.district) in inside]
    old, new = (_as_written(text, changes, strictly=not kind) for changes in (old, new))
    if new and not inside:
        return Named(tuple(new), "", f"{kind} {name}")
    if not old:
        return None
    only = len({change.district for change in old}) == 1
    before = f"{old[0].old}, {old[0].district}" if only else old[0].old
    around = " ".join([*inside, fold(old[0].old_province)])
    return Named(tuple(old), before, f"{kind} {name} {around}", bool(inside))


def find_district(text: str, *, bare: bool = False) -> tuple[str, str] | None:
    """Finds the old district that a text names.

    Args:
        text: With or without diacritics.
        bare: Whether the whole text may be its name without its kind.

    Returns:
        The province of today and the name with its kind; None where none is named, or where
        districts of several provinces have that name.
    """
    found = districts_named(text, bare=bare)
    return next(iter(found)) if len({province for province, _ in found}) == 1 else None


def districts_named(text: str, *, bare: bool = False) -> frozenset[tuple[str, str]]:
    """Finds every old district that a text may name: provinces of today, names with their kind."""
    table, words = _table(), _words(text)
    fitting: Iterable[tuple[str, str]] = ()
    for kind, rest in _after_kind(text, _DISTRICT_KINDS):
        for name in _names(rest):
            fitting = {
                entry
                for entry in table.districts.get(name, ())
                if fold(entry[1]).startswith(f"{kind} ")
            }
            if fitting:
                break
        if fitting:
            break
    named = bool(fitting)
    if not named and bare and len(words) > 1:
        fitting = table.districts.get(" ".join(words), ())
    if fold(text) != text.lower():
        plain = text.lower()
        exact = [e for e in fitting if _bare(e[1]).lower() in plain]
        fitting = exact or (fitting if named else ())
    return frozenset(fitting)


def _as_written(text: str, changes: list[Change], *, strictly: bool) -> list[Change]:
    """Prefers, or strictly takes, the names with the very diacritics of a text that has any."""
    if fold(text) == text.lower():
        return changes
    plain = text.lower()
    exact = [c for c in changes if _bare(c.old or c.commune).lower() in plain]
    return exact if strictly else exact or changes


def _district_of(words: Sequence[str], districts: set[str]) -> set[str]:
    """The old districts that a text names, among those given; with or without their kind."""
    said = f" {' '.join(words)} "
    return {
        district
        for district in districts
        if f" {district} " in said or (len(_bare(district)) > 2 and f" {_bare(district)} " in said)
    }


def _bare(name: str) -> str:
    """Takes the kind off a name."""
    words = name.split()
    double = fold(" ".join(words[:2])) in _DOUBLE
    return " ".join(words[2:] if double else words[1:])


def _words(text: str) -> list[str]:
    """The words without diacritics; a numbered name is spelled out, so that ``p05`` is two."""
    return [fold(word) for word in _typed(text)]


def _typed(text: str) -> list[str]:
    """The same words in lower case as they were typed."""
    lowered = unicodedata.normalize("NFC", text).lower()
    plain = _GLUED.sub(lambda found: f"{_NUMBERED[found[1]]} {found[2]}", lowered)
    plain = _NO_WORD.sub(" ", plain).strip()
    return _NUMBER.sub(r"\1 \2", plain).split()


def _after_kind(text: str, kinds: Mapping[str, str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yields each kind that a text names with the words behind it, without diacritics."""
    typed = _typed(text)
    for at in range(len(typed)):
        for length in (2, 1):
            kind = kinds.get(" ".join(typed[at : at + length]))
            rest = [fold(word) for word in typed[at + length : at + length + _MOST_WORDS]]
            if kind is not None and rest:
                yield kind, rest
                break


def _names(words: Sequence[str]) -> Iterator[str]:
    """Yields what may be a name at the beginning of words, the longest first."""
    for length in range(len(words), 0, -1):
        yield " ".join(words[:length])


@lru_cache(maxsize=1)
def _table() -> Table:
    spec = find_spec("underthesea")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("underthesea is not installed")
    path = Path(spec.submodule_search_locations[0]) / "address" / "data" / "mapping.json"
    return _read(json.loads(path.read_text(encoding="utf-8")))


def _read(data: Mapping[str, Any]) -> Table:
    """Makes the table of the file's content; rows without a name are left out."""
    short = {
        info["name"]: info["short"]
        for names in (data["province_names"], data["old_province_names"])
        for info in names.values()
    }
    keyed, plain = cache(_key), cache(_without_zero)
    old: dict[str, list[Change]] = {}
    new: dict[str, dict[tuple[str, str], Change]] = {}
    districts: dict[str, set[tuple[str, str]]] = {}
    for row in data["ward_mapping"]:
        commune, province = row["new_ward"], short[row["new_province"]]
        if commune:
            kind, key = keyed(commune)
            new.setdefault(key, {})[commune, province] = Change(kind, "", "", "", commune, province)
        if not (row["old_ward"] and row["old_district"] and commune):
            continue
        district, name = plain(row["old_district"]), plain(row["old_ward"])
        kind, key = keyed(name)
        change = Change(
            kind,
            name,
            district,
            short[row["old_province"]],
            commune,
            province,
            bool(row.get("is_default", True)),
        )
        old.setdefault(key, []).append(change)
        districts.setdefault(keyed(district)[1], set()).add((province, district))
    return Table(
        {name: tuple(changes) for name, changes in old.items()},
        {name: tuple(changes.values()) for name, changes in new.items()},
        {name: frozenset(found) for name, found in districts.items()},
    )


def _without_zero(name: str) -> str:
    return re.sub(r"\s0+(\d)$", r" \1", name)


def _key(name: str) -> tuple[str, str]:
    """The kind of a commune or a district and its name without it, both without diacritics."""
    words = fold(name).split()
    length = 2 if " ".join(words[:2]) in _DOUBLE else 1
    return " ".join(words[:length]), " ".join(_words(" ".join(words[length:])))
