"""Trains the static encoder with sentence-transformers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

from knowledge_base.search.encoder import EncoderError
from knowledge_base.search.training.pairs import Pair

DIMENSIONS = 128
VOCABULARY = 16_000
BATCH = 512
SCALE = 20.0
LEARNING_RATE = 0.05

UNKNOWN = "[UNK]"

Progress = Callable[[int, int], None]
"""Called with the steps done and the steps to do."""


def train_tokenizer(texts: Sequence[str], vocabulary: int = VOCABULARY) -> Tokenizer:
    """Trains a byte-pair tokenizer that keeps diacritics and drops case and punctuation.

    Args:
        texts: Texts of the kind to be encoded.
        vocabulary: Largest number of tokens.
    """
    tokenizer = Tokenizer(BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"[^\p{L}\p{N}/.]+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = BpeTrainer(
        vocab_size=vocabulary, min_frequency=2, special_tokens=[UNKNOWN], show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def train_encoder(
    pairs: Sequence[Pair],
    texts: Sequence[str],
    folder: Path,
    seed: int,
    epochs: int = 1,
    progress: Progress | None = None,
) -> None:
    """Trains a static embedding by contrast and saves it in sentence-transformers format.

    In each batch a question must prefer its own phrase to all others and to the phrase of a
    similar procedure. Rows of one procedure never share a batch.

    Args:
        pairs: Training rows.
        texts: Further texts for the tokenizer, such as the phrases of the catalogue.
        folder: Where to save the model; what stands there is replaced.
        seed: Seed of the first weights and of the batches.
        epochs: Passes over the rows.
        progress: Called after each step.

    Raises:
        EncoderError: sentence-transformers is not installed.
    """
    try:
        import torch
        from sentence_transformers import SentenceTransformer, losses
        from sentence_transformers.models import Normalize, StaticEmbedding
    except ImportError as error:
        raise EncoderError(
            "training needs sentence-transformers: install the extra 'transformers' "
            "(uv sync --extra transformers)"
        ) from error
    torch.manual_seed(seed)
    anchors = [pair.anchor for pair in pairs]
    tokenizer = train_tokenizer([*anchors, *texts])
    static = StaticEmbedding(tokenizer, embedding_dim=DIMENSIONS)
    torch.nn.init.normal_(static.embedding.weight, std=0.1)
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    loss = losses.MultipleNegativesRankingLoss(model, scale=SCALE)
    columns = [
        [encoding.ids or [0] for encoding in tokenizer.encode_batch(column)]
        for column in (
            anchors,
            [pair.positive for pair in pairs],
            [pair.negative for pair in pairs],
        )
    ]
    owners = np.asarray([pair.owner for pair in pairs])
    batches = [b for epoch in range(epochs) for b in _batches(owners, seed + epoch)]
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    for step, rows in enumerate(batches):
        for group in optimizer.param_groups:
            warm = min(1.0, (step + 1) / 20)
            group["lr"] = LEARNING_RATE * warm * (1 - step / len(batches))
        features = [_features(torch, [column[row] for row in rows]) for column in columns]
        optimizer.zero_grad()
        loss(features, torch.zeros(len(rows))).backward()
        optimizer.step()
        if progress is not None:
            progress(step + 1, len(batches))
    model.half()
    fresh = Path(tempfile.mkdtemp(prefix=".encoder-", dir=_made(folder.parent)))
    try:
        model.save(str(fresh), create_model_card=False)
        (fresh / "README.md").write_text(_CARD, encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
        folder.chmod(0o755)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


_CARD = """# Static encoder of motcua

128 numbers a text: the mean of one row for each token, scaled to length one. Trained by
`motcua train-encoder` with sentence-transformers on the names of the catalogue, the everyday
phrases of `training_data/`, and questions generated from both. Licence: Apache-2.0.
"""


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _batches(owners: npt.NDArray[np.int64], seed: int) -> Iterator[list[int]]:
    """Yields rows in random order in batches, no two rows of one owner in a batch.

    What is left when batches become too small to learn from is dropped.
    """
    waiting: list[int] = np.random.default_rng(seed).permutation(len(owners)).tolist()
    smallest = max(2, min(BATCH, len(np.unique(owners))) // 2)
    while True:
        batch: list[int] = []
        seen: set[int] = set()
        left: list[int] = []
        for place, row in enumerate(waiting):
            if len(batch) == BATCH:
                left.extend(waiting[place:])
                break
            if owners[row] in seen:
                left.append(row)
            else:
                seen.add(owners[row])
                batch.append(row)
        if len(batch) < smallest:
            return
        yield batch
        waiting = left


def _features(torch: Any, ids: Sequence[Sequence[int]]) -> dict[str, Any]:
    offsets = np.cumsum([0, *(len(row) for row in ids[:-1])])
    flat = [token for row in ids for token in row]
    return {"input_ids": torch.tensor(flat), "offsets": torch.from_numpy(offsets)}
