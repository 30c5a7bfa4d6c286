"""The file of a model of a table: damaged in any way it is refused before a row is predicted."""

import json
import os
import random

import pytest

from autograd_core import DataError
from nn.data import Dataset
from nn.datasets import iris
from nn.tables.model_file import count_parameters
from nn.tables.reader import read_csv
from nn.tables.tabular import TableModel

REGRESSION = "regression"
CLASSIFICATION = "classification"


def trained(kind):
    data = iris().take(range(0, 150, 10))
    if kind == REGRESSION:
        data = Dataset(data.inputs[:, :2], data.inputs[:, 2], ("a", "b"), target="c")
    return TableModel.untrained(data, [2], seed=0)


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """What `save` writes of a regression of two features and of a classification of four."""
    made = {}
    for kind in (REGRESSION, CLASSIFICATION):
        path = tmp_path_factory.mktemp("models") / kind
        trained(kind).save(path)
        made[kind] = path.read_text()
    return made


@pytest.fixture
def load(documents, tmp_path):
    """Load a model with its members changed by a path; None takes a member away."""

    def loaded(kind, changes):
        document = json.loads(documents[kind])
        for path, new in changes.items():
            *way, last = path.split("/")
            place = document
            for step in way:
                place = place[step]
            if new is None:
                del place[last]
            else:
                place[last] = new
        (tmp_path / "m.json").write_text(json.dumps(document))
        return TableModel.load(tmp_path / "m.json")

    return loaded


@pytest.mark.parametrize("kind", [REGRESSION, CLASSIFICATION])
def test_a_model_comes_back_bit_for_bit(load, kind):
    rows = iris().inputs[:, : 2 if kind == REGRESSION else 4]
    assert load(kind, {}).predict(rows) == trained(kind).predict(rows)


def test_parameters_are_counted_before_they_are_made():
    for sizes in ([4, 2, 3], [2, 2, 1], [1, 1], [5, 4, 3, 2, 1]):
        made = TableModel.untrained(
            Dataset(iris().inputs[:, :1].repeat(sizes[0], axis=1), iris().targets), sizes[1:-1]
        )
        sizes[-1] = 1
        assert count_parameters(sizes) == len(made.network.parameters())


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        (REGRESSION, {"features": ["a"]}, r"sizes=\[2, 2, 1\] must lead from 1, the features, to"),
        (REGRESSION, {"features": ["a", "a"]}, "features has 'a' twice"),
        (REGRESSION, {"features": ["a", "c"]}, "target='c' is no column besides the features"),
        (REGRESSION, {"features": "ab"}, "features must be a list, not str"),
        (REGRESSION, {"features": ["a", 7]}, "features: 7 is no name"),
        (REGRESSION, {"features": [], "sizes": [0, 2, 1]}, "one feature or more"),
        (REGRESSION, {"target": None}, "the model has no 'target'"),
        (REGRESSION, {"target": ["c"]}, r"target=\['c'\] is no column"),
        (
            REGRESSION,
            {"sizes": [2, 10**9, 1]},
            r"has 9 parameters; .* \[2, 1000000000, 1\] has 4,0",
        ),
        (
            REGRESSION,
            {"sizes": [2, 10**4000, 1]},
            r"has 9 parameters; .* has more than 10\*\*15; train",
        ),
        (REGRESSION, {"target": "\ud800"}, r"target='\\ud800' is no column"),
        (REGRESSION, {"sizes": [2, True, 1]}, "is no list of whole numbers"),
        (REGRESSION, {"sizes": [2, 2.0, 1]}, "is no list of whole numbers"),
        (REGRESSION, {"sizes": [2, -2, 1]}, "is no list of whole numbers of at least 1"),
        (REGRESSION, {"sizes": []}, "must lead from 2"),
        (REGRESSION, {"sizes": None}, "the model has no 'sizes'"),
        (REGRESSION, {"activation": "conjure"}, "activation='conjure' is none of"),
        (REGRESSION, {"activation": ["tanh"]}, "activation="),
        (REGRESSION, {"inputs/mean": [1.0]}, r"inputs\.mean must be a list of 2, got \[1\.0\]"),
        (REGRESSION, {"inputs/deviation": [1.0, 0.0]}, "inputs.deviation has a number that is not"),
        (REGRESSION, {"inputs/deviation": [1.0, -1.0]}, "inputs.deviation has a number that is n"),
        (REGRESSION, {"inputs/deviation": [[1.0], 1.0]}, r"deviation: \[1\.0\] is no double"),
        (REGRESSION, {"inputs/mean": ["NaN", 1.0]}, r"inputs\.mean: 'NaN' is no finite number"),
        (REGRESSION, {"inputs": 1}, "inputs must be an object, not int"),
        (REGRESSION, {"outputs/mean": [1.0, 2.0]}, r"outputs\.mean must be a list of 1"),
        (CLASSIFICATION, {"outputs": {"mean": [0.0], "deviation": [1.0]}}, "outputs must be null"),
        (CLASSIFICATION, {"classes": ["x"]}, "no class or at least two"),
        (CLASSIFICATION, {"classes": ["x", "x", "y"]}, "classes has 'x' twice"),
        (CLASSIFICATION, {"classes": ["x", "y"]}, r"sizes=\[4, 2, 3\] must lead from 4, .* to 2"),
        (CLASSIFICATION, {"classes": ["x", "", "y"]}, "classes: '' is no name"),
        (CLASSIFICATION, {"classes": ["x", "\ud800", "y"]}, r"classes: '\\ud800' is no name"),
        (REGRESSION, {"parameters": []}, "parameters must be an object, not list"),
        (REGRESSION, {"parameters/layers.0.neurons.0.bias": None}, "it has 8 parameters"),
        (REGRESSION, {"parameters/layers.0.neurons.0.bias": True}, "parameters: True is no double"),
        (REGRESSION, {"parameters/layers.0.neurons.0.bias": 10**400}, "is no double"),
        (REGRESSION, {"parameters/layers.0.neurons.0.bias": "NaN"}, "'NaN' is no finite number"),
        (REGRESSION, {"more": 1}, "the model has 'more', which is no member of it"),
    ],
)
def test_a_damaged_model_is_refused_with_its_member(load, kind, changes, message):
    with pytest.raises(DataError, match=rf"m\.json holds a damaged model: .*{message}"):
        load(kind, changes)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"target"', '"classes": [], "target"', "an object has 'classes' twice"),
        ('"mean": [', '"mean": [NaN, ', "NaN is no number in JSON"),
        ('neurons.0.bias": 0.0', 'neurons.0.bias": 1e999', "parameters: inf is no double"),
        ("{", "[" * 100_000, "this is no JSON"),
        ('"c"', "1" * 5000, "this is no JSON"),
    ],
)
def test_what_is_not_strictly_json_is_refused(documents, tmp_path, old, new, message):
    (tmp_path / "m.json").write_text(documents[REGRESSION].replace(old, new, 1))
    with pytest.raises(DataError, match=message):
        TableModel.load(tmp_path / "m.json")


