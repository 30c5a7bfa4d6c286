"""The command line: train a network on a table, or use one that was trained.

    python -m nn                                            learns Fisher's irises
    python -m nn FILE.csv --target COLUMN [--out MODEL.json] [--plot CURVES.png] ...
    python -m nn --predict MODEL.json FILE.csv              prints a prediction for each row

What goes wrong is said in one line on standard error, with exit status 2, or 1 where training
itself failed and 130 where Ctrl-C ended anything but training. A reader who has gone (`| head`) is
no fault. No file that exists is overwritten without --force.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from autograd_core import DataError, TrainingError, check_target, run_command, write_file
from nn.axes import new_axes
from nn.data import Dataset, split
from nn.datasets import iris
from nn.models.activations import ACTIVATIONS
from nn.options import MOST_TURNS
from nn.tables.reader import read_csv
from nn.tables.tabular import Prediction, TableModel

PROGRAM = "python -m nn"


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        raise DataError(f"{message} (see --help)")

    def print_help(self, file: Any = None) -> None:
        """Print the help, and unlike argparse say where that fails."""
        print(self.format_help(), end="", file=file)


def _checked(
    convert: Callable[[str], Any], fits: Callable[[Any], bool], what: str
) -> Callable[[str], Any]:
    def checked(text: str) -> Any:
        try:
            given = convert(text)
        except ValueError:
            given = None
        if given is None or not fits(given):
            raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
        return given

    return checked


COUNT = _checked(int, lambda number: number >= 1, "a whole number of at least 1")
EPOCHS = _checked(
    int, lambda number: 1 <= number <= MOST_TURNS, f"a whole number from 1 to {MOST_TURNS:,}"
)
SEED = _checked(int, lambda number: True, "a whole number")
RATE = _checked(float, lambda number: 0 < number < math.inf, "a positive number")
SHARE = _checked(float, lambda number: 0 < number < 1, "a share between 0 and 1")
FILE = _checked(str, lambda name: "\0" not in name, "a name of a file, which has no \\0 in it")


def parser() -> Parser:
    """The parser of the arguments."""
    made = Parser(PROGRAM, description="Train a network on a table, or use one that was trained.")
    add = made.add_argument
    add(
        "file",
        nargs="?",
        type=FILE,
        metavar="FILE.csv",
        help="a table with a header; none: Fisher's irises",
    )
    add("--target", metavar="COLUMN", help="the column to predict")
    add(
        "--features", nargs="+", metavar="COLUMN", help="the columns to read; by default all others"
    )
    add(
        "--task",
        choices=["classification", "regression"],
        help="by default regression if the target's column holds numbers only",
    )
    layers = "neurons of each hidden layer (16)"
    add("--hidden", nargs="+", type=COUNT, default=[16], metavar="N", help=layers)
    scalar = [name for name, row in ACTIVATIONS.items() if not row.takes_layer]
    add("--activation", choices=scalar, default="tanh", help="of the hidden layers (tanh)")
    add("--epochs", type=EPOCHS, default=50, metavar="N", help="passes over the samples (50)")
    add("--batch-size", type=COUNT, default=16, metavar="N", help="samples a step (16)")
    add("--learning-rate", type=RATE, default=0.01, metavar="RATE", help="of Adam (0.01)")
    add("--held-out", type=SHARE, default=0.3, metavar="SHARE", help="the share to test on (0.3)")
    add("--seed", type=SEED, default=0, metavar="N", help="of split, weights and batches (0)")
    add("--out", type=FILE, metavar="MODEL.json", help="write the trained model here")
    add("--plot", type=FILE, metavar="CURVES.png", help="draw the training curves here")
    predicts = "predict the rows of FILE.csv with this model"
    add("--predict", type=FILE, metavar="MODEL.json", help=predicts)
    add("--force", action="store_true", help="overwrite files that exist")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; the exit status."""
    refusals = {TrainingError: 1, DataError: 2, ImportError: 2}
    return run_command(PROGRAM, lambda: _run(parser().parse_args(arguments)), refusals)


def _run(options: argparse.Namespace) -> int:
    # What is beyond a double is said of the table's line, or of the loss, and not by NumPy.
    with np.errstate(over="ignore", invalid="ignore"):
        return _train(options) if options.predict is None else _predict(options)


