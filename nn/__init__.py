"""Neural networks on scalar Values: micrograd's Neuron, Layer and MLP, and what trains them.

    >>> from nn import MLP
    >>> model = MLP(2, [16, 16, 1], seed=0)
    >>> model.zero_grad()
    >>> model([0.5, -1.0]).backward()
    >>> len(model.parameters())
    337

This is the door: everything public is named here, and nothing is defined. What comes in families
stays in its module: `nn.losses.huber`, `nn.optim.Adam`, `nn.schedules.OneCycle`,
`nn.datasets.iris`, `nn.problems.rosenbrock`. A module is opened when it, or a name of it, is first
asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn import (
        curves,
        datasets,
        descent,
        diagnostics,
        init,
        landscape,
        losses,
        metrics,
        optim,
        plots,
        problems,
        schedules,
    )
    from nn.data import Dataset, Standardizer, batches, one_hot, split
    from nn.diagnostics.backpropagation import BackpropagationTable, backpropagation_table
    from nn.diagnostics.convexity import Witness, convexity_violation
    from nn.models.activations import ACTIVATIONS, log_softmax, log_sum_exp, softmax
    from nn.models.layers import MLP, Layer
    from nn.models.module import Module
    from nn.models.neuron import Neuron
    from nn.models.sequential import Dropout, Elementwise, Sequential
    from nn.pages.neuron_page import explore_neuron
    from nn.pages.playground_page import playground
    from nn.pages.race_page import explore_race
    from nn.tables.reader import Table, read_csv
    from nn.training.callbacks import Callback
    from nn.training.history import Epoch, History
    from nn.training.objectives import OBJECTIVES
    from nn.training.prediction import predict, predict_probabilities
    from nn.training.rate_finder import RateSearch, find_rate
    from nn.training.report import Training
    from nn.training.trainer import fit

__all__ = [
    "ACTIVATIONS",
    "MLP",
    "OBJECTIVES",
    "BackpropagationTable",
    "Callback",
    "Dataset",
    "Dropout",
    "Elementwise",
    "Epoch",
    "History",
    "Layer",
    "Module",
    "Neuron",
    "RateSearch",
    "Sequential",
    "Standardizer",
    "Table",
    "Training",
    "Witness",
    "backpropagation_table",
    "batches",
    "convexity_violation",
    "curves",
    "datasets",
    "descent",
    "diagnostics",
    "explore_neuron",
    "explore_race",
    "find_rate",
    "fit",
    "init",
    "landscape",
    "log_softmax",
    "log_sum_exp",
    "losses",
    "metrics",
    "one_hot",
    "optim",
    "playground",
    "plots",
    "predict",
    "predict_probabilities",
    "problems",
    "read_csv",
    "schedules",
    "softmax",
    "split",
]

if not TYPE_CHECKING:  # a checker that saw this would believe every name
    from autograd_core import lazy_names

    _HOMES = {
        "models.activations": "ACTIVATIONS log_softmax log_sum_exp softmax",
        "diagnostics.backpropagation": "BackpropagationTable backpropagation_table",
        "training.callbacks": "Callback",
        "diagnostics.convexity": "Witness convexity_violation",
        "data": "Dataset Standardizer batches one_hot split",
        "training.history": "Epoch History",
        "models.layers": "MLP Layer",
        "models.neuron": "Neuron",
        "models.module": "Module",
        "training.objectives": "OBJECTIVES",
        "training.prediction": "predict predict_probabilities",
        "training.rate_finder": "RateSearch find_rate",
        "models.sequential": "Dropout Elementwise Sequential",
        "pages.neuron_page": "explore_neuron",
        "pages.playground_page": "playground",
        "pages.race_page": "explore_race",
        "tables.reader": "Table read_csv",
        "training.trainer": "fit",
        "training.report": "Training",
    }
    __getattr__, __dir__ = lazy_names(globals(), _HOMES)
