"""Which release is in use, and what it lays over the distribution."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.learned import LearnedFolder
from assistant.settings import PACKAGED_CATALOGUE, Settings
from assistant.training import fingerprint, model_path


def release(data_dir: Path, number: int, *parts: str) -> Path:
    folder = data_dir / "learned" / "releases" / str(number)
    for part in ("", *parts):
        (folder / part).mkdir(parents=True, exist_ok=True)
    return folder


def point(data_dir: Path, text: str) -> None:
    (data_dir / "learned").mkdir(exist_ok=True)
    (data_dir / "learned" / "current").write_text(text)


def test_nothing_is_learned_at_first(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert settings.learned.current() == 0
    assert settings.learned.numbers() == []
    assert settings.learned_release is None
    assert settings.catalogue_folders == [PACKAGED_CATALOGUE]


def test_the_pointer_names_the_release(tmp_path: Path) -> None:
    release(tmp_path, 2, "catalogue")
    release(tmp_path, 10)
    point(tmp_path, "2\n")
    settings = Settings(data_dir=tmp_path)
    assert settings.learned.numbers() == [2, 10]
    assert settings.catalogue_folders[-1] == tmp_path / "learned" / "releases" / "2" / "catalogue"
    assert settings.own_catalogue_folders == [PACKAGED_CATALOGUE]
    point(tmp_path, "10")
    assert settings.learned_release is not None
    assert settings.learned_release.number == 10
    assert settings.catalogue_folders == [PACKAGED_CATALOGUE]


def test_a_number_of_the_settings_comes_before_the_pointer(tmp_path: Path) -> None:
    release(tmp_path, 1, "catalogue")
    point(tmp_path, "1")
    assert Settings(data_dir=tmp_path, release=0).learned_release is None
    point(tmp_path, "0")
    chosen = Settings(data_dir=tmp_path, release=1).learned_release
    assert chosen is not None
    assert chosen.number == 1


@pytest.mark.parametrize("text", ["", "7", "eins", "-1", "../x", "²"])
def test_a_pointer_to_nothing_means_nothing(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    release(tmp_path, 1)
    point(tmp_path, text)
    assert LearnedFolder(tmp_path / "learned").current() == 0
    assert caplog.records


def test_the_model_depends_on_learned_examples_alone(tmp_path: Path) -> None:
    folder = release(tmp_path, 1, "nlu", "everyday_names")
    (folder / "everyday_names" / "office.yml").write_text('"1.001193": [giấy lá sen]\n', "utf-8")
    point(tmp_path, "1")
    settings = Settings(data_dir=tmp_path)
    assert model_path(settings).name == f"motcua-{fingerprint()}.tar.gz"
    (folder / "nlu" / "office.yml").write_text("nlu: []\n", "utf-8")
    assert model_path(settings).name != f"motcua-{fingerprint()}.tar.gz"
    without = Settings(data_dir=tmp_path, release=0)
    assert model_path(without).name == f"motcua-{fingerprint()}.tar.gz"
