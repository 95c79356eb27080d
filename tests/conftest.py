"""Fixtures that several packages share."""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path

import pytest

from assistant.without_tensorflow import hide_tensorflow

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MOTCUA_SHARED", ROOT.parent / "shared"))

with warnings.catch_warnings():
    # Rasa 3.6 and its libraries warn of their own age while they are imported. Importing them
    # here, once, keeps every warning of our own code an error.
    warnings.simplefilter("ignore")
    hide_tensorflow()
    import rasa.core.agent
    import rasa.core.lock_store
    import rasa.model_training  # noqa: F401

logging.getLogger().handlers.clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips tests marked ``shared`` where the reference data is absent."""
    if (SHARED / "data").is_dir():
        return
    skip = pytest.mark.skip(reason="the reference data is not beside the checkout")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public procedure data beside the checkout."""
    return SHARED / "data"
