"""The committed widget is what its source builds, and small."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "connectors" / "web"
BUILT = ROOT / "assistant" / "web" / "static" / "widget.js"


def test_the_widget_is_at_most_fifteen_kilobytes_compressed() -> None:
    assert len(gzip.compress(BUILT.read_bytes(), 9)) <= 15_000


def test_the_widget_uses_nothing_that_a_strict_policy_forbids() -> None:
    text = BUILT.read_text("utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert re.findall(forbidden, text) == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)[a-z]", text) == []
    assert "document.cookie" not in text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_types_are_sound_and_the_source_builds_the_committed_file() -> None:
    if not (SOURCE / "node_modules" / "esbuild").is_dir():
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(install, cwd=SOURCE, check=True, capture_output=True)
    done = subprocess.run(
        ["npm", "run", "--silent", "check"], cwd=SOURCE, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
