"""Levels, audiences, ways of submission and times become the schema's own terms."""

from __future__ import annotations

import pytest

from knowledge_base.importers.terms import (
    api_unit,
    read_audience,
    read_levels,
    read_method,
    read_time,
)
from knowledge_base.schema import Audience, Level, Method, TimeUnit


def test_levels() -> None:
    assert read_levels("Cấp Bộ, Cấp Tỉnh, Cấp Xã") == (
        Level.COMMUNE,
        Level.PROVINCE,
        Level.MINISTRY,
    )
    assert read_levels("Cơ quan khác") == (Level.OTHER,)
    assert read_levels("", "Sở Nội vụ") == (Level.PROVINCE,)
    assert read_levels("") == (Level.OTHER,)


def test_levels_without_a_cell() -> None:
    order = "Phòng cảnh sát quản lý hành chính về trật tự xã hội"
    assert read_levels("", order) == (Level.PROVINCE,)
    assert read_levels("", "Công an cấp Tỉnh") == (Level.PROVINCE,)
    assert read_levels("", "", "Mở khóa căn cước (thực hiện tại cấp trung ương)") == (
        Level.MINISTRY,
    )
    assert read_levels("", order, "Khóa tài khoản (thực hiện tại Công an cấp xã)") == (
        Level.COMMUNE,
    )
    assert read_levels("Cấp Tỉnh", "", "Cấp thẻ (thực hiện tại cấp xã)") == (Level.PROVINCE,)
    assert read_levels("", "", "Cấp thẻ cấp xã") == (Level.OTHER,)


def test_audiences() -> None:
    text = (
        "Công dân Việt Nam, Doanh nghiệp có vốn đầu tư nước ngoài, Tổ chức (không bao gồm doanh "
        "nghiệp, "
        "HTX), Tổ chức nước ngoài, Cán bộ, công chức, viên chức"
    )
    assert set(read_audience(text)) == {
        Audience.CITIZEN,
        Audience.FOREIGN_BUSINESS,
        Audience.ORGANISATION,
        Audience.FOREIGN_ORGANISATION,
        Audience.OFFICIAL,
    }
    assert read_audience("") == ()


@pytest.mark.parametrize(
    ("printed", "method"),
    [
        ("Trực tiếp", Method.IN_PERSON),
        ("DIRECT", Method.IN_PERSON),
        ("Trực tuyến", Method.ONLINE),
        ("Bưu chính", Method.POST),
        ("Dịch vụ bưu chính", Method.POST),
        ("Qua fax", None),
    ],
)
def test_methods(printed: str, method: Method | None) -> None:
    assert read_method(printed) is method


@pytest.mark.parametrize(
    "cell", ["1", "25", "1 Khác", "0 Giờ", "Khác", "Không có thông tin", "10-25", ""]
)
def test_a_number_without_unit_is_no_time(cell: str) -> None:
    assert read_time(cell) is None


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        ("3 Ngày làm việc", 3, TimeUnit.WORKING_DAY),
        ("07 Ngày", 7, TimeUnit.DAY),
        ("0.5 Giờ", 0.5, TimeUnit.HOUR),
        ("6 tháng", 6, TimeUnit.MONTH),
    ],
)
def test_a_time_with_unit(cell: str, value: float, unit: TimeUnit) -> None:
    time = read_time(cell)
    assert time is not None
    assert (time.value, time.unit) == (value, unit)


def test_one_limit_in_the_note_counts_where_the_cell_is_empty() -> None:
    time = read_time("Khác", "Giải quyết trong thời hạn 05 ngày làm việc. Trả tại xã.")
    assert time is not None
    assert (time.value, time.unit) == (5, TimeUnit.WORKING_DAY)
    assert time.source == "Giải quyết trong thời hạn 05 ngày làm việc"


@pytest.mark.parametrize(
    "note",
    [
        "02 tháng và 15 ngày làm việc",
        "không quá 3 ngày ở xã, không quá 5 ngày ở tỉnh",
        "trong 10 ngày, nếu quá 02 tháng thì trả lại",
        "Chậm nhất vào ngày 20 tháng đầu tiên hàng quý",
    ],
)
def test_a_note_with_several_times_tells_none(note: str) -> None:
    assert read_time("Khác", note) is None


def test_units_of_the_api() -> None:
    assert api_unit("WORKING_DAY") == "ngày làm việc"
    assert api_unit("OTHER") == "OTHER"
