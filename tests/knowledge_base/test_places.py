"""Places are understood by their names of today and of before the mergers."""

from __future__ import annotations

import pytest

from knowledge_base.places import find_place, find_province, provinces


def test_there_are_34_provinces() -> None:
    assert len(provinces()) == 34


@pytest.mark.parametrize(
    ("text", "province", "renamed"),
    [
        ("Hải Phòng", "Hải Phòng", False),
        ("hai duong", "Hải Phòng", True),
        ("tỉnh Kiên Giang", "An Giang", True),
        ("lệ phí khai sinh ở Hải Dương bao nhiêu", "Hải Phòng", True),
        ("le phi o kien giang", "An Giang", True),
        ("TP.HCM", "Hồ Chí Minh", False),
        ("sài gòn", "Hồ Chí Minh", False),
        ("Bà Rịa - Vũng Tàu", "Hồ Chí Minh", True),
        ("Thừa Thiên Huế", "Huế", True),
        ("Hoà Bình", "Phú Thọ", True),
        ("ở thanh hoá", "Thanh Hóa", False),
        ("đắc lắc", "Đắk Lắk", False),
        ("dac lac", "Đắk Lắk", False),
        ("làm khai sinh", None, False),
        ("sống hòa bình", None, False),
        ("Hà Nội hay Hải Phòng", None, False),
    ],
)
def test_provinces_by_name(text: str, province: str | None, renamed: bool) -> None:
    place = find_province(text)
    assert (place.province if place else None, place.renamed if place else False) == (
        province,
        renamed,
    )


def test_the_full_name() -> None:
    place = find_province("hai phong")
    assert place is not None
    assert place.full_province == "Thành phố Hải Phòng"
    other = find_province("an giang")
    assert other is not None
    assert other.full_province == "Tỉnh An Giang"


def test_an_old_commune_is_led_to_the_new_one() -> None:
    place = find_place("Thị trấn Vĩnh Bảo, Huyện Vĩnh Bảo, Thành phố Hải Phòng")
    assert place is not None
    assert (place.province, place.commune, place.renamed) == ("Hải Phòng", "Xã Vĩnh Bảo", True)


def test_a_commune_of_today_keeps_its_name() -> None:
    place = find_place("xã Vĩnh Bảo, Hải Phòng")
    assert place is not None
    assert (place.province, place.commune, place.renamed) == ("Hải Phòng", "Xã Vĩnh Bảo", False)
    assert find_place("xã nào đó") is None
    only = find_place("Hà Nội")
    assert only is not None
    assert only.commune == ""


def test_the_table_agrees_with_the_library() -> None:
    from underthesea import convert_address

    from knowledge_base.places import _MERGED

    unknown_to_the_library = {"Thừa Thiên Huế"}
    for province, old_names in _MERGED.items():
        for name in {*old_names, province} - unknown_to_the_library:
            converted = find_province(convert_address(name).converted)
            assert converted is not None, name
            assert converted.province == province, name
