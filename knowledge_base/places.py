"""Understands the names of places, those from before the mergers of July 2025 included.

Provinces are looked up in a small table, at once. Communes need the mapping of
``underthesea.convert_address``, which is loaded on the first question about one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

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
_KIND = re.compile(r"^(?:tinh|thanh pho|tp\.?|t\.)\s+")
_COMMUNE = re.compile(r"\b(?:xã|phường|đặc khu|thị trấn)\s+\S", re.I)


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its names of today.

    Attributes:
        province: Short name, for example ``Hải Phòng``.
        commune: Name with its kind, for example ``Xã Vĩnh Bảo``; empty where none was named.
        renamed: Whether the place was called by a name from before the mergers.
    """

    province: str
    commune: str = ""
    renamed: bool = False

    @property
    def full_province(self) -> str:
        """The name with its kind, for example ``Thành phố Hải Phòng``."""
        return f"{'Thành phố' if self.province in _CITIES else 'Tỉnh'} {self.province}"


def provinces() -> tuple[str, ...]:
    """Returns the short names of the 34 provinces and cities of today."""
    return tuple(_MERGED)


def find_province(text: str) -> Place | None:
    """Finds the province that a text names, by its name of today or by an old one.

    Args:
        text: A name, an address or a whole question, with or without diacritics.

    Returns:
        The province of today; None where none is named, or several are.
    """
    exact = _by_name().get(_KIND.sub("", _plain(text)))
    if exact is not None:
        return exact
    marked = fold(text) != text.lower()
    words = f" {text.lower() if marked else _plain(text)} "
    found = {
        place.province: place
        for name, place in (_by_marked_name() if marked else _by_name()).items()
        if len(name) > 2 and _names(words, name)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def find_place(text: str) -> Place | None:
    """Finds the province and the commune that an address names, in their names of today.

    Args:
        text: An address such as ``Thị trấn Vĩnh Bảo, Huyện Vĩnh Bảo, Hải Phòng``.

    Returns:
        The place; its commune is empty where the address names none. None without a province.
    """
    place = find_province(text)
    if not _COMMUNE.search(text):
        return place
    from underthesea import convert_address

    converted = convert_address(text)
    if converted.new.ward:
        province = find_province(converted.new.province) or place
        if province is not None:
            return Place(province.province, converted.new.ward, renamed=True)
    if place is None:
        return None
    commune = _COMMUNE.search(text)
    named = text[commune.start() :].split(",")[0].strip() if commune else ""
    return Place(place.province, named[:1].upper() + named[1:], renamed=place.renamed)


def _names(words: str, name: str) -> bool:
    """Tells whether a text names a province; a name that is a word as well needs a hint."""
    hint = _PLACE_WORD if fold(name) in _ORDINARY_WORDS else ""
    return re.search(rf"(?<!\w){hint}{re.escape(name)}(?!\w)", words) is not None


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
    table: dict[str, Place] = {"sài gòn": Place("Hồ Chí Minh"), "tphcm": Place("Hồ Chí Minh")}
    table |= {"vũng tàu": Place("Hồ Chí Minh", renamed=True)}
    for province, old_names in _MERGED.items():
        for old in old_names:
            table[old.lower()] = Place(province, renamed=True)
    for province in _MERGED:
        table[province.lower()] = Place(province)
    for name in ("thanh hóa", "khánh hòa", "hòa bình"):
        table[name.replace("óa", "oá").replace("òa", "oà")] = table[name]
    return table
