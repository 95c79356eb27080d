from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.loader import CatalogueError
from knowledge_base.search.everyday import load_everyday


def test_reads_codes_as_text_and_joins_files(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("1.001190: [ 'làm  khai sinh ', 'khai sanh' ]\n", "utf-8")
    (tmp_path / "b.yml").write_text('"1.001190": [khai sanh, giấy khai sinh]\n', "utf-8")
    assert load_everyday(tmp_path) == {"1.001190": ("làm khai sinh", "khai sanh", "giấy khai sinh")}


def test_a_missing_or_empty_folder_is_an_empty_lexicon(tmp_path: Path) -> None:
    (tmp_path / "empty.yml").write_text("# nothing yet\n", "utf-8")
    assert load_everyday(tmp_path) == load_everyday(tmp_path / "absent") == {}


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("1.001193: [một]\n", "utf-8")
    assert load_everyday(tmp_path)["1.001193"] == ("một",)
    file.write_text("1.001193: [một, hai]\n", "utf-8")
    assert load_everyday(tmp_path)["1.001193"] == ("một", "hai")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("- a\n", "not a mapping"),
        ("hello: [a]\n", "not a national code"),
        ("1.001193: a\n", "not a list"),
        ("1.001193: [a, '']\n", "not a list"),
        ("1.001193: [\n", "cannot be read"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.yml").write_text(content, "utf-8")
    with pytest.raises(CatalogueError, match=reason) as caught:
        load_everyday(tmp_path)
    assert caught.value.problems[0].file.endswith("a.yml")


def test_the_packaged_lexicon_is_sound() -> None:
    assert sum(map(len, load_everyday().values())) > 1_000


def test_further_folders_add_to_the_first(tmp_path: Path) -> None:
    own, learned = tmp_path / "own", tmp_path / "learned"
    for folder, text in ((own, "một, hai"), (learned, "hai, ba")):
        folder.mkdir()
        (folder / "a.yml").write_text(f"1.001193: [{text}]\n", "utf-8")
    assert load_everyday(own, learned) == {"1.001193": ("một", "hai", "ba")}
    assert load_everyday(own, tmp_path / "absent") == {"1.001193": ("một", "hai")}
