"""A network for a table: trained on one column of a CSV file, saved whole, used on other files.

What belongs to the network beside its weights, namely the columns it reads, how they are scaled and
what its outputs mean, is kept with them in one JSON file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import DataError
from nn import metrics
from nn.data import Dataset, Standardizer
from nn.models import state
from nn.models.activations import ACTIVATIONS, softmax
from nn.models.layers import MLP
from nn.optim import Adam
from nn.tables.model_file import FORMAT, MOST_PARAMETERS, check_model, count_parameters
from nn.tables.reader import Table, listed
from nn.training.history import History
from nn.training.objectives import in_evaluation, numbers
from nn.training.trainer import fit

__all__ = ["Prediction", "TableModel"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """What is predicted for one row: the name of a class and its probability, or a number."""

    value: str | float
    probability: float | None = None


@dataclass(frozen=True, eq=False)
class TableModel:
    """An MLP and what its inputs and outputs are."""

    network: MLP
    target: str
    features: tuple[str, ...]
    classes: tuple[str, ...]
    """Empty for a regression."""
    inputs: Standardizer
    outputs: Standardizer | None
    """Of the target of a regression."""
    sizes: tuple[int, ...]
    activation: str

    @classmethod
    def untrained(
        cls, data: Dataset, hidden: Sequence[int], activation: str = "tanh", *, seed: int = 0
    ) -> TableModel:
        """A model with the inputs and outputs of a dataset, its weights drawn by the seed.

        Raises ValueError for a network of more parameters than are trained one by one.
        """
        outputs = len(data.classes) or 1
        sizes = (data.inputs.shape[1], *hidden, outputs)
        count = count_parameters(sizes)
        if count > MOST_PARAMETERS:
            raise ValueError(
                f"a network of the sizes {'-'.join(map(str, sizes)):.60} has {count:,} parameters; "
                f"at most {MOST_PARAMETERS:,} are taken: hide fewer neurons, or read fewer columns"
            )
        return cls(
            MLP(sizes[0], sizes[1:], activation=activation, seed=seed),
            data.target,
            data.features,
            data.classes,
            Standardizer.of(data.inputs),
            None if data.classes else Standardizer.of(data.targets[:, None]),
            sizes,
            activation,
        )

    def train(
        self,
        known: Dataset,
        held: Dataset,
        *,
        epochs: int = 50,
        batch_size: int = 16,
        learning_rate: float = 0.01,
        seed: int = 0,
        progress: bool = True,
    ) -> History:
        """Fit the network to a dataset by Adam; the held-out one is looked at, not learned from."""
        return fit(
            self.network,
            self.inputs(known.inputs),
            self._aims(known),
            loss="cross_entropy" if self.classes else "squared_error",
            optimizer=Adam(self.network.parameters(), learning_rate),
            epochs=epochs,
            batch_size=batch_size,
            validation=(self.inputs(held.inputs), self._aims(held)),
            metrics=["accuracy" if self.classes else "r_squared"],
            seed=seed,
            progress=progress,
        )

    def _aims(self, data: Dataset) -> Any:
        if self.outputs is None:
            return data.targets
        return self.outputs(data.targets[:, None])[:, 0]

    def predict(self, inputs: Array) -> list[Prediction]:
        """What the model predicts for rows of the features, in the units of the table."""

        def predicted() -> list[Prediction]:
            predictions = []
            for row in self.inputs(inputs).tolist():
                output = self.network(row)
                if self.outputs is not None:
                    (number,) = self.outputs.inverse([numbers(output)]).tolist()
                    predictions.append(Prediction(number))
                    continue
                shares = numbers(softmax(output))
                best = max(range(len(shares)), key=shares.__getitem__)
                predictions.append(Prediction(self.classes[best], shares[best]))
            return predictions

        return in_evaluation(self.network, predicted)

    def report(self, data: Dataset) -> str:
        """How good the predictions for a dataset are, in a line or two."""
        values = [prediction.value for prediction in self.predict(data.inputs)]
        if not self.classes:
            error = metrics.mean_squared_error(values, data.targets)
            return (
                f"mean squared error {error:.6g}, R² {metrics.r_squared(values, data.targets):.4f}"
            )
        place = {name: index for index, name in enumerate(self.classes)}
        predicted = [place[str(value)] for value in values]
        accuracy = f"accuracy {metrics.accuracy(predicted, data.targets):.4f}"
        if len(self.classes) > 12:
            return accuracy
        matrix = metrics.confusion_matrix(predicted, data.targets, len(self.classes))
        width = max(map(len, self.classes))
        rows = [
            f"  {name:<{width}} {' '.join(f'{count:>5}' for count in row)}"
            for name, row in zip(self.classes, matrix, strict=True)
        ]
        title = "true class, and how often each class was predicted, in the same order:"
        return "\n".join([accuracy, title, *rows])

    def dataset(self, table: Table) -> Dataset:
        """The rows of a table that has the features and the target, as the model sees them.

        Raises DataError for a missing column or a class that the model does not know.
        """
        inputs = table.columns_of(self.features)
        if not self.classes:
            return Dataset(inputs, table.numbers(self.target), self.features, target=self.target)
        place = {name: index for index, name in enumerate(self.classes)}
        indices = []
        for text, line in zip(table.texts(self.target), table.lines, strict=True):
            if text not in place:
                raise DataError(
                    f"{table.name}, line {line}, column {self.target!r}: {text!r:.60} is none of "
                    f"the classes of the model: {listed(self.classes)}"
                )
            indices.append(place[text])
        return Dataset(inputs, np.array(indices), self.features, self.classes, self.target)

    def save(self, path: state.PathLike, *, overwrite: bool = False) -> None:
        """Write the model to a JSON file. Raises FileExistsError if it exists, unless told."""
        content = {
            "format": FORMAT,
            "target": self.target,
            "features": list(self.features),
            "classes": list(self.classes),
            "sizes": list(self.sizes),
            "activation": self.activation,
            "inputs": _scale(self.inputs),
            "outputs": None if self.outputs is None else _scale(self.outputs),
            "parameters": self.network.state_dict(),
        }
        state.write_json(path, content, overwrite=overwrite)

    @classmethod
    def load(cls, path: state.PathLike) -> TableModel:
        """The model in a file that `save` wrote. Raises DataError for a file that holds none."""
        content = state.read_json(path)
        if content.get("format") != FORMAT:
            raise DataError(f"{path} holds no model of a table: `python -m nn --out` writes one")
        try:
            check_model(content)
            sizes = tuple(content["sizes"])
            network = MLP(
                sizes[0], sizes[1:], activation=ACTIVATIONS[content["activation"]], seed=0
            )
            network.load_state_dict(content["parameters"])
            outputs = content["outputs"]
            return cls(
                network,
                content["target"],
                tuple(content["features"]),
                tuple(content["classes"]),
                _standardizer(content["inputs"]),
                None if outputs is None else _standardizer(outputs),
                sizes,
                content["activation"],
            )
        except ValueError as error:  # of a name of a parameter, say
            raise DataError(
                f"{path} holds a damaged model: {error}; train one again with --out"
            ) from error


def _scale(standard: Standardizer) -> dict[str, list[float]]:
    return {"mean": standard.mean.tolist(), "deviation": standard.deviation.tolist()}


def _standardizer(scale: dict[str, list[float]]) -> Standardizer:
    return Standardizer(np.array(scale["mean"], float), np.array(scale["deviation"], float))
