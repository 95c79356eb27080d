"""Places are understood by their names of today and of before the mergers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.communes import _table
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
        ("người Việt Nam định cư ở nước ngoài", None, False),
        ("nguoi viet nam dinh cu o nuoc ngoai", None, False),
        ("ở nam định", "Ninh Bình", True),
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


@pytest.mark.parametrize(
    ("text", "province", "commune", "before"),
    [
        ("phường Bến Nghé quận 1", "Hồ Chí Minh", "Phường Sài Gòn", "Phường Bến Nghé, Quận 1"),
        ("phuong ben nghe quan 1", "Hồ Chí Minh", "Phường Sài Gòn", "Phường Bến Nghé, Quận 1"),
        ("p. Bến Nghé, q.1", "Hồ Chí Minh", "Phường Sài Gòn", "Phường Bến Nghé, Quận 1"),
        ("p05 q3 tphcm", "Hồ Chí Minh", "Phường Bàn Cờ", "Phường 5, Quận 3"),
        ("xã Cẩm Đoài Cẩm Giàng", "Hải Phòng", "Phường Tứ Minh", "Xã Cẩm Đoài, Huyện Cẩm Giàng"),
        ("thị trấn Vĩnh Bảo", "Hải Phòng", "Xã Vĩnh Bảo", "Thị trấn Vĩnh Bảo, Huyện Vĩnh Bảo"),
        ("phường Sài Gòn", "Hồ Chí Minh", "Phường Sài Gòn", ""),
        ("đặc khu Phú Quốc", "An Giang", "Đặc khu Phú Quốc", ""),
        ("quận 1", "Hồ Chí Minh", "", "Quận 1"),
        ("huyện Mê Linh", "Hà Nội", "", "Huyện Mê Linh"),
        ("ở phường 5, TP HCM", "Hồ Chí Minh", "", "Phường 5"),
        ("Hải Dương", "Hải Phòng", "", "Hải Dương"),
    ],
)
def test_communes_and_districts(text: str, province: str, commune: str, before: str) -> None:
    place = find_place(text, asked=True)
    assert place is not None
    assert (place.province, place.commune, place.before) == (province, commune, before)
    assert place.renamed is bool(before)


def test_within_a_question_a_commune_needs_its_district_or_province() -> None:
    assert find_place("làm khai sinh ở phường Bến Nghé hết bao nhiêu") is None
    place = find_place("làm khai sinh ở phường Bến Nghé quận 1 hết bao nhiêu")
    assert place is not None
    assert place.commune == "Phường Sài Gòn"


@pytest.mark.parametrize(
    "text",
    [
        "xã Tân Lập", "phường 5", "huyện Châu Thành", "Cầu Giấy", "Phú Quốc", "bảo hiểm xã hội",
        "ủy ban nhân dân xã làm được không", "đăng ký ở xã nào", "xã", "phường mới",
        "khai sinh ở xã biên giới", "chấp thuận phương án đông người", "nghĩa vụ quân sự",
    ],
)  # fmt: skip
def test_what_may_be_several_places_or_none_is_not_guessed(text: str) -> None:
    assert find_place(text) is None


@pytest.mark.parametrize(
    ("text", "province", "commune"),
    [
        ("Cầu Giấy", "Hà Nội", ""),
        ("thu duc", "Hồ Chí Minh", ""),
        ("Phú Quốc", "An Giang", ""),
        ("Bến Nghé", "Hồ Chí Minh", "Phường Sài Gòn"),
        ("không biết", None, ""),
        ("đúng", None, ""),
        ("đông", None, ""),
        ("Tân Lập", None, ""),
    ],
)
def test_an_answer_may_leave_the_kind_out(text: str, province: str | None, commune: str) -> None:
    place = find_place(text, asked=True)
    assert (place and place.province) == province
    assert (place.commune if place else "") == commune


def test_a_divided_commune_is_led_to_the_one_that_most_of_it_became() -> None:
    place = find_place("xã Tiền Phong, huyện Mê Linh, Hà Nội")
    assert place is not None
    assert place.divided
    assert place.commune == "Xã Mê Linh"


@given(st.text(max_size=80))
def test_any_text_can_be_looked_up(text: str) -> None:
    for asked in (False, True):
        place = find_place(text, asked=asked)
        assert place is None or place.province in provinces()


def test_the_tables_agree_with_the_library() -> None:
    from underthesea import convert_address

    from knowledge_base.places import _MERGED

    unknown_to_the_library = {"Thừa Thiên Huế"}
    for province, old_names in _MERGED.items():
        for name in {*old_names, province} - unknown_to_the_library:
            converted = find_province(convert_address(name).converted)
            assert converted is not None, name
            assert converted.province == province, name
    changes = [change for found in _table().old.values() for change in found if change.usual]
    assert len(changes) > 9_000
    for change in changes[::97]:
        address = f"{change.old}, {change.district}, {change.old_province}"
        converted = convert_address(address)
        assert converted.new.ward == change.commune, address


def test_looking_a_commune_up_imports_no_training_library() -> None:
    program = (
        "import sys\n"
        "from knowledge_base.places import find_place\n"
        "assert find_place('phường Bến Nghé quận 1').commune == 'Phường Sài Gòn'\n"
        "assert not {'underthesea', 'torch'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
