"""A page that stands under the code of another procedure is told and not used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from knowledge_base.importers.foreign import LEAST_SHARED, shared_words, without_foreign
from knowledge_base.importers.read import Found, Rejected, read_file
from knowledge_base.importers.run import Outcome, run_import
from knowledge_base.schema import Level, RecordKind
from knowledge_base.store import Catalogue

LINK = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/chung"
NAMED = "Khóa căn cước điện tử (thực hiện tại cấp xã)"
CODES = ("1.000001", "1.000002", "1.000003")
FOREIGN = (
    *("1.002544", "1.014208", "2.001428", "2.001709", "3.000224", "3.000226", "3.000243"),
    *("3.000244", "3.000246", "3.000272", "3.000274", "3.000283", "3.000284", "3.000285"),
    *("3.000286", "3.000331", "3.000332"),
)


@pytest.fixture
def rows(samples: ModuleType) -> list[dict[str, Any]]:
    """Three codes that hold one page, and a record that holds its own."""
    shared = [samples.page(code, "Hỗ trợ sản xuất", detail_url=LINK) for code in CODES]
    return [*shared, samples.page("1.000009")]


@pytest.fixture
def pages(tmp_path: Path, rows: list[dict[str, Any]]) -> Path:
    path = tmp_path / "pages-2026-07.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def listing(samples: ModuleType, path: Path, *names: tuple[str, str]) -> Path:
    return samples.portal_list(path, *((code, name, "", "", "Căn cước") for code, name in names))


def read(*files: Path) -> list[Found | Rejected]:
    return [item for path in files for item in read_file(path)]


def codes_of(items: list[Found | Rejected]) -> Iterator[str]:
    return (item.record.code for item in items if isinstance(item, Found))


def test_one_page_under_several_codes_is_foreign_to_all(pages: Path) -> None:
    kept, foreign = without_foreign(read(pages))
    assert list(codes_of(kept)) == ["1.000009"]
    assert [item.found.record.code for item in foreign] == list(CODES)
    assert foreign[0].others == CODES[1:]
    assert str(foreign[0]) == (
        f"{pages}:1: 1.000001: holds the page of another procedure, 'Hỗ trợ sản xuất'; "
        "which stands under 1.000002, 1.000003 as well"
    )


def test_a_list_tells_whose_the_page_is(samples: ModuleType, tmp_path: Path, pages: Path) -> None:
    names = listing(
        samples, tmp_path / "list.xlsx", ("1.000001", NAMED), ("1.000002", "Hỗ trợ sản xuất")
    )
    kept, foreign = without_foreign(read(pages, names))
    assert [item.found.record.code for item in foreign] == ["1.000001", "1.000003"]
    assert foreign[0].reason.endswith(f"but the list of the portal names the code {NAMED!r}")
    assert list(codes_of(kept)) == ["1.000002", "1.000009", "1.000001", "1.000002"]


def test_a_page_of_its_own_with_another_name_is_foreign(
    samples: ModuleType, tmp_path: Path, pages: Path
) -> None:
    names = listing(samples, tmp_path / "list.xlsx", ("1.000009", "Cấp hộ chiếu phổ thông"))
    _, foreign = without_foreign(read(pages, names))
    [alone] = [item for item in foreign if item.found.record.code == "1.000009"]
    assert alone.others == ()
    assert "Cấp hộ chiếu phổ thông" in alone.reason


def test_names_that_an_amendment_changed_are_one_procedure() -> None:
    before = "Chứng thực việc sửa đổi, bổ sung, hủy bỏ hợp đồng, giao dịch"
    assert shared_words(before, "Chứng thực việc sửa đổi, bổ sung, hủy bỏ giao dịch") > LEAST_SHARED
    assert shared_words("", "") == 1.0


def test_records_without_a_page_and_rejections_pass(samples: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    same = [samples.defence("1.000001"), samples.defence("1.000002")]
    path.write_text("\n".join([*map(json.dumps, same), "{"]), encoding="utf-8")
    kept, foreign = without_foreign(read(path))
    assert (len(kept), foreign) == (3, [])


def test_an_import_takes_only_what_is_certain(
    samples: ModuleType, tmp_path: Path, pages: Path
) -> None:
    into = tmp_path / "office"
    names = listing(samples, tmp_path / "list-2026-09.xlsx", ("1.000001", NAMED))
    report = run_import([pages, names], into)
    assert report.outcomes == {"1.000009": Outcome.NEW, "1.000001": Outcome.NEW}
    assert len(report.foreign) == 3
    record = Catalogue.load([into])["1.000001"]
    assert (record.name, record.field, record.levels) == (NAMED, "Căn cước", (Level.COMMUNE,))
    assert (record.documents, record.fees, record.processing_times) == ((), (), ())
    assert record.provenance.source != LINK
    assert record.provenance.last_checked == date(2026, 7, 1)


def test_an_import_removes_what_an_earlier_one_took(
    samples: ModuleType, tmp_path: Path, rows: list[dict[str, Any]], pages: Path
) -> None:
    into = tmp_path / "office"
    one = tmp_path / "one-2026-06.jsonl"
    one.write_text(json.dumps(rows[0]), encoding="utf-8")
    run_import([one], into)
    assert "1.000001" in Catalogue.load([into])
    report = run_import([pages], into)
    assert report.outcomes == {"1.000001": Outcome.REMOVED, "1.000009": Outcome.NEW}
    assert "1.000001" not in Catalogue.load([into])


def test_the_packaged_index_has_nothing_of_a_foreign_page() -> None:
    catalogue = Catalogue.load()
    certain = {"code", "kind", "name", "field", "levels", "executing_agency", "family", "separator"}
    for code in FOREIGN:
        record = catalogue[code]
        assert record.kind is RecordKind.INDEX_ENTRY
        said = set(record.model_dump(exclude_defaults=True)) - {"provenance"}
        assert said <= certain, code
        assert not record.name.startswith(("Hỗ trợ phát triển sản xuất", "Công bố Danh mục"))
        assert record.provenance.decision == ""


@pytest.mark.shared
def test_the_real_records(shared_data: Path) -> None:
    files = [shared_data / "national-2026-07.jsonl.zst", *shared_data.glob("portal-list-*.xlsx")]
    _, foreign = without_foreign(read(*files))
    assert sorted(item.found.record.code for item in foreign) == sorted(FOREIGN)
    assert all(item.others and item.listed for item in foreign)
    shares = [shared_words(item.listed, item.found.record.name) for item in foreign]
    assert max(shares) < 0.13
