"""The national index holds facts, not prose, and is compact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from knowledge_base.index import entry, shorten, with_families, write_index
from knowledge_base.schema import Procedure, RecordKind
from knowledge_base.store import PACKAGED, Catalogue, dump, index_files


def record(code: str = "1.000001", name: str = "Cấp giấy", **more: Any) -> Procedure:
    return Procedure.model_validate(
        {
            "code": code,
            "name": name,
            "field": "Hộ tịch",
            "levels": ["commune"],
            "provenance": {"source": "https://dichvucong.gov.vn", "last_checked": "2026-07-01"},
            **more,
        }
    )


def test_an_entry_has_no_prose() -> None:
    full = record(
        steps=["Nộp hồ sơ."],
        conditions=["Đủ 14 tuổi."],
        documents=[
            {
                "case": "Nộp trực tiếp",
                "note": "Lưu ý",
                "documents": [
                    {
                        "name": "Giấy " + "rất " * 60 + "dài",
                        "originals": 1,
                        "note": "Ghi chú",
                        "form": {"number": "Mẫu 01", "file": "mau.doc"},
                    },
                    {"name": "Đơn", "form": {"file": "don.doc"}},
                ],
            }
        ],
        fees=[{"state": "free", "source": "Miễn " + "phí " * 90, "case": "hộ nghèo"}],
        processing_times=[{"value": 3, "unit": "day", "note": "n", "source": "s", "case": "c"}],
        submissions=[{"method": "online", "note": "Nộp trên cổng", "place": "Cổng"}],
    )
    short = entry(full)
    assert short.kind is RecordKind.INDEX_ENTRY
    assert (short.steps, short.conditions) == ((), ())
    [case] = short.documents
    assert (case.case, case.note) == ("Nộp trực tiếp", "")
    assert len(case.documents[0].name) <= 160
    assert case.documents[0].name.endswith("…")
    form = case.documents[0].form
    assert form is not None
    assert (form.number, form.file) == ("Mẫu 01", "")
    assert case.documents[1].form is None
    assert short.fees[0].source.endswith("…")
    assert short.processing_times[0].case == "c"
    assert short.submissions[0].note == short.submissions[0].place == ""


def test_shorten_ends_at_a_word() -> None:
    assert shorten("Giấy chứng sinh của trẻ", 16) == "Giấy chứng sinh…"
    assert shorten("Giấy chứng sinh", 16) == "Giấy chứng sinh"


def test_families_join_codes_that_differ_in_level_alone() -> None:
    commune = record("1.000001", "Cấp lại thẻ")
    province = record("1.000002", "Cấp lại thẻ (thực hiện tại cấp tỉnh)", levels=["province"])
    other = record("1.000003", "Cấp đổi thẻ")
    one, two, three = with_families([commune, province, other])
    assert one.family == two.family == "cap-lai-the.1.000001"
    assert (one.separator, two.separator) == ("làm ở xã, phường", "làm ở tỉnh, thành phố")
    assert three.family == ""


def test_the_same_name_at_the_same_level_is_no_family() -> None:
    same = [record("1.000001", "Cấp giấy"), record("1.000002", "Cấp giấy")]
    assert with_families(same) == same


def test_the_fuller_of_two_entries_is_written(tmp_path: Path) -> None:
    path = tmp_path / "national" / "index.jsonl.zst"
    size = write_index([record(), record(name="Cấp giấy đầy đủ hơn"), record("1.000000")], path)
    assert size == path.stat().st_size
    catalogue = Catalogue.load([tmp_path])
    assert [r.code for r in catalogue] == ["1.000000", "1.000001"]
    assert catalogue["1.000001"].name == "Cấp giấy đầy đủ hơn"


def test_the_packaged_index() -> None:
    [path] = index_files(PACKAGED)
    assert path.stat().st_size < 2_000_000
    catalogue = Catalogue.load()
    entries = [r for r in catalogue if r.kind is RecordKind.INDEX_ENTRY]
    assert len(catalogue) >= 3011
    assert all(not r.steps and not r.conditions for r in entries)
    assert all(len(dump(r)) < 40_000 for r in entries)


def test_a_card_takes_the_family_of_the_entry_it_covers(tmp_path: Path) -> None:
    pair = with_families(
        [
            record("1.000001", "Cấp lại thẻ", kind="index_entry"),
            record("1.000002", "Cấp lại thẻ (cấp tỉnh)", levels=["province"], kind="index_entry"),
        ]
    )
    write_index(pair, tmp_path / "national" / "index.jsonl.zst")
    cards = tmp_path / "cards"
    cards.mkdir()
    text = (
        'code: "1.000001"\nname: Cấp lại thẻ\nfield: Hộ tịch\nlevels: [commune]\n{more}'
        "provenance: {{source: 'https://dichvucong.gov.vn', last_checked: 2026-11-20}}\n"
    )
    (cards / "a.yml").write_text(text.format(more=""), encoding="utf-8")
    one, two = Catalogue.load([tmp_path])
    assert one.family == two.family == pair[0].family
    assert one.separator == "làm ở xã, phường"
    (cards / "a.yml").write_text(
        text.format(more="family: cap-lai-the\nseparator: mất thẻ\n"), encoding="utf-8"
    )
    one, two = Catalogue.load([tmp_path])
    assert one.family == two.family == "cap-lai-the"
    assert (one.separator, two.separator) == ("mất thẻ", "làm ở tỉnh, thành phố")
