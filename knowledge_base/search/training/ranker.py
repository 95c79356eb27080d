"""Fits the ranker to measured questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.search.ranker import Head, Monotone, Ranker, Scaler
from knowledge_base.search.training.questions import Table

HIDDEN = 16
EPOCHS = 14
BATCH = 256
LEARNING_RATE = 3e-3
DECAY = 1e-3

Tell = Callable[[str, int, int], None]
"""Called with what is being done, how many steps of it are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What a ranker does on questions it has not seen; shares in [0, 1].

    Attributes:
        first: Right one first, among questions whose procedure the catalogue holds.
        three: Right one among the first three.
        declined: Of questions without a right procedure, how many fall below the chance that
            only 3 % of the others fall below.
        outside: The same for questions that no procedure answers.
    """

    first: float
    three: float
    declined: float
    outside: float


def fit_ranker(table: Table, seed: int, tell: Tell) -> tuple[Ranker, Quality]:
    """Fits and calibrates a ranker.

    One procedure in five is held out for the calibration and the quality figures; the weights
    that are returned come from a second fit to all questions.

    Args:
        table: Measured questions.
        seed: Seed of the weights and the batches.
        tell: Called with the progress.
    """
    rng = np.random.default_rng(seed)
    owners = np.unique(table.owner[table.owner >= 0])
    of_apart = np.isin(table.owner, rng.choice(owners, len(owners) // 5, replace=False))
    held = np.where(table.owner >= 0, of_apart, rng.random(len(table.owner)) < 0.2)
    trial = _fit(table, ~held, seed, lambda n, of: tell("ranker: trial", n, of))
    right, known, quality = _calibrate(trial, table, held)
    final = _fit(table, held | ~held, seed, lambda n, of: tell("ranker", n, of))
    ranker = Ranker(
        final.signals, final.context, final.candidate, final.nothing, right=right, known=known
    )
    return ranker, quality


def _fit(
    table: Table, chosen: npt.NDArray[np.bool_], seed: int, tell: Callable[[int, int], None]
) -> Ranker:
    import torch

    torch.manual_seed(seed)
    usable = np.flatnonzero(chosen & (~table.known | table.right.any(axis=1)))
    sample = table.candidates[usable][table.filled[usable]].astype(np.float32)
    signals = _scale(sample)
    context = _scale(table.context[usable])
    width, extra = sample.shape[1], table.context.shape[1]
    candidate, nothing = _Net(torch, width), _Net(torch, width + extra)
    weights = [*candidate.parameters(), *nothing.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=LEARNING_RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(usable) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(1, steps))
    order = np.random.default_rng(seed)
    for epoch in range(EPOCHS):
        rows = order.permutation(usable)
        for start in range(0, len(rows) - BATCH + 1, BATCH):
            batch = rows[start : start + BATCH]
            x = torch.from_numpy(signals(table.candidates[batch].astype(np.float32)))
            filled = torch.from_numpy(table.filled[batch])
            right = torch.from_numpy(table.right[batch])
            about = torch.from_numpy(context(table.context[batch]))
            scores = candidate(x).masked_fill(~filled, -1e4)
            best = x[torch.arange(len(batch)), scores.detach().argmax(dim=1)]
            none = nothing(torch.cat([about, best], dim=1))
            logs = torch.log_softmax(torch.cat([scores, none[:, None]], dim=1), dim=1)
            known = right.any(dim=1)
            hit = torch.logsumexp(logs[:, :-1].masked_fill(~right, -1e4), dim=1)
            loss = -torch.where(known, hit, logs[:, -1]).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        tell(epoch + 1, EPOCHS)
    plain = Monotone(1.0, 0.0)
    return Ranker(signals, context, candidate.head(), nothing.head(), plain, plain)


class _Net:
    def __init__(self, torch: Any, width: int) -> None:
        self._torch = torch
        self.linear = torch.zeros(width, requires_grad=True)
        self.hidden = (torch.randn(width, HIDDEN) / np.sqrt(width)).requires_grad_()
        self.hidden_bias = torch.zeros(HIDDEN, requires_grad=True)
        self.out = (torch.randn(HIDDEN) * 0.1).requires_grad_()
        self.bias = torch.zeros(1, requires_grad=True)

    def parameters(self) -> list[Any]:
        return [self.linear, self.hidden, self.hidden_bias, self.out, self.bias]

    def __call__(self, x: Any) -> Any:
        inner = self._torch.relu(x @ self.hidden + self.hidden_bias)
        return x @ self.linear + inner @ self.out + self.bias

    def head(self) -> Head:
        linear, hidden, hidden_bias, out, bias = (
            part.detach().numpy().copy() for part in self.parameters()
        )
        return Head(linear, hidden, hidden_bias, out, float(bias[0]))


def _scale(values: npt.NDArray[np.float32]) -> Scaler:
    spread = values.std(axis=0)
    return Scaler(values.mean(axis=0), np.where(spread > 1e-3, spread, 1).astype(np.float32))


def _calibrate(
    ranker: Ranker, table: Table, held: npt.NDArray[np.bool_]
) -> tuple[Monotone, Monotone, Quality]:
    from knowledge_base.search.features import Measured

    chances, hits, threes, known, mass, outside = [], [], [], [], [], []
    for row in np.flatnonzero(held):
        filled = table.filled[row]
        if not filled.any():
            continue
        measured = Measured(
            np.flatnonzero(filled),
            table.candidates[row][filled].astype(np.float32),
            table.context[row],
        )
        scores, p, any_of_them = ranker.raw(measured)
        order = np.argsort(-scores, kind="stable")
        right = table.right[row][filled][order]
        chances.append(float(p[order[0]]))
        hits.append(bool(right[0]))
        threes.append(bool(right[:3].any()))
        known.append(bool(table.known[row]))
        mass.append(any_of_them)
        outside.append(table.kind[row] == "outside")
    is_known, top, all_mass = np.asarray(known), np.asarray(hits), np.asarray(mass)
    limit = float(np.quantile(all_mass[is_known], 0.03))
    quality = Quality(
        first=float(top[is_known].mean()),
        three=float(np.asarray(threes)[is_known].mean()),
        declined=float((all_mass[~is_known] < limit).mean()),
        outside=float((all_mass[np.asarray(outside)] < limit).mean()),
    )
    return _platt(np.asarray(chances), top), _platt(all_mass, is_known), quality


def _platt(chances: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> Monotone:
    from sklearn.linear_model import LogisticRegression

    p = np.clip(chances, 1e-9, 1 - 1e-9)
    model = LogisticRegression(C=100.0).fit((np.log(p) - np.log1p(-p))[:, None], right)
    return Monotone(max(1e-3, float(model.coef_[0, 0])), float(model.intercept_[0]))
