from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.training import delete_others, fingerprint, model_path, train


def test_a_model_in_a_relative_folder_outlives_the_clean_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    models = Path("data/models")
    models.mkdir(parents=True)
    for name in ("motcua-new.tar.gz", "motcua-old.tar.gz", "other.tar.gz"):
        (models / name).write_bytes(b"x")
    delete_others(models / "motcua-new.tar.gz")
    assert sorted(p.name for p in models.iterdir()) == ["motcua-new.tar.gz", "other.tar.gz"]
    delete_others((models / "motcua-new.tar.gz").resolve())
    assert (models / "motcua-new.tar.gz").exists()


def test_models_that_are_still_needed_stay(tmp_path: Path) -> None:
    for name in ("motcua-new.tar.gz", "motcua-current.tar.gz", "motcua-old.tar.gz"):
        (tmp_path / name).write_bytes(b"x")
    delete_others(tmp_path / "motcua-new.tar.gz", [tmp_path / "motcua-current.tar.gz"])
    left = sorted(p.name for p in tmp_path.iterdir())
    assert left == ["motcua-current.tar.gz", "motcua-new.tar.gz"]


def test_a_model_of_the_same_files_is_not_trained_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    target = model_path(settings)
    target.parent.mkdir(parents=True)
    target.write_bytes(b"trained before")
    assert train(settings) == target.resolve()
    assert fingerprint() in target.name
    assert target.read_bytes() == b"trained before"
