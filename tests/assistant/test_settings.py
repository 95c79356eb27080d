from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings
from connectors.settings import ChannelSettings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


@pytest.mark.parametrize("kind", [Settings, ChannelSettings])
def test_every_setting_is_documented(kind: type[Settings] | type[ChannelSettings]) -> None:
    page = PAGE.read_text("utf-8")
    for name in kind.model_fields:
        assert f"`MOTCUA_{name.upper()}`" in page


def test_several_catalogue_folders_keep_their_order(tmp_path: Path) -> None:
    import os

    both = os.pathsep.join([str(tmp_path / "a"), str(tmp_path / "b")])
    assert Settings(catalogue=both).catalogue_folders == [tmp_path / "a", tmp_path / "b"]


def test_an_unknown_log_level_is_refused() -> None:
    with pytest.raises(ValueError, match="DEBUG"):
        Settings(log_level="LOUD")
