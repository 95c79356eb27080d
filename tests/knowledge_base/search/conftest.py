from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from knowledge_base.schema import Audience, Level, Procedure, Provenance, RecordKind
from knowledge_base.search import Searcher

Make = Callable[..., Procedure]


def make_procedure(
    number: int,
    name: str,
    *levels: Level,
    aliases: tuple[str, ...] = (),
    field: str = "Hộ tịch",
    audience: tuple[Audience, ...] = (Audience.CITIZEN,),
) -> Procedure:
    return Procedure(
        code=f"9.{number:06d}",
        kind=RecordKind.INDEX_ENTRY,
        name=name,
        aliases=aliases,
        field=field,
        levels=levels or (Level.COMMUNE,),
        audience=audience,
        provenance=Provenance(source="https://example.gov.vn/", last_checked=date(2026, 11, 20)),
    )


SMALL: tuple[Procedure, ...] = (
    make_procedure(1, "Đăng ký khai sinh", aliases=("làm giấy khai sinh cho con",)),
    make_procedure(2, "Đăng ký khai sinh có yếu tố nước ngoài"),
    make_procedure(3, "Đăng ký khai sinh lưu động"),
    make_procedure(4, "Đăng ký lại khai sinh"),
    make_procedure(5, "Đăng ký kết hôn", aliases=("làm giấy kết hôn",)),
    make_procedure(6, "Đăng ký kết hôn có yếu tố nước ngoài"),
    make_procedure(7, "Đăng ký khai tử", aliases=("báo tử cho người nhà mới mất",)),
    make_procedure(8, "Cấp thẻ căn cước (thực hiện tại cấp tỉnh)", Level.PROVINCE),
    make_procedure(9, "Cấp thẻ căn cước (thực hiện tại cấp xã)", Level.COMMUNE),
    make_procedure(10, "Cấp thẻ căn cước (thực hiện tại cấp trung ương)", Level.MINISTRY),
    make_procedure(
        11,
        "Cấp giấy phép kinh doanh vận tải bằng xe ô tô",
        Level.PROVINCE,
        field="Đường bộ",
        audience=(Audience.BUSINESS, Audience.COOPERATIVE),
    ),
    make_procedure(
        12,
        "Cấp giấy phép xây dựng nhà ở riêng lẻ",
        field="Xây dựng",
        aliases=("xin phép xây nhà",),
    ),
    make_procedure(13, "Đăng ký thường trú", field="Cư trú", aliases=("nhập hộ khẩu",)),
    make_procedure(14, "Đăng ký tạm trú", field="Cư trú", aliases=("đăng ký ở trọ",)),
    make_procedure(15, "Gia hạn tạm trú", field="Cư trú"),
    make_procedure(16, "Khai thuế giá trị gia tăng", Level.PROVINCE, field="Thuế"),
)


@pytest.fixture(scope="session")
def small() -> tuple[Procedure, ...]:
    return SMALL


@pytest.fixture(scope="session")
def make() -> Make:
    return make_procedure


@pytest.fixture(scope="session")
def searcher(small: tuple[Procedure, ...]) -> Searcher:
    return Searcher.build(small)
