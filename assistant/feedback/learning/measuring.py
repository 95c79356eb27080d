"""Trains and measures a release in processes of their own, and compares two measurements."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import SecretStr

from assistant.settings import Settings
from assistant.training import RASA_ENVIRONMENT, train

_NOT_HANDED_ON: Final = frozenset({"database_url", "redis_url", "release"})


class MeasuringFailedError(RuntimeError):
    """Raised when a measurement could not be made; says where its log is."""


class Workshop(Protocol):
    """Trains and measures; tests put their own in its place."""

    def train(self, settings: Settings) -> str:
        """Trains the model of the settings' release and returns its name."""
        ...

    def measure(self, settings: Settings, questions: Path, name: str) -> dict[str, Any]:
        """Plays the fixed set and regression questions with the settings' release."""
        ...


class Processes:
    """The real workshop: what training and measuring need is gone when they end."""

    def train(self, settings: Settings) -> str:
        """Trains the model of the settings' release, if there is none yet.

        Raises:
            TrainingFailedError: When Rasa gave no model.
        """
        return settings.model or train(settings).name

    def measure(self, settings: Settings, questions: Path, name: str) -> dict[str, Any]:
        """Runs ``motcua evaluate fixed`` and reads its verdicts.

        Args:
            settings: Name the release to measure.
            questions: Regression questions.
            name: What to call the log and the verdicts.

        Raises:
            MeasuringFailedError: When the program ended with an error.
        """
        folder = settings.learned.root / "measured"
        folder.mkdir(parents=True, exist_ok=True)
        output, log = folder / f"{name}.json", folder / f"{name}.log"
        output.unlink(missing_ok=True)
        command = [
            sys.executable, "-m", "assistant.cli", "evaluate", "fixed",
            "--regressions", str(questions.resolve()), "--output", str(output.resolve()),
        ]  # fmt: skip
        with log.open("wb") as sink:
            code = subprocess.run(  # noqa: S603 - our own module
                command, stdout=sink, stderr=subprocess.STDOUT, env=environment(settings),
                check=False,
            ).returncode  # fmt: skip
        if code or not output.is_file():
            raise MeasuringFailedError(f"Measuring ended with code {code}; see {log}.")
        found: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        return found


def environment(settings: Settings) -> dict[str, str]:
    """The environment that makes another process use the same settings.

    A setting that was not given stays as the environment has it; secrets and the database, which
    measuring does not use, are not handed on.
    """
    chosen = {**os.environ, **RASA_ENVIRONMENT}
    for name in settings.model_fields_set - _NOT_HANDED_ON:
        value = getattr(settings, name)
        if not isinstance(value, SecretStr):
            chosen[f"MOTCUA_{name.upper()}"] = str(value)
    chosen["MOTCUA_DATA_DIR"] = str(settings.data_dir.resolve())
    if settings.release is not None:
        chosen["MOTCUA_RELEASE"] = str(settings.release)
    return chosen


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two measurements side by side.

    Attributes:
        fallen: Figures that got worse: name, before, after.
        broken: Ids of questions that were right before and are wrong now.
        mended: Ids of questions that were wrong before and are right now.
        returned: Ids of old regression questions that go wrong again.
    """

    fallen: tuple[tuple[str, float, float], ...]
    broken: tuple[str, ...]
    mended: tuple[str, ...]
    returned: tuple[str, ...]

    @property
    def worse(self) -> bool:
        """Whether the release may not be used."""
        return bool(self.fallen or self.returned)


def compare(before: Mapping[str, Any], after: Mapping[str, Any], old: Sequence[str]) -> Comparison:
    """Compares the measurements before and after a change.

    Args:
        before: The measurement of the release in use.
        after: That of the candidate.
        old: Ids of the regression questions of earlier releases.
    """
    fallen = []
    for name in (*after["watched"], *after["forbidden"]):
        then, now = (float(m["figures"].get(name, 0.0)) for m in (before, after))
        rise = now - then if name in after["forbidden"] else then - now
        if rise > 1e-9:
            fallen.append((name, then, now))
    was, is_now = before["questions"], after["questions"]
    changed = [i for i in was if i in is_now and was[i]["correct"] != is_now[i]["correct"]]
    again = [
        i
        for i in old
        if before["regressions"].get(i, {}).get("correct")
        and not after["regressions"].get(i, {}).get("correct")
    ]
    return Comparison(
        tuple(fallen),
        tuple(i for i in changed if was[i]["correct"]),
        tuple(i for i in changed if is_now[i]["correct"]),
        tuple(again),
    )


def summary(measured: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what of a measurement is kept with the release."""
    names = (*measured["watched"], *measured["forbidden"])
    figures = measured["figures"]
    return {
        "figures": {name: round(figures[name], 4) for name in names if name in figures},
        "right": sum(row["correct"] for row in measured["questions"].values()),
        "of": len(measured["questions"]),
        "regressions": {i: row["correct"] for i, row in measured["regressions"].items()},
        "seconds": round(measured["seconds"], 1),
        "peak_mb": round(measured["peak_mb"]),
    }
