"""An import reports what it did, can be repeated, and loses nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from knowledge_base.importers.run import RECORDS, Outcome, run_import
from knowledge_base.loader import CatalogueError
from knowledge_base.store import IMPORTED, Catalogue


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_a_first_import_and_its_repetition(tmp_path: Path, samples: ModuleType) -> None:
    file = write(tmp_path / "a-2026-07.jsonl", samples.page("1.000001"), samples.defence())
    into = tmp_path / "office"
    first = run_import([file], into)
    assert (first.read, first.count(Outcome.NEW)) == (2, 2)
    assert len(Catalogue.load([into])) == 2
    written = (into / IMPORTED / RECORDS).read_bytes()
    again = run_import([file], into)
    assert again.count(Outcome.UNCHANGED) == 2
    assert again.changes == []
    assert (into / IMPORTED / RECORDS).read_bytes() == written


def test_a_changed_record_is_told_field_by_field(tmp_path: Path, samples: ModuleType) -> None:
    into = tmp_path / "office"
    run_import([write(tmp_path / "a-2026-07.jsonl", samples.page(), samples.defence())], into)
    report = run_import(
        [write(tmp_path / "b-2026-08.jsonl", samples.page(linh_vuc="Chứng thực"))], into
    )
    assert report.count(Outcome.CHANGED) == 1
    changes = {change.field: (change.before, change.after) for change in report.changes}
    assert changes["field"] == ("Hộ tịch", "Chứng thực")
    assert set(changes) == {"field", "provenance"}
    assert len(Catalogue.load([into])) == 2


def test_an_older_or_a_brief_record_does_not_replace(tmp_path: Path, samples: ModuleType) -> None:
    into = tmp_path / "office"
    run_import([write(tmp_path / "b-2026-08.jsonl", samples.page())], into)
    older = write(tmp_path / "a-2026-07.jsonl", samples.page(name="Tên cũ"))
    brief = samples.portal_list(
        tmp_path / "list-2026-09.xlsx",
        ("1.000001", "Tên trong danh sách", "", "", "Hộ tịch"),
        ("1.000009", "Chỉ có trong danh sách", "", "", "Hộ tịch"),
    )
    report = run_import([older], into)
    assert report.outcomes == {"1.000001": Outcome.KEPT}
    report = run_import([brief], into)
    assert report.outcomes == {"1.000001": Outcome.KEPT, "1.000009": Outcome.NEW}
    assert Catalogue.load([into])["1.000001"].name == "Cấp giấy mẫu"


def test_of_two_records_in_one_run_the_newer_counts(tmp_path: Path, samples: ModuleType) -> None:
    newer = write(tmp_path / "b-2026-08.jsonl", samples.page(name="Tên mới"))
    older = write(tmp_path / "a-2026-07.jsonl", samples.page(name="Tên cũ và dài hơn nhiều"))
    for order in ([newer, older], [older, newer]):
        into = tmp_path / f"office-{order[0].stem}"
        report = run_import(order, into)
        assert report.read == 2
        assert Catalogue.load([into])["1.000001"].name == "Tên mới"


def test_a_card_is_replaced_but_keeps_its_words(tmp_path: Path, samples: ModuleType) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    (cards / "a.yml").write_text(
        'code: "1.000001"\nname: Cũ\naliases: [làm giấy]\nfield: Hộ tịch\nlevels: [commune]\n'
        "provenance: {source: 'https://dichvucong.gov.vn', last_checked: 2026-01-01}\n",
        encoding="utf-8",
    )
    file = write(tmp_path / "a-2026-07.jsonl", samples.page())
    assert run_import([file], tmp_path).count(Outcome.CHANGED) == 1
    record = Catalogue.load([tmp_path])["1.000001"]
    assert (record.name, record.aliases) == ("Cấp giấy mẫu", ("làm giấy",))
    assert run_import([file], tmp_path).count(Outcome.UNCHANGED) == 1


def test_a_broken_file_is_reported_and_nothing_is_lost(tmp_path: Path, samples: ModuleType) -> None:
    into = tmp_path / "office"
    run_import([write(tmp_path / "a-2026-07.jsonl", samples.page())], into)
    bad = write(tmp_path / "b-2026-08.jsonl", {"x": 1}, {**samples.page("1.00"), "ma_thu_tuc": "x"})
    good = write(tmp_path / "c-2026-08.jsonl", samples.page("1.000008"))
    report = run_import([bad, good], into)
    assert report.read == 1
    assert [(r.row, "code" in r.reason or "unknown" in r.reason) for r in report.rejected] == [
        (1, True),
        (2, True),
    ]
    assert [r.code for r in Catalogue.load([into])] == ["1.000001", "1.000008"]


def test_unreadable_records_stop_an_import_before_it_writes(
    tmp_path: Path, samples: ModuleType
) -> None:
    own = tmp_path / IMPORTED
    own.mkdir()
    (own / RECORDS).write_text('{"code": "broken"}\n', encoding="utf-8")
    file = write(tmp_path / "a-2026-07.jsonl", samples.page())
    with pytest.raises(CatalogueError):
        run_import([file], tmp_path)
    assert (own / RECORDS).read_text("utf-8") == '{"code": "broken"}\n'


def test_a_dry_run_writes_nothing(tmp_path: Path, samples: ModuleType) -> None:
    file = write(tmp_path / "a-2026-07.jsonl", samples.page())
    report = run_import([file], tmp_path / "office", dry_run=True)
    assert report.count(Outcome.NEW) == 1
    assert not (tmp_path / "office").exists()


def test_the_day_may_be_given_and_progress_is_told(tmp_path: Path, samples: ModuleType) -> None:
    file = write(tmp_path / "a-2026-07.jsonl", samples.page(), samples.defence())
    seen: list[int] = []
    run_import(
        [file],
        tmp_path / "office",
        as_of=date(2026, 11, 20),
        progress=lambda _, count: seen.append(count),
    )
    assert seen == [1, 2]
    record = Catalogue.load([tmp_path / "office"])["1.000001"]
    assert record.provenance.last_checked == date(2026, 11, 20)


def test_rates_count_what_records_state(tmp_path: Path, samples: ModuleType) -> None:
    file = write(tmp_path / "a-2026-07.jsonl", samples.page(), samples.commune())
    rates = run_import([file], tmp_path / "office").rates.as_dict()
    assert rates["steps"] == rates["time"] == 100.0
    assert rates["fee_amount"] == rates["page"] == 50.0
    assert rates["conditions"] == 0.0


def test_codes_that_differ_in_level_become_a_family(tmp_path: Path, samples: ModuleType) -> None:
    file = write(
        tmp_path / "a-2026-07.jsonl",
        samples.page("1.000001", "Cấp lại thẻ (thực hiện tại cấp xã)"),
        samples.page("1.000002", "Cấp lại thẻ (thực hiện tại cấp tỉnh)", cap_thuc_hien="Cấp tỉnh"),
    )
    run_import([file], tmp_path / "office")
    one, two = Catalogue.load([tmp_path / "office"])
    assert one.family == two.family != ""
    assert (one.separator, two.separator) == ("làm ở xã, phường", "làm ở tỉnh, thành phố")
