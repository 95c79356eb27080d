"""Everything about a catalogue that the search looks at, built once and kept on disk."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from knowledge_base.schema import Procedure, RecordKind
from knowledge_base.search.encoder import Encoder, Vectors
from knowledge_base.search.lexical import gram_postings, phrase_postings, record_postings
from knowledge_base.search.outside import load_outside
from knowledge_base.search.phrases import Phrase, level_free, phrases_of
from knowledge_base.search.popular import popular_codes
from knowledge_base.search.postings import Floats, Longs, Postings
from knowledge_base.search.qualifiers import audience_flags, level_flags, named_flags
from knowledge_base.search.text import folded_words
from knowledge_base.search.vectors import EXACT_LIMIT, build_faiss, read_faiss, write_faiss

FORMAT = "4"
"""Raise when the same catalogue must be indexed anew."""

_BATCH = 4096


@dataclass(frozen=True, slots=True)
class Index:
    """An indexed catalogue of N procedures and P phrases; the first N phrases are their names.

    Attributes:
        codes: National codes, shape ``(N,)``.
        owners: Procedure of each phrase, shape ``(P,)``; the first N are ``0 … N - 1``.
        said_start: Where in the phrases after the names each procedure's begin, shape ``(N + 1,)``.
        records: Whole records by BM25F, N rows.
        phrases: Phrases by words, P rows.
        grams: Phrases by characters, P rows.
        vectors: Vectors of the phrases, shape ``(P, dimensions)``; no rows without an encoder. In
            half precision on disk and for a large catalogue, in single precision for a small one.
        nearest: FAISS index over ``vectors``; None without an encoder.
        qualifiers: Qualifiers in the names, shape ``(N, qualifiers)``.
        audiences: Who they are for, shape ``(N, 2)``.
        levels: Who handles them, shape ``(N, levels)``.
        popular: Whether many people need it, shape ``(N,)``.
        lengths: Words of the names, shape ``(N,)``.
        twins: Number shared by procedures whose names differ in the level only, shape ``(N,)``.
        outside: Vectors of what no procedure answers, shape ``(M, dimensions)``.
    """

    codes: tuple[str, ...]
    owners: Longs
    said_start: Longs
    records: Postings
    phrases: Postings
    grams: Postings
    vectors: npt.NDArray[np.float16 | np.float32]
    nearest: faiss.Index | None
    qualifiers: Floats
    audiences: Floats
    levels: Floats
    popular: Floats
    lengths: Floats
    twins: Longs
    outside: Vectors

    @classmethod
    def build(
        cls,
        procedures: Sequence[Procedure],
        everyday: Mapping[str, Sequence[str]],
        encoder: Encoder | None,
        phrases: Sequence[Phrase] | None = None,
        outside: Sequence[str] | None = None,
    ) -> Index:
        """Indexes a catalogue.

        Args:
            procedures: The catalogue, at least one procedure, each code once.
            everyday: Everyday phrases by national code.
            encoder: What turns phrases into vectors; None: lexical search only.
            phrases: The phrases to index instead of those that the catalogue and ``everyday``
                give, in the order of :func:`knowledge_base.search.phrases.phrases_of`.
            outside: What no procedure answers; None: the phrases of this distribution.
        """
        count = len(procedures)
        found = phrases_of(procedures, everyday) if phrases is None else list(phrases)
        owners = np.asarray([phrase.owner for phrase in found], dtype=np.int64)
        vectors = _encode(encoder, [phrase.text.lower() for phrase in found])
        popular = popular_codes()
        known = [p.kind is RecordKind.CARD or p.code in popular for p in procedures]
        return cls(
            codes=tuple(p.code for p in procedures),
            owners=owners,
            said_start=np.searchsorted(owners[count:], np.arange(count + 1)).astype(np.int64),
            records=record_postings(procedures, found),
            phrases=phrase_postings(found),
            grams=gram_postings(found),
            vectors=_ready(vectors),
            nearest=build_faiss(vectors) if len(vectors) else None,
            qualifiers=named_flags(procedures),
            audiences=audience_flags(procedures),
            levels=level_flags(procedures),
            popular=np.asarray(known, dtype=np.float32),
            lengths=np.asarray([len(folded_words(p.text)) for p in found[:count]], np.float32),
            twins=_twins(found[:count]),
            outside=_encode(encoder, _outside() if outside is None else outside).astype(np.float32),
        )

    def save(self, folder: Path) -> None:
        """Writes the index into a new folder, in one step as others see it."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        try:
            for name, array in self._arrays().items():
                np.save(fresh / f"{name}.npy", array)
            np.save(fresh / "vectors.npy", self.vectors.astype(np.float16))
            (fresh / "codes.json").write_text(json.dumps(self.codes), encoding="utf-8")
            if self.nearest is not None:
                write_faiss(self.nearest, fresh / "nearest.faiss")
            if folder.exists():
                shutil.rmtree(folder)
            fresh.rename(folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    @classmethod
    def load(cls, folder: Path) -> Index | None:
        """Reads what :meth:`save` wrote, memory-mapped; None if it is absent or not whole."""
        try:
            codes = tuple(json.loads((folder / "codes.json").read_text(encoding="utf-8")))
            arrays = {p.stem: _mapped(p) for p in sorted(folder.glob("*.npy"))}
            near = folder / "nearest.faiss"
            postings: dict[str, Any] = {
                part: Postings(**{f.name: arrays[f"{part}.{f.name}"] for f in fields(Postings)})
                for part in ("records", "phrases", "grams")
            }
            plain: dict[str, Any] = {name: a for name, a in arrays.items() if "." not in name}
            plain["vectors"] = _ready(plain["vectors"])
            nearest = read_faiss(near) if near.exists() else None
            return cls(codes=codes, nearest=nearest, **plain, **postings)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            return None

    def _arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, Postings):
                for inner in fields(Postings):
                    arrays[f"{part.name}.{inner.name}"] = getattr(value, inner.name)
            elif isinstance(value, np.ndarray):
                arrays[part.name] = value
        return arrays


