"""`python -m nn`: train a network on Fisher's irises and say how well it does on others."""

from __future__ import annotations

import sys

from tqdm import tqdm

from autograd_core import sum as total
from nn import MLP, Standardizer, batches, log_softmax, split
from nn.data import Dataset
from nn.datasets import iris
from nn.layers import MLP as Model
from nn.randomness import generator


def train(model: Model, data: Dataset, epochs: int, learning_rate: float) -> None:
    """Mini-batch descent on the cross-entropy of the model's logits."""
    rng = generator(0)
    samples = data.inputs.tolist()
    with tqdm(range(epochs), unit="epoch", file=sys.stderr) as progress:
        for _ in progress:
            for batch in batches(len(data), 10, seed=rng):
                losses = [-log_softmax(model(samples[i]))[data.targets[i]] for i in batch]
                loss = total(losses) / len(batch)
                model.zero_grad()
                loss.backward()
                for parameter in model.parameters():
                    parameter.data -= learning_rate * parameter.grad
            progress.set_postfix(loss=f"{loss.data:.4f}", refresh=False)


def accuracy(model: Model, data: Dataset) -> float:
    """The share of samples whose largest logit is that of their class."""
    hits = 0
    for sample, target in zip(data.inputs.tolist(), data.targets.tolist(), strict=True):
        logits = model(sample)
        hits += max(range(len(logits)), key=logits.__getitem__) == target
    return hits / len(data)


def main() -> None:
    """Train on iris and print the accuracy on the samples held out."""
    known, unseen = split(iris(), 0.3, seed=0)
    standard = Standardizer.of(known.inputs)
    known = Dataset(standard(known.inputs), known.targets, known.features, known.classes)
    unseen = Dataset(standard(unseen.inputs), unseen.targets, unseen.features, unseen.classes)
    model = MLP(4, [16, 3], activation="tanh", seed=0)
    train(model, known, epochs=50, learning_rate=0.1)
    print(f"{model!r}")
    print(
        f"trained on {len(known)} irises; accuracy on {len(unseen)} others: "
        f"{accuracy(model, unseen):.3f}"
    )


if __name__ == "__main__":
    main()