@pytest.mark.parametrize("kind", [REGRESSION, CLASSIFICATION])
def test_a_file_damaged_anywhere_gives_a_whole_model_or_a_data_error(documents, tmp_path, kind):
    """Bytes cut, changed, doubled and exchanged: what still loads predicts finite numbers."""
    rng, text = random.Random(4), documents[kind].encode()
    rows = iris().inputs[:3, : 2 if kind == REGRESSION else 4]
    path = tmp_path / "m.json"
    loaded = 0
    for _ in range(400):
        place, damaged = rng.randrange(len(text)), bytearray(text)
        change = rng.randrange(4)
        if change == 0:
            damaged[place] = rng.choice(b'0123456789"[]{}:,.-eE \\nNx\xff')
        elif change == 1:
            del damaged[place : place + rng.randint(1, 30)]
        elif change == 2:
            damaged[place:place] = text[place : place + rng.randint(1, 60)]
        else:
            other = rng.randrange(len(text))
            damaged[place], damaged[other] = damaged[other], damaged[place]
        path.write_bytes(damaged)
        try:
            model = TableModel.load(path)
        except DataError:
            continue
        loaded += 1
        assert len(model.predict(rows)) == 3
    assert 20 < loaded < 380


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="the system has no such device")
def test_a_table_that_never_ends_and_a_model_that_never_ends_are_refused():
    with pytest.raises(DataError, match="/dev/zero, line 1: not text"):
        read_csv("/dev/zero")
    with pytest.raises(DataError, match="/dev/zero: this is no JSON"):
        TableModel.load("/dev/zero")


def test_twenty_thousand_classes_are_reported_without_a_table_of_their_square():
    classes = tuple(f"n{place:05}" for place in range(20_000))
    data = Dataset(iris().inputs[:2], iris().targets[:2] + 19_000, iris().features, classes)
    assert TableModel.untrained(data, [1]).report(data).startswith("accuracy 0.")


def test_a_class_that_none_of_twenty_thousand_is_is_named_in_a_line(tmp_path):
    classes = tuple(f"n{place:05}" for place in range(20_000))
    data = Dataset(iris().inputs[:2, :1], iris().targets[:2], ("a",), classes, "b")
    (tmp_path / "t.csv").write_text("a,b\n1,n00007\n2,other\n")
    with pytest.raises(DataError, match=r"line 3, column 'b': 'other' is none .* and 19988 more$"):
        TableModel.untrained(data, [1]).dataset(read_csv(tmp_path / "t.csv"))


def test_a_model_that_is_not_finite_is_not_written(tmp_path):
    model = trained(REGRESSION)
    model.network.parameters()[0].data = float("inf")
    with pytest.raises(DataError, match=r"Cannot write '.*m\.json': a number in it is infinite"):
        model.save(tmp_path / "m.json")
    assert os.listdir(tmp_path) == []
