"""Understands the names of places, those from before the mergers of July 2025 included.

Provinces are looked up in a small table, at once. Communes and districts need the large one of
:mod:`knowledge_base.communes`, which is read on the first question about one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from knowledge_base.communes import (
    districts_named,
    find_commune,
    find_district,
    may_name_one,
)
from vietnamese.fold import fold

_MERGED: Final = {
    "Hà Nội": (),
    "Huế": ("Thừa Thiên Huế",),
    "Lai Châu": (),
    "Điện Biên": (),
    "Sơn La": (),
    "Lạng Sơn": (),
    "Quảng Ninh": (),
    "Thanh Hóa": (),
    "Nghệ An": (),
    "Hà Tĩnh": (),
    "Cao Bằng": (),
    "Tuyên Quang": ("Hà Giang",),
    "Lào Cai": ("Yên Bái",),
    "Thái Nguyên": ("Bắc Kạn",),
    "Phú Thọ": ("Vĩnh Phúc", "Hòa Bình"),
    "Bắc Ninh": ("Bắc Giang",),
    "Hưng Yên": ("Thái Bình",),
    "Hải Phòng": ("Hải Dương",),
    "Ninh Bình": ("Hà Nam", "Nam Định"),
    "Quảng Trị": ("Quảng Bình",),
    "Đà Nẵng": ("Quảng Nam",),
    "Quảng Ngãi": ("Kon Tum",),
    "Gia Lai": ("Bình Định",),
    "Khánh Hòa": ("Ninh Thuận",),
    "Lâm Đồng": ("Đắk Nông", "Bình Thuận"),
    "Đắk Lắk": ("Phú Yên",),
    "Hồ Chí Minh": ("Bình Dương", "Bà Rịa - Vũng Tàu"),
    "Đồng Nai": ("Bình Phước",),
    "Tây Ninh": ("Long An",),
    "Cần Thơ": ("Sóc Trăng", "Hậu Giang"),
    "Vĩnh Long": ("Bến Tre", "Trà Vinh"),
    "Đồng Tháp": ("Tiền Giang",),
    "Cà Mau": ("Bạc Liêu",),
    "An Giang": ("Kiên Giang",),
}
_CITIES: Final = frozenset({"Hà Nội", "Huế", "Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ"})
_OTHER_NAMES: Final = {
    "hcm": "Hồ Chí Minh",
    "tphcm": "Hồ Chí Minh",
    "tp hcm": "Hồ Chí Minh",
    "tp.hcm": "Hồ Chí Minh",
    "sai gon": "Hồ Chí Minh",
    "sg": "Hồ Chí Minh",
    "hn": "Hà Nội",
    "hp": "Hải Phòng",
    "dak lak": "Đắk Lắk",
    "daklak": "Đắk Lắk",
    "dac lac": "Đắk Lắk",
    "dak nong": "Lâm Đồng",
    "vung tau": "Hồ Chí Minh",
    "ba ria": "Hồ Chí Minh",
    "ba ria vung tau": "Hồ Chí Minh",
    "brvt": "Hồ Chí Minh",
}
_ORDINARY_WORDS: Final = frozenset({"hoa binh", "thai binh"})
_PLACE_WORD: Final = r"(?:tỉnh|tinh|ở|o|tại|tai|quê|que|về|ve|thành phố|thanh pho|tp)\s+"
_NO_OTHER_WORD: Final = r"(?<!\w)(?<!việt )(?<!viet )"
"""Before a name: "người Việt Nam định cư" does not name Nam Định."""

_KIND = re.compile(r"^(?:tinh|thanh pho|tp\.?|t\.)\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its names of today.

    Attributes:
        province: Short name, for example ``Hải Phòng``.
        commune: Name with its kind, for example ``Xã Vĩnh Bảo``; empty where none was named.
        renamed: Whether the place was called by a name from before the mergers.
        before: That name, where it was; for example ``Phường Bến Nghé, Quận 1``.
        divided: Whether the old place is now several; ``commune`` is the one most of it became.
        said: The words that named it, without diacritics.
    """

    province: str
    commune: str = ""
    renamed: bool = False
    before: str = ""
    divided: bool = False
    said: str = field(default="", compare=False)

    @property
    def full_name(self) -> str:
        """The whole name of today, for example ``Phường Sài Gòn, Thành phố Hồ Chí Minh``."""
        return f"{self.commune}, {self.full_province}" if self.commune else self.full_province

    @property
    def full_province(self) -> str:
        """The name with its kind, for example ``Thành phố Hải Phòng``."""
        return f"{'Thành phố' if self.province in _CITIES else 'Tỉnh'} {self.province}"


