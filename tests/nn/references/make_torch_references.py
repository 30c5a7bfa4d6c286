"""Write torch.json: what PyTorch's optimizers and schedules give, for the tests to compare with.

Run once, with PyTorch installed, when a case is added: `python make_torch_references.py`. The tests
themselves need no PyTorch. Numbers are 64-bit floats, written as Python writes them: they read back
bit for bit. The function descended on is that of `objective`, which the tests write on Values.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch

START = [1.5, -0.7, 0.3, 2.0, -1.1]
KEPT = (1, 2, 3, 10, 50, 100)

# The case's name, PyTorch's optimizer and its options.
OPTIMIZERS = {
    "SGD": ("SGD", {"lr": 0.01}),
    "SGD momentum": ("SGD", {"lr": 0.01, "momentum": 0.9}),
    "SGD nesterov": ("SGD", {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    "SGD decay": ("SGD", {"lr": 0.01, "momentum": 0.5, "weight_decay": 0.1}),
    "Adagrad": ("Adagrad", {"lr": 0.1}),
    "Adagrad decay": ("Adagrad", {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.1}),
    "RMSprop": ("RMSprop", {"lr": 0.002}),
    "RMSprop momentum": (
        "RMSprop",
        {"lr": 0.001, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1},
    ),
    "Adam": ("Adam", {"lr": 0.1}),
    "Adam decay": ("Adam", {"lr": 0.1, "betas": (0.8, 0.99), "weight_decay": 0.1, "eps": 1e-6}),
    "AdamW": ("AdamW", {"lr": 0.1}),
    "AdamW decay": ("AdamW", {"lr": 0.1, "weight_decay": 0.3}),
}

SCHEDULES = {
    "StepDecay": ("StepLR", {"step_size": 7, "gamma": 0.3}),
    "Exponential": ("ExponentialLR", {"gamma": 0.93}),
    "CosineWarmRestarts": ("CosineAnnealingWarmRestarts", {"T_0": 7}),
    "CosineWarmRestarts growing": (
        "CosineAnnealingWarmRestarts",
        {"T_0": 5, "T_mult": 2, "eta_min": 0.1},
    ),
    "Triangular": ("CyclicLR", {"base_lr": 0.1, "max_lr": 1.0, "step_size_up": 6}),
    "Triangular halving": (
        "CyclicLR",
        {"base_lr": 0.1, "max_lr": 1.0, "step_size_up": 6, "mode": "triangular2"},
    ),
    "OneCycle": ("OneCycleLR", {"max_lr": 2.0, "total_steps": 60}),
    "WarmUp": ("LinearLR", {"start_factor": 0.25, "total_iters": 8}),
}
STEPS = 60

PLATEAU = {"factor": 0.5, "patience": 2, "cooldown": 1, "min_lr": 0.1, "eps": 0.0}
PLATEAU_LOSSES = [5, 4, 4, 4, 4, 3, 3, 3, 3, 3, 2.9999, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9]


def objective(p: torch.Tensor) -> torch.Tensor:
    """A valley with a ripple: Σ (i+1)/2 (pᵢ - i/3)² + Σ sin(pᵢ pᵢ₊₁)."""
    i = torch.arange(len(p), dtype=torch.float64)
    return ((i + 1) / 2 * (p - i / 3) ** 2).sum() + torch.sin(p[:-1] * p[1:]).sum()


def trajectory(name: str, options: dict[str, object]) -> dict[str, list[float]]:
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([p], **options)
    kept = {}
    for step in range(1, max(KEPT) + 1):
        optimizer.zero_grad()
        objective(p).backward()
        optimizer.step()
        if step in KEPT:
            kept[str(step)] = p.detach().tolist()
    return kept


def rates(name: str, options: dict[str, object]) -> list[float]:
    p = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=1.0)
    schedule = getattr(torch.optim.lr_scheduler, name)(optimizer, **options)
    given = []
    for _ in range(STEPS):
        given.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(given) < STEPS:
            schedule.step()
    return given


def plateau() -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **PLATEAU)
    given = []
    for loss in PLATEAU_LOSSES:
        schedule.step(loss)
        given.append(optimizer.param_groups[0]["lr"])
    return given


def one_epoch_of_irises() -> dict[str, object]:
    """A 4-8-3 network with tanh, cross-entropy and Adam, in batches of 10, in a fixed order."""
    table = Path(__file__).parents[3] / "nn" / "datasets" / "iris.csv"
    rows = [line.split(",") for line in table.read_text().split()[1:]]
    inputs = torch.tensor([[float(cell) for cell in row[:4]] for row in rows], dtype=torch.float64)
    targets = torch.arange(150) // 50
    order = [37 * place % 150 for place in range(150)]
    start = [math.sin(place + 1) / 2 for place in range(8 * 5 + 3 * 9)]
    first = torch.tensor(start[:40], dtype=torch.float64).reshape(8, 5).requires_grad_()
    second = torch.tensor(start[40:], dtype=torch.float64).reshape(3, 9).requires_grad_()
    adam = torch.optim.Adam([first, second], lr=0.01)
    for place in range(0, 150, 10):
        batch = order[place : place + 10]
        hidden = torch.tanh(inputs[batch] @ first[:, :4].T + first[:, 4])
        logits = hidden @ second[:, :8].T + second[:, 8]
        adam.zero_grad()
        torch.nn.functional.cross_entropy(logits, targets[batch]).backward()
        adam.step()
    end = [*first.detach().flatten().tolist(), *second.detach().flatten().tolist()]
    return {"order": order, "start": start, "end": end}


def main() -> None:
    content = {
        "torch": torch.__version__,
        "start": START,
        "optimizers": {case: trajectory(*what) for case, what in OPTIMIZERS.items()},
        "schedules": {case: rates(*what) for case, what in SCHEDULES.items()},
        "irises": one_epoch_of_irises(),
        "plateau": {"losses": PLATEAU_LOSSES, "rates": plateau()},
    }
    Path(__file__).with_name("torch.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
