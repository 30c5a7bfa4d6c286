"""The tree of parameters: found, named, cleared, switched, shown, saved and loaded."""

import copy
import json
import math
import pickle

import pytest

from autograd_core import DataError, Value
from nn import MLP, Dropout, Layer, Module, Sequential


class Nested(Module):
    def __init__(self):
        self.scale = Value(1.0)
        self.fixed = Value(2.0).detach()
        self.last_output = self.scale * 2
        self.branches = {"left": Layer.of([[1.0]]), "right": [Layer.of([[2.0]])]}
        self.shared = (self.scale, self.branches["left"])


def test_parameters_are_the_leaves_each_once_by_their_first_place():
    assert [name for name, _ in Nested().named_parameters()] == [
        "scale",
        "branches.left.neurons.0.weights.0",
        "branches.left.neurons.0.bias",
        "branches.right.0.neurons.0.weights.0",
        "branches.right.0.neurons.0.bias",
    ]


def test_a_module_that_holds_its_parent_is_walked_once():
    module = Nested()
    module.branches["left"].parent = module
    assert len(module.parameters()) == 5
    assert len(list(module.modules())) == 5


def test_names_are_given_on_demand():
    module = Nested()
    module.name_parameters()
    assert module.branches["right"][0].neurons[0].bias.name == "branches.right.0.neurons.0.bias"


def test_zero_grad_clears_every_parameter():
    model = MLP(2, [2, 1], activation="tanh", seed=0)
    model([1.0, 2.0]).backward()
    assert all(p.grad != 0 for p in model.parameters())
    model.zero_grad()
    assert all(p.grad == 0 for p in model.parameters())


def test_train_and_eval_switch_the_whole_tree():
    model = Sequential(Layer(1, 2, seed=0), Dropout(0.5, seed=0))
    assert all(module.training for module in model.modules())
    assert model.eval() is model
    assert not any(module.training for module in model.modules())
    assert model.train().layers[1].training


def test_repr_shows_the_tree_and_counts_parameters():
    model = Sequential(MLP(2, [16, 1], seed=0), "tanh", Dropout(0.25))
    assert repr(model) == (
        "Sequential(65 parameters)\n"
        "  layers.0: MLP(2-16-1, 65 parameters)\n"
        "    layers.0: Layer(2 -> 16, relu, 48 parameters)\n"
        "    layers.1: Layer(16 -> 1, linear, 17 parameters)\n"
        "  layers.1: Elementwise(tanh, 0 parameters)\n"
        "  layers.2: Dropout(0.25, 0 parameters)"
    )
    assert repr(Layer(2, 1, seed=0).neurons[0]) == "Neuron(2, relu, 3 parameters)"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_of_a_model_is_a_model_of_its_own(copied):
    model = Sequential(MLP(2, [3], activation="tanh", seed=0), Dropout(0.5), Layer(3, 2, seed=0))
    model.eval()
    other = copied(model)
    x = [0.5, -1.0]
    assert [y.data for y in other(x)] == [y.data for y in model(x)]
    assert [p.name for p in other.parameters()] == [p.name for p in model.parameters()]
    before = model.state_dict()
    sum(other(x)).backward()
    for parameter in other.parameters():
        parameter.data -= parameter.grad
    assert model.state_dict() == before
    assert all(parameter.grad == 0 for parameter in model.parameters())


AWKWARD = [0.1, -0.0, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan, 1 / 3]


def test_a_saved_model_reads_back_bit_for_bit(tmp_path):
    model, other = MLP(7, [1], seed=0), MLP(7, [1], seed=1)
    for parameter, number in zip(model.parameters(), AWKWARD, strict=True):
        parameter.data = number
    model.save(tmp_path / "model.json")
    assert other.load(tmp_path / "model.json") is other
    assert [p.data.hex() for p in other.parameters()] == [float.hex(n) for n in AWKWARD]


def test_saving_overwrites_only_when_told(tmp_path):
    path = tmp_path / "model.json"
    first, second = MLP(1, [1], seed=0), MLP(1, [1], seed=1)
    first.save(path)
    with pytest.raises(
        FileExistsError, match=r"model\.json': the file exists\. Pass overwrite=True"
    ):
        second.save(path)
    assert MLP(1, [1]).load(path).state_dict() == first.state_dict()
    second.save(path, overwrite=True)
    assert MLP(1, [1]).load(path).state_dict() == second.state_dict()
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.json"]


def test_a_state_that_does_not_fit_changes_nothing():
    model = MLP(2, [1], seed=0)
    before = model.state_dict()
    with pytest.raises(
        ValueError,
        match=r"holds 10 numbers, lacks none and has .*neurons\.1\.bias and 4 more",
    ):
        model.load_state_dict(
            MLP(2, [2, 1]).state_dict() | before | {"layers.0.neurons.0.weights.2": 1}
        )
    with pytest.raises(
        ValueError, match=r"lacks layers\.0\.neurons\.0\.weights\.0, .*bias and has besides none"
    ):
        model.load_state_dict({})
    with pytest.raises(ValueError, match=r"bias must be a number, got 'x' of type str"):
        model.load_state_dict(before | {"layers.0.neurons.0.bias": "x"})
    assert model.state_dict() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{\n oops", r"m\.json: this is no JSON: .*: line 2 "),
        ("[1]", r"m\.json must hold a JSON object, not a list"),
        ("{}", r"m\.json is no saved state"),
        (
            '{"format": "autograd_core.nn state", "parameters": {"a": NaN}}',
            "NaN is no number in JSON",
        ),
        ('{"format": "autograd_core.nn state", "parameters": {"a": 1e999}}', "a: inf is no double"),
        ('{"format": "autograd_core.nn state", "parameters": {"a": 1, "a": 2}}', "has 'a' twice"),
        ('{"format": "autograd_core.nn state", "parameters": {}, "x": 1}', "has 'x', which is no"),
        (json.dumps({"format": "autograd_core.nn state"}), "no saved state"),
    ],
)
def test_a_file_that_holds_no_state_is_refused(tmp_path, text, message):
    path = tmp_path / "m.json"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        MLP(1, [1]).load(path)


def test_numbers_that_json_does_not_have_come_back(tmp_path):
    path = tmp_path / "m.json"
    model = MLP(2, [1], seed=0)
    numbers = [math.nan, math.inf, -math.inf]
    for parameter, number in zip(model.parameters(), numbers, strict=True):
        parameter.data = number
    model.save(path)

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    json.loads(path.read_text(), parse_constant=refuse)
    again = MLP(2, [1], seed=1).load(path)
    assert [repr(p.data) for p in again.parameters()] == list(map(repr, numbers))


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "m.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"m\.json is not text in UTF-8"):
        MLP(1, [1]).load(path)
