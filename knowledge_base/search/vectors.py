"""Nearest phrases by vector, in FAISS."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from knowledge_base.search.encoder import Vectors

EXACT_LIMIT = 60_000
"""Vectors up to which every one is compared; above it the space is cut into cells."""

_PROBES = 12
_TRAINING_SAMPLE = 60_000

faiss.omp_set_num_threads(1)


def build_faiss(vectors: npt.NDArray[np.float16]) -> faiss.Index:
    """Builds an index by inner product.

    Args:
        vectors: Vectors of length one, shape ``(n, dimensions)``.

    Returns:
        An exact index for up to :data:`EXACT_LIMIT` vectors; otherwise cells with 8 bits a
        dimension, which is deterministic for the same vectors.
    """
    count, width = vectors.shape
    if count <= EXACT_LIMIT:
        exact = faiss.IndexScalarQuantizer(
            width, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        exact.train(np.ascontiguousarray(vectors, dtype=np.float32))
        exact.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return exact
    cells = int(4 * np.sqrt(count))
    coarse = faiss.IndexFlatIP(width)
    index = faiss.IndexIVFScalarQuantizer(
        coarse, width, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    step = max(1, count // max(_TRAINING_SAMPLE, 30 * cells))
    index.cp.niter = 8
    index.train(np.ascontiguousarray(vectors[::step], dtype=np.float32))
    for start in range(0, count, EXACT_LIMIT):
        index.add(np.ascontiguousarray(vectors[start : start + EXACT_LIMIT], dtype=np.float32))
    index.nprobe = _PROBES
    return index


def read_faiss(path: Path) -> faiss.Index:
    """Reads an index that :func:`write_faiss` wrote."""
    index = faiss.read_index(str(path))
    if isinstance(index, faiss.IndexIVF):
        index.nprobe = _PROBES
    return index


def write_faiss(index: faiss.Index, path: Path) -> None:
    """Writes an index to a file."""
    faiss.write_index(index, str(path))


def nearest(index: faiss.Index, vector: Vectors, count: int) -> npt.NDArray[np.int64]:
    """Returns the rows nearest to a vector of shape ``(dimensions,)``, nearest first."""
    count = min(count, index.ntotal)
    if count <= 0 or not vector.any():
        return np.empty(0, dtype=np.int64)
    _, rows = index.search(vector.reshape(1, -1), count)
    found: npt.NDArray[np.int64] = rows[0][rows[0] >= 0]
    return found
