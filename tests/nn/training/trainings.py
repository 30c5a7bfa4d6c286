"""What tests of training share: samples, a small network, and a training by either tier."""

import numpy as np

from nn import MLP, fit, optim

RNG = np.random.default_rng(0)
X = RNG.normal(size=(21, 2))
CLASSES = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
SIGNS = np.sign(X[:, 0] * X[:, 1]).astype(int)
NUMBERS = X[:, 0] * X[:, 1] - 0.5
SHARES = np.where(CLASSES == 2, 0.25, CLASSES * 1.0)


def network(outputs=1, last="linear", seed=1):
    return MLP(2, [5, outputs], activation="tanh", output_activation=last, seed=seed)


def trained(
    model, inputs, targets, tier, make=lambda p: optim.Adam(p, 0.02, weight_decay=0.01), **options
):
    options = {"epochs": 4, "batch_size": 8, **options}
    optimizer = make(model.parameters())
    history = fit(model, inputs, targets, optimizer=optimizer, tier=tier, progress=False, **options)
    return history, np.array([parameter.data for parameter in model.parameters()])
