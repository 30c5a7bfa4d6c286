"""Digits: a 64-32-10 network trained by Adam, beside PyTorch and micrograd in the same run.

`python -m tests.benchmarks.digits [--epochs N]`. PyTorch starts from the same parameters and takes
the same batches, so its parameters after one epoch and its accuracy at the end must be the same;
the command fails if they are not. micrograd has no exponential: it is timed on one batch with a
squared error, and its epoch is extrapolated from that.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from operator import sub
from time import perf_counter
from typing import Any

import nn
from nn.randomness import generator

SIZES = (64, 32, 10)
BATCH = 32
RATE = 0.01
SEED = 0
SHORT_OF_LEARNED = 20
"""Epochs from which on the accuracy is held to its promise."""


@dataclass
class Outcome:
    """What a contestant came to."""

    label: str
    seconds_per_epoch: float
    accuracy: float = math.nan
    first_epoch: tuple[float, ...] = ()
    """The parameters after one epoch."""


def samples() -> tuple[nn.Dataset, nn.Dataset]:
    """Three quarters of the digits to train on and one held out, pixels from 0 to 1."""
    parts = nn.split(nn.datasets.digits(), 0.25, seed=SEED)
    known, held = (nn.Dataset(part.inputs / 16, part.targets) for part in parts)
    return known, held


def untrained() -> nn.MLP:
    """The network all start from."""
    return nn.MLP(SIZES[0], SIZES[1:], activation="relu", seed=SEED)


def by_nn(known: nn.Dataset, held: nn.Dataset, epochs: int) -> Outcome:
    """This package's `fit`."""
    model = untrained()
    kept: list[list[float]] = []

    def keep(training: nn.Training) -> None:
        if not kept:
            kept.append([parameter.data for parameter in training.model.parameters()])

    start = perf_counter()
    nn.fit(
        model,
        known.inputs,
        known.targets,
        loss="cross_entropy",
        optimizer=nn.optim.Adam(model.parameters(), RATE),
        epochs=epochs,
        batch_size=BATCH,
        callbacks=[keep],
        seed=SEED,
    )
    seconds = (perf_counter() - start) / epochs
    right = nn.metrics.accuracy(nn.predict(model, held.inputs, "cross_entropy"), held.targets)
    return Outcome("nn.fit", seconds, right, tuple(kept[0]))


def by_torch(known: nn.Dataset, held: nn.Dataset, epochs: int) -> Outcome:
    """PyTorch's tensors, one thread."""
    import torch

    torch.set_num_threads(1)
    inputs, targets = torch.tensor(known.inputs), torch.tensor(known.targets)
    layers = []
    for layer in untrained().layers:
        rows = [[p.data for p in neuron.parameters()] for neuron in layer.neurons]
        layers.append(torch.tensor(rows, dtype=torch.float64).requires_grad_())

    def logits(x: Any) -> Any:
        hidden = torch.relu(x @ layers[0][:, :-1].T + layers[0][:, -1])
        return hidden @ layers[1][:, :-1].T + layers[1][:, -1]

    adam, rng = torch.optim.Adam(layers, lr=RATE), generator(SEED)
    first: tuple[float, ...] = ()
    start = perf_counter()
    for _ in range(epochs):
        for batch in nn.batches(len(known), BATCH, seed=rng):
            adam.zero_grad()
            loss = torch.nn.functional.cross_entropy(logits(inputs[batch]), targets[batch])
            loss.backward()
            adam.step()
        first = first or tuple(x for layer in layers for x in layer.flatten().tolist())
    seconds = (perf_counter() - start) / epochs
    found = logits(torch.tensor(held.inputs)).argmax(dim=1).numpy()
    return Outcome("PyTorch, tensors", seconds, nn.metrics.accuracy(found, held.targets), first)


def by_micrograd(known: nn.Dataset, held: nn.Dataset, epochs: int) -> Outcome:
    """micrograd on one batch, its time multiplied up to an epoch."""
    from micrograd.nn import MLP

    model = MLP(SIZES[0], list(SIZES[1:]))
    start = perf_counter()
    errors = []
    for sample, target in zip(known.inputs[:BATCH].tolist(), known.targets[:BATCH], strict=True):
        outputs = enumerate(model(sample))
        errors += [(logit - float(index == target)) ** 2 for index, logit in outputs]
    model.zero_grad()
    sum(errors).backward()
    for parameter in model.parameters():
        parameter.data -= RATE * parameter.grad
    return Outcome("micrograd, extrapolated", (perf_counter() - start) * len(known) / BATCH)


def complaints(ours: Outcome, theirs: Outcome, epochs: int) -> Iterator[str]:
    """What was promised and does not hold."""
    apart = max(map(abs, map(sub, ours.first_epoch, theirs.first_epoch)))
    print(f"parameters after one epoch: {apart:.2g} apart from PyTorch's at most")
    if apart > 1e-9:
        yield f"the parameters after one epoch are {apart:.2g} apart from PyTorch's"
    if abs(ours.accuracy - theirs.accuracy) > 0.01:
        yield f"accuracy {ours.accuracy:.4f} where PyTorch has {theirs.accuracy:.4f}"
    if epochs >= SHORT_OF_LEARNED and ours.accuracy < 0.95:
        yield f"accuracy {ours.accuracy:.4f} is below 0.95"


def main() -> None:
    """Train, compare, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.digits")
    parser.add_argument("--epochs", type=int, default=SHORT_OF_LEARNED)
    epochs = parser.parse_args().epochs
    known, held = samples()
    outcomes: dict[str, Outcome] = {}
    for contestant in (by_nn, by_torch, by_micrograd):
        try:
            outcomes[contestant.__name__] = contestant(known, held, epochs)
        except ImportError as error:
            print(f"{contestant.__name__}: {error.name} is not installed")
    print(
        f"{len(known)} digits, {'-'.join(map(str, SIZES))}, {epochs} epochs, {len(held)} held out"
    )
    print(f"{'':<24} {'s an epoch':>12} {'accuracy':>9}")
    for outcome in outcomes.values():
        accuracy = "" if math.isnan(outcome.accuracy) else f"{outcome.accuracy:.4f}"
        print(f"{outcome.label:<24} {outcome.seconds_per_epoch:>12.4f} {accuracy:>9}")
    if "by_torch" in outcomes:
        wrong = list(complaints(outcomes["by_nn"], outcomes["by_torch"], epochs))
        if wrong:
            sys.exit("; ".join(wrong))


if __name__ == "__main__":
    main()
