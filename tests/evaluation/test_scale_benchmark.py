from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from evaluation.benchmarks.search_scale import Cost, enlarge, main, write_page
from knowledge_base.store import Catalogue


def test_a_larger_catalogue_keeps_the_records_and_adds_variations() -> None:
    records = list(Catalogue.load())[:50]
    larger = list(enlarge(records, 3, 1))
    assert larger[:50] == records
    assert len({record.code for record in larger}) == 150
    assert any(one.name != other.name for one, other in zip(records, larger[50:], strict=False))


def test_one_size_is_measured_and_written(tmp_path: Path) -> None:
    raw = tmp_path / "raw.jsonl"
    row = {
        "ma_thu_tuc": "1.000178",
        "detail_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x",
        "ten_thu_tuc": "Đăng ký một việc",
        "cap_thuc_hien": "Cấp xã",
        "linh_vuc": "Hộ tịch",
    }
    raw.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    page = tmp_path / "scale.md"
    arguments = ["--times", "1", "--questions", "5", "--records", str(raw), "--page", str(page)]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    cost = json.loads(result.stdout)
    assert cost["records"] > 3000
    assert cost["import_s"] is not None
    assert f"| 1 | {cost['records']:,} |" in page.read_text(encoding="utf-8")
    assert (tmp_path / "scale" / "scale.svg").read_text(encoding="utf-8").count("<svg") == 1


def test_what_was_not_measured_is_not_claimed(tmp_path: Path) -> None:
    page = tmp_path / "scale.md"
    write_page([Cost(1, 10, None, 1.0, 0.1, 1.0, 100.0, 2.0, 3.0)], page, None)
    text = page.read_text(encoding="utf-8")
    assert "| 1 | 10 | – |" in text
    assert "it was not measured here" in text
