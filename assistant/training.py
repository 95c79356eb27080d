"""Trains the understanding and dialogue model from the project's files."""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from assistant.settings import PROJECT_ROOT, Settings

CONFIG = PROJECT_ROOT / "assistant" / "config.yml"
DOMAIN = PROJECT_ROOT / "assistant" / "domain.yml"
TRAINING_DATA = PROJECT_ROOT / "training_data"
LOG_NAME = "train.log"
RASA_ENVIRONMENT: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}
CONVERSATION_DATA = tuple(TRAINING_DATA / name for name in ("nlu", "rules", "stories"))


class TrainingFailedError(RuntimeError):
    """Raised when Rasa could not train a model."""


def fingerprint(learned: Sequence[Path] = ()) -> str:
    """Names the state of everything that the model is trained from, components included.

    Args:
        learned: Files of learned examples; without any the name is that of the distribution.
    """
    digest = hashlib.sha256()
    files = [CONFIG, DOMAIN]
    for folder in (TRAINING_DATA, PROJECT_ROOT / "assistant" / "nlu"):
        files.extend(p for p in folder.rglob("*") if p.suffix in {".yml", ".py"})
    for path in sorted(files):
        digest.update(str(path.relative_to(PROJECT_ROOT)).encode())
        digest.update(path.read_bytes())
    for path in learned:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def learned_examples(settings: Settings) -> list[Path]:
    """Returns the files of learned examples of the release in use."""
    release = settings.learned_release
    return sorted(release.nlu.glob("*.yml")) if release is not None else []


def model_path(settings: Settings) -> Path:
    """Where the model of the present training data is kept."""
    return settings.models_dir / f"motcua-{fingerprint(learned_examples(settings))}.tar.gz"


def train(settings: Settings, force: bool = False) -> Path:
    """Trains a model, or finds the one already trained from the same files.

    Args:
        settings: Say where models are kept.
        force: Train even when nothing changed.

    Returns:
        The model file.

    Raises:
        TrainingFailedError: When Rasa gave no model.
    """
    target = model_path(settings).resolve()
    if target.exists() and not force:
        return target
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    log = settings.models_dir / LOG_NAME
    with log.open("wb") as file:
        # A process of its own: what training imports and allocates is gone when it ends.
        code = subprocess.run(  # noqa: S603 - our own module
            [
                sys.executable,
                "-m",
                "assistant.training",
                str(target),
                *(str(path.resolve()) for path in learned_examples(settings)),
            ],
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, **RASA_ENVIRONMENT},
            cwd=PROJECT_ROOT,
            check=False,
        ).returncode
    if code or not target.exists():
        raise TrainingFailedError(f"Training ended with code {code}; see {log}.")
    delete_others(target, _models_of_releases(settings))
    return target


def delete_others(model: Path, kept: Collection[Path] = ()) -> None:
    """Deletes the models that stand beside one, which was trained after them.

    Args:
        model: The model that was just trained.
        kept: Others that are still needed.
    """
    needed = {path.resolve() for path in (model, *kept)}
    for other in model.parent.glob("motcua-*.tar.gz"):
        if other.resolve() not in needed:
            other.unlink(missing_ok=True)


def _models_of_releases(settings: Settings) -> list[Path]:
    """The models of every release that can still be chosen, and the one without any."""
    numbers = (0, *settings.learned.numbers())
    return [model_path(settings.model_copy(update={"release": number})) for number in numbers]


def silence_rasa(level: int = logging.WARNING) -> None:
    """Sets what Rasa reads from the environment, and the level of its logs."""
    os.environ.update(RASA_ENVIRONMENT)
    if not sys.warnoptions:  # Rasa and TensorFlow warn of their own age at every import
        warnings.simplefilter("ignore")
        warnings.showwarning = _drop_warning  # some of them reset the filters
    import structlog

    logging.getLogger("rasa").setLevel(level)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))


def _drop_warning(*_args: object, **_kwargs: object) -> None:
    """Shows no warning."""


def _train_here(target: Path, learned: Sequence[str] = ()) -> int:
    """Trains in this process and returns Rasa's exit code."""
    silence_rasa(logging.INFO)
    from rasa.model_training import train as train_rasa

    result = train_rasa(
        domain=str(DOMAIN),
        config=str(CONFIG),
        training_files=[*(str(path) for path in CONVERSATION_DATA if path.exists()), *learned],
        output=str(target.parent),
        fixed_model_name=target.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    return int(result.code)


if __name__ == "__main__":
    sys.exit(_train_here(Path(sys.argv[1]).resolve(), sys.argv[2:]))