def provinces() -> tuple[str, ...]:
    """Returns the short names of the 34 provinces and cities of today."""
    return tuple(_MERGED)


@lru_cache(maxsize=1_000)
def find_province(text: str) -> Place | None:
    """Finds the province that a text names, by its name of today or by an old one.

    Args:
        text: A name, an address or a whole question, with or without diacritics.

    Returns:
        The province of today; None where none is named, or several are.
    """
    name = _KIND.sub("", _plain(text))
    exact = _by_name().get(name)
    if exact is not None:
        return replace(exact, said=name)
    marked = fold(text) != text.lower()
    words = f" {text.lower() if marked else _plain(text)} "
    found = {
        place.province: replace(place, said=_plain(name))
        for name, place in (_by_marked_name() if marked else _by_name()).items()
        if len(name) > 2 and name in words and _names(words, name)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def find_place(text: str, *, asked: bool = False) -> Place | None:
    """Finds the province and the commune that a text names, in their names of today.

    Args:
        text: An address such as ``Thị trấn Vĩnh Bảo, Huyện Vĩnh Bảo, Hải Phòng``, with or without
            commas, province and diacritics.
        asked: Whether the text answers where somebody lives; then a district may come without its
            kind (``Cầu Giấy``), and a commune without its district or province.

    Returns:
        The place; its commune is empty where none is named or several have that name. None where
        the province cannot be told.
    """
    place = find_province(text)
    if not may_name_one(text):
        if place is not None or not asked:
            return place
        district = _district(text, asked)
        if district is not None:
            return district
    named = find_commune(text, place.province if place else "", bare=asked)
    if named is None:
        return place or _district(text, asked)
    if place is None and len(named.provinces) > 1:
        return _district(text, asked)
    if not (asked or place or named.in_district):
        return None  # "khai sinh ở xã biên giới" names no place, though there is one of that name
    (province,) = named.provinces
    renamed = bool(named.old) or bool(place and place.renamed)
    return Place(
        province,
        named.commune,
        renamed,
        named.old or (place.before if place else ""),
        named.divided,
        " ".join(fold(part) for part in (named.said, place.said if place else "")),
    )


def possible_places(text: str) -> tuple[Place, ...]:
    """Finds the provinces that an answer to "where do you live" may mean, where it leaves it open.

    Args:
        text: The answer, such as ``xã Tân Lập`` or ``Châu Thành``.

    Returns:
        A place for each province, in the order of their names.
    """
    named = find_commune(text, bare=True)
    if named is not None:
        return tuple(Place(province, said=named.said) for province in sorted(named.provinces))
    districts = districts_named(text, bare=True)
    said = {province: fold(name) for province, name in districts}
    return tuple(Place(province, said=said[province]) for province in sorted(said))


def _district(text: str, asked: bool) -> Place | None:
    """Finds the place that an old district tells, which has no commune of its own."""
    found = find_district(text, bare=asked)
    if found is None:
        return None
    province, district = found
    return Place(province, "", renamed=True, before=district, said=fold(district))


def _names(words: str, name: str) -> bool:
    """Tells whether a text names a province; a name that is a word as well needs a hint."""
    hint = _PLACE_WORD if fold(name) in _ORDINARY_WORDS else ""
    return re.search(rf"{_NO_OTHER_WORD}{hint}{re.escape(name)}(?!\w)", words) is not None


def _plain(text: str) -> str:
    return re.sub(r"[\s–-]+", " ", re.sub(r"[,;:?!()\"]", " ", fold(text))).strip(" .")


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Place]:
    """Returns every name without diacritics."""
    table = {name: Place(province) for name, province in _OTHER_NAMES.items()}
    for name, place in _by_marked_name().items():
        table[_plain(name)] = place
    return table


@lru_cache(maxsize=1)
def _by_marked_name() -> dict[str, Place]:
    """Returns every name in lower case with diacritics; one of today wins over an old one."""
    written_so = ("hcm", "tphcm", "tp hcm", "tp.hcm", "brvt")
    table: dict[str, Place] = {name: Place(_OTHER_NAMES[name]) for name in written_so}
    table["sài gòn"] = Place("Hồ Chí Minh")
    table |= {"vũng tàu": Place("Hồ Chí Minh", renamed=True, before="Vũng Tàu")}
    for province, old_names in _MERGED.items():
        for old in old_names:
            table[old.lower()] = Place(province, renamed=True, before=old)
    for province in _MERGED:
        table[province.lower()] = Place(province)
    for name in ("thanh hóa", "khánh hòa", "hòa bình"):
        table[name.replace("óa", "oá").replace("òa", "oà")] = table[name]
    return table
