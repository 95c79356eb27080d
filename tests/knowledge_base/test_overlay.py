"""Local fees and offices are read, checked, and laid over a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.overlay import Overlay, with_local_fees
from knowledge_base.places import provinces
from knowledge_base.schema import Fee, FeeState, Procedure
from knowledge_base.store import Catalogue

SOURCE = (
    "{document: 1/2026/NQ-HĐND, link: 'https://example.org', reading: primary, checked: 2026-11-20}"
)
PROVINCE = f"""
province: Hải Phòng
fees:
  - codes: ["1.000001"]
    fees:
      - {{state: amount, amount: 8000, source: 1/2026/NQ-HĐND}}
    source: {SOURCE}
"""
COMMUNE = f"""
province: Hải Phòng
commune: Xã Vĩnh Bảo
office: {{name: Trung tâm, hotlines: ["0900"], source: {SOURCE}}}
fees:
  - codes: ["1.000001"]
    fees: [{{state: free, source: "miễn phí tại xã"}}]
    source: {SOURCE}
"""


def overlay(tmp_path: Path, **files: str) -> Overlay:
    folder = tmp_path / "local" / "hai-phong"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return Overlay.load([tmp_path])


def test_fees_of_a_province_and_of_a_commune(tmp_path: Path) -> None:
    local = overlay(tmp_path, province=PROVINCE, xa=COMMUNE)
    assert local.problems == []
    assert local.provinces() == ("Hải Phòng",)
    assert local.depends_on_place("1.000001")
    assert not local.depends_on_place("1.000002")
    answer = local.fees("1.000001", "Hải Phòng")
    assert answer is not None
    assert [fee.amount for fee in answer.fees] == [8000]
    assert answer.sources[0].document == "1/2026/NQ-HĐND"
    own = local.fees("1.000001", "Hải Phòng", "xã vĩnh bảo")
    assert own is not None
    assert (own.commune, own.fees[0].state) == ("Xã Vĩnh Bảo", FeeState.FREE)
    elsewhere = local.fees("1.000001", "Hải Phòng", "Xã khác")
    assert elsewhere == answer
    assert local.fees("1.000001", "Hà Nội") is None
    assert local.fees("1.000002", "Hải Phòng") is None


def test_an_office(tmp_path: Path) -> None:
    local = overlay(tmp_path, xa=COMMUNE)
    office = local.office("Hải Phòng", "Xa Vinh Bao")
    assert office is not None
    assert office.hotlines == ("0900",)
    assert local.office("Hải Phòng", "Xã khác") is None


def office_at(commune: str, latitude: float, longitude: float, name: str = "Trung tâm") -> str:
    position = f"{{latitude: {latitude}, longitude: {longitude}, source: {SOURCE}}}"
    return (
        f"province: Hải Phòng\ncommune: {commune}\n"
        f"office: {{name: {name}, position: {position}, source: {SOURCE}}}\n"
    )


def test_the_nearest_offices(tmp_path: Path) -> None:
    local = overlay(
        tmp_path,
        a=office_at("Xã A", 20.70, 106.50),
        b=office_at("Xã B", 20.75, 106.50),
        c=office_at("Xã C", 20.80, 106.50),
        d=office_at("Xã D", 20.72, 106.50),
        e=office_at("Xã E", 21.90, 106.50),
        f=COMMUNE,
    )
    assert local.problems == []
    found = local.nearest(20.69, 106.50)
    assert [near.position.latitude for near in found] == [20.70, 20.72, 20.75]
    assert [round(near.distance, 2) for near in found] == [1.11, 3.34, 6.67]
    assert len(local.nearest(20.69, 106.50, most=9)) == 4
    assert local.nearest(10.77, 106.70) == []
    assert local.nearest(21.5, 106.5, within=10) == []
    assert local.nearest(float("nan"), 106.5) == []
    assert local.nearest(120, 500) == []


def test_an_office_that_was_laid_over_another_stands_where_it_says(tmp_path: Path) -> None:
    later = office_at("xã a", 20.90, 106.50, name="Trung tâm mới")
    local = overlay(tmp_path, a=office_at("Xã A", 20.70, 106.50), b=later)
    assert [near.office.name for near in local.nearest(20.70, 106.50)] == ["Trung tâm mới"]


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        (
            "province: Hải Dương\n" + PROVINCE.split("\n", 2)[2],
            "province",
            "today it is 'Hải Phòng'",
        ),
        ("province: Hải Phòng\n", "", "needs 'fees' or 'office'"),
        (PROVINCE.replace("amount, amount: 8000", "not_stated"), "fees.0.fees", "leave out"),
        (PROVINCE.replace(", source: 1/2026/NQ-HĐND}", "}", 1), "fees.0.fees", "needs 'source'"),
        (PROVINCE.replace("primary", "hearsay"), "fees.0.source.reading", "primary"),
        (office_at("Xã A", 106.5, 20.7), "office.position.latitude", "less than or equal to 24"),
        (office_at("Xã A", 20.7, 20.7), "office.position.longitude", "greater than or equal"),
        (
            office_at("Xã A", 20.7, 106.5).replace(f", source: {SOURCE}", "", 1),
            "office.position.source",
            "required",
        ),
        ("- 5", "", "is not a mapping"),
        ("a: [", "", "cannot be read"),
    ],
)
def test_what_is_wrong_is_told_precisely(
    tmp_path: Path, text: str, where: str, reason: str
) -> None:
    problem, *_ = overlay(tmp_path, province=text).problems
    assert problem.field == where
    assert reason in problem.reason


def test_codes_must_be_in_the_catalogue(tmp_path: Path) -> None:
    local = overlay(tmp_path, province=PROVINCE)
    assert local.check(["1.000001"]) == []
    [problem] = local.check([])
    assert problem.record == "1.000001"


def test_local_fees_replace_what_the_record_leaves_open(tmp_path: Path) -> None:
    record = Procedure.model_validate(
        {
            "code": "1.000001",
            "name": "Cấp giấy",
            "field": "Hộ tịch",
            "levels": ["commune"],
            "fees": [
                {"state": "set_by_province"},
                {"state": "not_stated"},
                {"state": "amount", "amount": 2000},
            ],
            "provenance": {"source": "https://dichvucong.gov.vn", "last_checked": "2026-11-20"},
        }
    )
    answer = overlay(tmp_path, province=PROVINCE).fees("1.000001", "Hải Phòng")
    assert answer is not None
    fees = with_local_fees(record, answer).fees
    assert fees == (*answer.fees, Fee(state=FeeState.AMOUNT, amount=2000))


def test_the_packaged_example_is_sound() -> None:
    local = Overlay.load()
    assert local.check(record.code for record in Catalogue.load()) == []
    assert len(local.provinces()) >= 2
    assert set(local.provinces()) <= set(provinces())
    assert local.office("Hải Phòng", "Xã Vĩnh Bảo") is not None
