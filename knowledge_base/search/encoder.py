"""Turns texts into vectors, without torch when the model is a static one.

A static embedding in the standard sentence-transformers format is a tokenizer and one matrix: a
text's vector is the mean of its tokens' rows, scaled to length one. That is little enough to
compute here, so that serving needs neither torch nor sentence-transformers. Any other model goes
through sentence-transformers itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

PACKAGED = Path(__file__).resolve().parents[1] / "models"
"""The trained models of this distribution."""

STATIC_TYPE = "StaticEmbedding"


class EncoderError(RuntimeError):
    """Raised when an encoder cannot be loaded; says what to do about it."""


class Encoder(Protocol):
    """Anything that turns texts into vectors of length one."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors of some text may change."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns one vector of length one a text, shape ``(len(texts), dimensions)``.

        A text without a single known token gets the zero vector.
        """
        ...


class StaticEncoder:
    """Reads a static embedding saved by sentence-transformers."""

    def __init__(
        self, tokenizer: Tokenizer, matrix: npt.NDArray[np.float16 | np.float32], name: str
    ) -> None:
        """Keeps a tokenizer and the vectors of its tokens, shape ``(tokens, dimensions)``."""
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._matrix = matrix.astype(np.float32)
        self._name = name

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """Loads a model.

        Args:
            folder: What ``SentenceTransformer.save`` wrote.

        Raises:
            EncoderError: The folder holds no static embedding.
        """
        part = static_part(folder)
        if part is None:
            raise EncoderError(f"{folder}: not a static embedding in sentence-transformers format")
        weights = next(iter(sorted(part.glob("*.safetensors"))), None)
        if weights is None or not (part / "tokenizer.json").is_file():
            raise EncoderError(f"{part}: tokenizer.json or the .safetensors file is missing")
        digest = blake2b(digest_size=8)
        digest.update((part / "tokenizer.json").read_bytes())
        digest.update(weights.read_bytes())
        tensors = load_file(weights)
        matrix = tensors.get("embedding.weight", tensors.get("embeddings"))
        if matrix is None:
            raise EncoderError(f"{weights}: no embedding matrix among {sorted(tensors)}")
        tokenizer = Tokenizer.from_file(str(part / "tokenizer.json"))
        return cls(tokenizer, matrix, digest.hexdigest())

    @property
    def fingerprint(self) -> str:
        """Hash of the model's files."""
        return self._name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns one vector a text, shape ``(len(texts), dimensions)``."""
        vectors = np.zeros((len(texts), self._matrix.shape[1]), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                vectors[row] = self._matrix[encoding.ids].mean(axis=0)
        norms = np.sqrt(np.square(vectors).sum(axis=1, keepdims=True))
        result: Vectors = vectors / np.maximum(norms, 1e-12)
        return result


class TransformerEncoder:
    """Any sentence-transformers model, by its hub name or folder."""

    def __init__(self, name: str) -> None:
        """Loads the model.

        Args:
            name: Hub name or folder.

        Raises:
            EncoderError: sentence-transformers is not installed, or cannot load the model.
        """
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EncoderError(
                f"the encoder {name!r} needs sentence-transformers: install the extra "
                "'transformers' (uv sync --extra transformers), or leave the encoder unset"
            ) from error
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except (OSError, ValueError) as error:
            raise EncoderError(f"the encoder {name!r} cannot be loaded: {error}") from error
        self._name = name

    @property
    def fingerprint(self) -> str:
        """The name of the model and the size of its vectors."""
        return f"{self._name}:{self._model.get_sentence_embedding_dimension()}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns one vector a text, shape ``(len(texts), dimensions)``."""
        vectors = self._model.encode(
            list(texts),
            batch_size=64,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=len(texts) > 1000,
        )
        result: Vectors = np.asarray(vectors, dtype=np.float32)
        return result


def static_part(folder: Path) -> Path | None:
    """Returns where in a saved model its static embedding stands; None if it has none."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not modules or not str(modules[0].get("type", "")).endswith(STATIC_TYPE):
        return None
    return folder / str(modules[0].get("path", ""))


def load_encoder(name: str | Path = "") -> Encoder | None:
    """Loads an encoder.

    Args:
        name: Folder or hub name of a sentence-transformers model; empty: the packaged one.

    Returns:
        The encoder; None if none was named and none is packaged.

    Raises:
        EncoderError: The named model cannot be loaded.
    """
    if not name:
        folder = PACKAGED / "encoder"
        return StaticEncoder.load(folder) if static_part(folder) is not None else None
    if static_part(Path(name)) is not None:
        return StaticEncoder.load(Path(name))
    return TransformerEncoder(str(name))
