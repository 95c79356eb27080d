"""A catalogue is checked as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge_base.check import Finding, Severity, check_catalogue, stale
from knowledge_base.loader import Problem
from knowledge_base.schema import Procedure
from knowledge_base.store import Catalogue


def card(code: str, **more: Any) -> Procedure:
    return Procedure.model_validate(
        {
            "code": code,
            "name": f"Thẻ {code}",
            "field": "Hộ tịch",
            "levels": ["commune"],
            "provenance": {"source": "https://dichvucong.gov.vn", "last_checked": "2026-11-20"},
            **more,
        }
    )


def rules(*records: Procedure, **more: Any) -> list[tuple[str, str]]:
    return [(f.rule, f.code) for f in check_catalogue(Catalogue(records), **more)]


def test_a_sound_catalogue_has_no_findings() -> None:
    assert rules(card("1.000001"), card("1.000002")) == []


def test_related_codes_must_exist() -> None:
    one = card("1.000001", related=[{"code": "1.000009"}])
    assert rules(one) == [("related", "1.000001")]
    assert rules(one, known={"1.000009"}) == []
    assert rules(one, card("1.000009")) == []
    assert rules(card("1.000001", related=[{"code": "1.000001"}])) == [("related", "1.000001")]


def test_related_codes_of_index_entries_are_not_checked() -> None:
    assert rules(card("1.000001", kind="index_entry", related=[{"code": "1.000009"}])) == []


def test_a_successor_must_exist_and_lead_somewhere() -> None:
    gone = {"by": "1.000002", "reason": "thay thế"}
    assert rules(card("1.000001", superseded=gone)) == [("superseded", "1.000001")]
    assert rules(card("1.000001", superseded=gone), card("1.000002")) == []
    back = card("1.000002", superseded={"by": "1.000001", "reason": "thay thế"})
    assert rules(card("1.000001", superseded=gone), back) == [
        ("superseded", "1.000001"),
        ("superseded", "1.000002"),
    ]


def test_members_of_a_family_need_separators_that_differ() -> None:
    one, two = card("1.000001", family="the"), card("1.000002", family="the", separator="ở xã")
    assert rules(one, two) == [("family", "1.000001")]
    same = card("1.000001", family="the", separator="Ở xã")
    assert rules(same, two) == [("family", "1.000002")]
    assert rules(card("1.000001", family="the", separator="ở tỉnh"), two) == []


def test_an_alias_belongs_to_codes_that_know_each_other() -> None:
    one, two = card("1.000001", aliases=["Làm giấy"]), card("1.000002", aliases=["làm  giấy"])
    assert rules(one, two) == [("alias", "1.000001")]
    linked = card("1.000002", aliases=["làm giấy"], related=[{"code": "1.000001"}])
    assert rules(one, linked) == []


@pytest.mark.parametrize(("number", "sound"), [("60/2014/QH13", True), ("Luật Hộ tịch", False)])
def test_legal_numbers_are_numbers(number: str, sound: bool) -> None:
    found = rules(card("1.000001", legal_basis=[{"number": number}]))
    assert (found == []) is sound


def test_problems_of_files_are_errors() -> None:
    problem = Problem("a.yml", "1.000001", "fees.0", "is wrong")
    [finding] = check_catalogue(Catalogue([card("1.000001")], problems=[problem]))
    assert (finding.severity, finding.rule, finding.field) == (Severity.ERROR, "schema", "fees.0")
    assert finding.message == "a.yml: is wrong"


def test_records_due_for_review() -> None:
    old = card(
        "1.000001",
        provenance={"source": "https://dichvucong.gov.vn", "last_checked": "2026-01-01"},
    )
    catalogue = Catalogue([old, card("1.000002")])
    assert [r.code for r in stale(catalogue, 180, date(2026, 11, 20))] == ["1.000001"]
    assert stale(catalogue, 400, date(2026, 11, 20)) == []


def test_a_finding_as_plain_strings() -> None:
    finding = Finding(
        Severity.WARNING, "omission", "1.000001", "fees", "is missing", figure="1 đồng"
    )
    assert finding.as_dict()["severity"] == "warning"
    assert set(map(type, finding.as_dict().values())) == {str}
