"""The reader that several tests share; it keeps no state between messages."""

from __future__ import annotations

import pytest

from vietnamese.reader import Reader


@pytest.fixture(scope="session")
def reader() -> Reader:
    """Loads the shipped model and lexicons once."""
    return Reader.load()