def _mapped(path: Path) -> npt.NDArray[Any]:
    """Maps an array; as a plain one, since each look at a ``memmap`` costs a microsecond more."""
    mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return mapped


def index_key(
    procedures: Sequence[Procedure],
    everyday: Mapping[str, Sequence[str]],
    encoder: Encoder | None,
) -> str:
    """Returns a name that changes whenever an index of these would."""
    digest = blake2b(digest_size=10)
    digest.update(f"{FORMAT}|{encoder.fingerprint if encoder else ''}".encode())
    for procedure in procedures:
        parts = (
            procedure.code,
            procedure.kind,
            procedure.name,
            procedure.plain_name,
            *procedure.aliases,
            *everyday.get(procedure.code, ()),
            procedure.field,
            *procedure.levels,
            *procedure.audience,
            procedure.executing_agency,
            procedure.competent_agency,
            procedure.purpose,
            *procedure.result,
            *(document.name for group in procedure.documents for document in group.documents),
        )
        digest.update("\x1f".join(parts).encode())
        digest.update(b"\x1e")
    digest.update("\x1f".join([*sorted(popular_codes()), *_outside()]).encode())
    return digest.hexdigest()


def _ready(vectors: npt.NDArray[np.float16]) -> npt.NDArray[np.float16 | np.float32]:
    """Widens the vectors of a small catalogue, which saves doing so for every question."""
    return vectors.astype(np.float32) if len(vectors) <= EXACT_LIMIT else vectors


def _outside() -> list[str]:
    return [phrase.text for phrase in load_outside()]


def _encode(encoder: Encoder | None, texts: Sequence[str]) -> npt.NDArray[np.float16]:
    if encoder is None or not texts:
        return np.empty((0, 0), dtype=np.float16)
    parts = [encoder.encode(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
    return np.concatenate(parts).astype(np.float16)


def _twins(names: Sequence[Phrase]) -> Longs:
    numbers: dict[str, int] = {}
    keys = [" ".join(folded_words(level_free(name.text))) for name in names]
    return np.asarray([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