def _train(options: argparse.Namespace) -> int:
    data = _data(options)
    _check_files(options)
    try:
        known, held = split(data, options.held_out, seed=options.seed)
        model = TableModel.untrained(known, options.hidden, options.activation, seed=options.seed)
    except ValueError as error:
        raise DataError(str(error)) from error
    kind = ", ".join(data.classes) or "a number"
    if len(data.classes) > 12:
        kind = f"{len(data.classes)} classes"
    print(f"{len(known)} samples to learn {data.target} from, {len(held)} held out: {kind}")
    print(model.network)
    history = model.train(
        known,
        held,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        seed=options.seed,
    )
    if history.stopped == "interrupted":
        print(f"interrupted after {len(history)} epochs; the best parameters are kept")
    if history.epochs:
        why = f": {history.reason}" if history.reason else ""
        print(f"{history[-1].steps:,} steps, {history.tier}{why}")
    print(f"held-out {model.report(held)}")
    if options.out is not None:
        model.save(options.out, overwrite=options.force)
    if options.plot is not None and history.epochs:
        picture, kind = io.BytesIO(), Path(options.plot).suffix.lstrip(".").lower()
        history.plot().figure.savefig(picture, dpi=150, format=kind)
        write_file(options.plot, picture.getvalue(), overwrite=options.force)
    return 0


def _data(options: argparse.Namespace) -> Dataset:
    if options.file is None:
        if options.target or options.features or options.task:
            raise DataError(
                "--target, --features and --task say what to read in a FILE.csv: name one"
            )
        return iris()
    if options.target is None:
        raise DataError(f"say which column of {options.file} to predict: --target COLUMN")
    return read_csv(options.file).dataset(options.target, options.features, options.task)


def _check_files(options: argparse.Namespace) -> None:
    """Complain about what could not be written before training, not after."""
    for name in (options.out, options.plot):
        if name is None:
            continue
        if options.file and os.path.realpath(name) == os.path.realpath(options.file):
            raise DataError(f"{name} is the table to learn from; write to another file")
        try:
            check_target(name, overwrite=options.force)
        except FileExistsError as error:
            raise DataError(
                f"{name} exists; choose another name, or overwrite it with --force"
            ) from error
    if options.plot is not None:
        if options.out and os.path.realpath(options.out) == os.path.realpath(options.plot):
            raise DataError(f"--out and --plot both name {options.out}; name two files")
        kinds = new_axes().figure.canvas.get_supported_filetypes()
        if Path(options.plot).suffix.lstrip(".").lower() not in kinds:
            raise DataError(f"{options.plot}: pictures are written as {', '.join(sorted(kinds))}")


def _predict(options: argparse.Namespace) -> int:
    if options.file is None:
        raise DataError(f"say which rows to predict: {PROGRAM} --predict MODEL.json FILE.csv")
    usual = parser()
    for name, given in vars(options).items():
        if name not in ("predict", "file") and given != usual.get_default(name):
            raise DataError(
                f"--predict takes a model and a FILE.csv, and no --{name.replace('_', '-')}: all "
                "else is in the model"
            )
    model = TableModel.load(options.predict)
    table = read_csv(options.file)
    predictions = model.predict(table.columns_of(model.features))
    for line, prediction in zip(table.lines, predictions, strict=True):
        number = prediction.value if prediction.probability is None else prediction.probability
        if not math.isfinite(float(number)):
            raise DataError(
                f"{table.name}, line {line}: the model gives {number!r} there; its numbers lie too "
                "far from those it was trained on"
            )
    print(_written(model, predictions), end="")
    if model.target in table.columns:
        print(model.report(model.dataset(table)), file=sys.stderr)
    return 0


def _written(model: TableModel, predictions: Sequence[Prediction]) -> str:
    """Predictions as CSV; DataError for a letter that standard output lacks."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([model.target, "probability"] if model.classes else [model.target])
    for prediction in predictions:
        if prediction.probability is None:
            writer.writerow([repr(prediction.value)])
        else:
            writer.writerow([prediction.value, f"{prediction.probability:.4f}"])
    try:
        text.getvalue().encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError as error:
        raise DataError(
            f"standard output is {error.encoding} and cannot hold the names of all classes; set "
            "PYTHONIOENCODING=utf-8"
        ) from error
    return text.getvalue()


if __name__ == "__main__":
    sys.exit(main())
