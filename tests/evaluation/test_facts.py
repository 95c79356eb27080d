from __future__ import annotations

from datetime import date

import pytest

from evaluation.facts import Figure, FigureKind, figures_in, figures_of, unsupported
from evaluation.runs import ReplyRow
from knowledge_base.schema import (
    Document,
    DocumentCase,
    Fee,
    FeeState,
    LegalBasis,
    Level,
    Procedure,
    ProcessingTime,
    Provenance,
    TimeUnit,
)

RECORD = Procedure(
    code="1.001193",
    name="Đăng ký khai sinh",
    field="Hộ tịch",
    levels=(Level.COMMUNE,),
    fees=(Fee(state=FeeState.AMOUNT, amount=8000, unit="bản"),),
    processing_times=(ProcessingTime(value=3, unit=TimeUnit.WORKING_DAY),),
    documents=(DocumentCase(documents=(Document(name="Cam đoan, trong thời hạn 60 ngày"),)),),
    legal_basis=(LegalBasis(number="123/2015/NĐ-CP"),),
    provenance=Provenance(source="https://example.vn/1", last_checked=date(2026, 11, 20)),
)
OTHER = RECORD.model_copy(
    update={
        "code": "1.000656",
        "name": "Đăng ký khai tử",
        "fees": (Fee(state=FeeState.AMOUNT, amount=5, currency="USD"),),
    }
)
CATALOGUE = {RECORD.code: RECORD, OTHER.code: OTHER}


def reply(text: str, procedure: str | None = "1.001193", *candidates: str) -> ReplyRow:
    return ReplyRow(kind="answer", text=text, procedure=procedure, candidates=candidates)


def values(text: str, kind: FigureKind) -> set[str]:
    return {figure.value for figure in figures_in(text) if figure.kind is kind}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lệ phí 8.000 đồng/bản", {"8000 VND"}),
        ("8,000 VNĐ mỗi bản", {"8000 VND"}),
        ("2.000đ một trang", {"2000 VND"}),
        ("từ 60.000 đến 350.000 đồng", {"60000 VND", "350000 VND"}),
        ("khoảng 1,5 triệu đồng", {"1500000 VND"}),
        ("50 nghìn đồng", {"50000 VND"}),
        ("25 USD", {"25 USD"}),
        ("1.000.000 đồng", {"1000000 VND"}),
        ("điều 8 của Luật, đơn đề nghị", set()),
    ],
)
def test_amounts_are_read_in_every_notation(text: str, expected: set[str]) -> None:
    assert values(text, FigureKind.MONEY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03 ngày làm việc", {"3 ngày làm việc"}),
        ("trong vòng 15 ngày", {"15 ngày"}),
        ("2 đến 4 giờ", {"2 giờ", "4 giờ"}),
        ("05-10 ngày làm việc", {"5 ngày làm việc", "10 ngày làm việc"}),
        ("15 (mười lăm) ngày", {"15 ngày"}),
        ("0,5 ngày", {"0.5 ngày"}),
        ("kiểm tra ngày 20/11/2026, năm 2023", set()),
    ],
)
def test_lengths_of_time_are_read_in_every_notation(text: str, expected: set[str]) -> None:
    assert values(text, FigureKind.TIME) == expected


def test_legal_numbers_are_read_and_links_left_out() -> None:
    text = "Nghị định 123/2015/NĐ-CP, Luật 60/2014/QH13, 3506/QĐ-BCA. https://x.vn/12/2020/AB-CD"
    assert values(text, FigureKind.LAW) == {"123/2015/NĐ-CP", "60/2014/QH13", "3506/QĐ-BCA"}


def test_a_record_gives_the_figures_of_fields_and_of_texts() -> None:
    assert figures_of(RECORD) >= {
        Figure(FigureKind.MONEY, "8000 VND"),
        Figure(FigureKind.TIME, "3 ngày làm việc"),
        Figure(FigureKind.TIME, "60 ngày"),
        Figure(FigureKind.LAW, "123/2015/NĐ-CP"),
    }


def test_a_faithful_reply_passes() -> None:
    text = "8.000 đồng/bản, 3 ngày làm việc, trong 60 ngày. Theo 123/2015/NĐ-CP."
    assert unsupported(reply(text), CATALOGUE) == set()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("9.000 đồng", Figure(FigureKind.MONEY, "9000 VND")),
        ("3 ngày", Figure(FigureKind.TIME, "3 ngày")),
        ("5 ngày làm việc", Figure(FigureKind.TIME, "5 ngày làm việc")),
        ("Theo 123/2016/NĐ-CP", Figure(FigureKind.LAW, "123/2016/NĐ-CP")),
    ],
)
def test_a_figure_that_is_not_in_the_record_is_found(text: str, wrong: Figure) -> None:
    assert unsupported(reply(text), CATALOGUE) == {wrong}


def test_figures_of_another_record_count_only_when_the_reply_names_it() -> None:
    fee = "Lệ phí: 5 USD"
    assert unsupported(reply(fee, "1.001193", "1.000656"), CATALOGUE)
    titled = f"Đăng ký khai tử\n{fee}"
    assert not unsupported(reply(titled, "1.001193", "1.000656"), CATALOGUE)


def test_a_reply_without_a_procedure_is_not_looked_at() -> None:
    assert unsupported(reply("Gọi 113, chờ 5 phút", None), CATALOGUE) == set()
