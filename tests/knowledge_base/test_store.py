"""The catalogue lays folders over each other and survives what is broken in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import zstandard

from knowledge_base.loader import CatalogueError
from knowledge_base.schema import Procedure, RecordKind
from knowledge_base.store import Catalogue, dump, inherit_words

CARD = """
code: "1.000001"
name: {name}
aliases: [làm giấy]
field: Hộ tịch
levels: [commune]
family: giay
provenance: {{source: "https://dichvucong.gov.vn/x", last_checked: 2026-11-20}}
"""


def record(code: str, name: str, **more: Any) -> Procedure:
    return Procedure.model_validate(
        {
            "code": code,
            "name": name,
            "kind": RecordKind.INDEX_ENTRY,
            "field": "Hộ tịch",
            "levels": ["province"],
            "provenance": {"source": "https://dichvucong.gov.vn/x", "last_checked": "2026-07-01"},
            **more,
        }
    )


def write_index(folder: Path, *records: Procedure) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{dump(r)}\n" for r in records)
    (folder / "index.jsonl.zst").write_bytes(zstandard.compress(text.encode()))


def write_card(folder: Path, name: str = "Thẻ", file: str = "card.yml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file
    path.write_text(CARD.format(name=name), encoding="utf-8")
    return path


def test_a_card_comes_before_an_index_entry_of_the_same_code(tmp_path: Path) -> None:
    write_index(tmp_path / "national", record("1.000001", "Mục"), record("1.000002", "Mục hai"))
    write_card(tmp_path / "cards")
    catalogue = Catalogue.load([tmp_path])
    assert [r.code for r in catalogue] == ["1.000001", "1.000002"]
    assert catalogue["1.000001"].name == "Thẻ"
    assert catalogue["1.000001"].kind is RecordKind.CARD
    assert "1.000002" in catalogue
    assert "1.000003" not in catalogue
    assert catalogue.get("1.000003") is None


def test_an_import_replaces_a_card_but_keeps_its_words(tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    (tmp_path / "imported").mkdir()
    (tmp_path / "imported" / "records.jsonl").write_text(
        dump(record("1.000001", "Nhập")) + "\n", encoding="utf-8"
    )
    found = Catalogue.load([tmp_path])["1.000001"]
    assert found.name == "Nhập"
    assert found.aliases == ("làm giấy",)
    assert found.family == "giay"


def test_words_of_an_import_are_its_own_where_it_has_some() -> None:
    card = record("1.000001", "Thẻ", aliases=("cũ",), separator="cũ")
    imported = record("1.000001", "Nhập", aliases=("mới",))
    assert inherit_words(imported, card).aliases == ("mới",)
    assert inherit_words(imported, card).separator == "cũ"
    assert inherit_words(imported, None) is imported


def test_a_later_folder_comes_first(tmp_path: Path) -> None:
    write_card(tmp_path / "a" / "cards", "Trước")
    write_card(tmp_path / "b" / "cards", "Sau")
    folders = [tmp_path / "a", tmp_path / "b"]
    assert Catalogue.load(folders)["1.000001"].name == "Sau"
    assert Catalogue.load(folders[::-1])["1.000001"].name == "Trước"


def test_a_folder_of_nothing_but_cards_is_read(tmp_path: Path) -> None:
    write_card(tmp_path)
    assert len(Catalogue.load([tmp_path])) == 1


def test_fields_and_families(tmp_path: Path) -> None:
    write_index(
        tmp_path / "national", record("1.000002", "Hai", family="giay"), record("1.000003", "Ba")
    )
    write_card(tmp_path / "cards")
    catalogue = Catalogue.load([tmp_path])
    assert catalogue.fields() == {"Hộ tịch": 3}
    assert [r.code for r in catalogue.in_field("Hộ tịch")] == ["1.000001", "1.000002", "1.000003"]
    assert [r.code for r in catalogue.family("giay")] == ["1.000001", "1.000002"]
    assert catalogue.family("khác") == ()
    assert catalogue.in_field("khác") == ()


def test_compiled_cards_equal_their_source_and_follow_its_changes(tmp_path: Path) -> None:
    path = write_card(tmp_path / "cards")
    cache = tmp_path / "cache"
    first = Catalogue.load([tmp_path], cache)
    assert len(list(cache.iterdir())) == 1
    again = Catalogue.load([tmp_path], cache)
    assert list(again) == list(first) == list(Catalogue.load([tmp_path]))
    assert again.version == first.version
    path.write_text(CARD.format(name="Đổi"), encoding="utf-8")
    changed = Catalogue.load([tmp_path], cache)
    assert changed["1.000001"].name == "Đổi"
    assert changed.version != first.version


def test_a_damaged_cache_is_not_trusted(tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    cache = tmp_path / "cache"
    Catalogue.load([tmp_path], cache)
    next(cache.iterdir()).write_text('{"code": "1.00', encoding="utf-8")
    assert Catalogue.load([tmp_path], cache)["1.000001"].name == "Thẻ"


def test_what_is_broken_is_reported_and_the_rest_is_kept(tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    (tmp_path / "cards" / "bad.yml").write_text("code: [", encoding="utf-8")
    (tmp_path / "national").mkdir()
    (tmp_path / "national" / "index.jsonl").write_text(
        dump(record("1.000002", "Hai")) + '\n{"code": "x"}\n\n', encoding="utf-8"
    )
    (tmp_path / "national" / "index-2.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfdbroken")
    catalogue = Catalogue.load([tmp_path])
    assert len(catalogue) == 2
    told = "\n".join(map(str, catalogue.problems))
    assert "bad.yml" in told
    assert "index.jsonl: line 2: code" in told
    assert "index-2.jsonl.zst: cannot be read" in told


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="is not a folder"):
        Catalogue.load([tmp_path / "none"])
    with pytest.raises(CatalogueError, match="holds no record"):
        Catalogue.load([tmp_path])


def test_the_packaged_catalogue_loads_without_a_problem() -> None:
    catalogue = Catalogue.load()
    assert catalogue["1.001193"].name == "Đăng ký khai sinh"
    assert len(catalogue.version) == 16


def test_records_in_hand_make_a_catalogue() -> None:
    one, two = record("1.000002", "Hai"), record("1.000001", "Một")
    catalogue = Catalogue([one, two])
    assert list(catalogue) == [two, one]
    assert catalogue.version != Catalogue([one]).version
