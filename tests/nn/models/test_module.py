"""The tree of parameters: found, named, cleared, switched, shown, saved and loaded."""

import copy
import json
import math
import pickle
from collections import ChainMap, OrderedDict, UserDict, UserList, deque
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import DataError, Value, record
from nn import MLP, Dropout, Layer, Module, Neuron, Sequential, losses, optim
from nn.models.activations import Activation


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


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass
class Part:
    slope: Any
    offset: Any


class Plain:
    """No module, but with parameters() as one written by hand has it."""

    def __init__(self, *values):
        self.values = values

    def parameters(self):
        return list(self.values)


class Holder(Module):
    def __init__(self, held):
        self.held = held


HOLDERS = {
    "array": (lambda a, b: np.array([a, b], dtype=object), ["held.0", "held.1"]),
    "matrix": (lambda a, b: np.array([[a], [b]], dtype=object), ["held.0.0", "held.1.0"]),
    "record": (lambda a, b: np.array([(a, 1.0, b)], "O,f8,O"), ["held.0.0", "held.0.2"]),
    "deque": (lambda a, b: deque([a, b], maxlen=2), ["held.0", "held.1"]),
    "user list": (lambda a, b: UserList([a, b]), ["held.0", "held.1"]),
    "named tuple": (Pair, ["held.0", "held.1"]),
    "ordered": (lambda a, b: OrderedDict(u=a, v=b), ["held.u", "held.v"]),
    "user dict": (lambda a, b: UserDict(u=a, v=b), ["held.u", "held.v"]),
    "chain": (lambda a, b: ChainMap({"v": b}, {"u": a}), ["held.u", "held.v"]),
    "proxy": (lambda a, b: MappingProxyType({"u": a, "v": b}), ["held.u", "held.v"]),
    "keys": (lambda a, b: {a: 0, b: 1}.keys(), ["held.0", "held.1"]),
    "items": (lambda a, b: {"u": a, 1: b}.items(), ["held.0.1", "held.1.1"]),
    "values": (lambda a, b: {0: a, 1: b}.values(), ["held.0", "held.1"]),
    "namespace": (lambda a, b: SimpleNamespace(u=a, v=b), ["held.u", "held.v"]),
    "data class": (Part, ["held.slope", "held.offset"]),
    "plain": (Plain, ["held.values.0", "held.values.1"]),
    "dotted": (lambda a, b: {"a.b": a, "a": {"b": b}}, ["held['a.b']", "held.a.b"]),
    "bracketed": (lambda a, b: {"x['y']": a, "x": {"y": b}}, ["held[\"x['y']\"]", "held.x.y"]),
    "digits": (lambda a, b: {"1": a, 1: b}, ["held.1", "held[1]"]),
    "numbers": (lambda a, b: {0: a, 2.5: b}, ["held.0", "held[2.5]"]),
    "empty": (lambda a, b: {"": a, " ": b}, ["held['']", "held. "]),
    "tuples": (lambda a, b: {(0, 1): a, None: b}, ["held.(0, 1)", "held.None"]),
    "objects": (lambda a, b: {object(): a, len: b}, ["held[#0]", "held.<built-in function len>"]),
}  # fmt: skip


@pytest.mark.parametrize("holder", HOLDERS)
def test_whatever_holds_parameters_is_gone_through_in_order(holder):
    make, names = HOLDERS[holder]
    a, layer = Value(1.0), Layer.of([[2.0]])
    assert dict(Holder(make(a, Value(3.0))).named_parameters()).keys() == set(names)
    model = Holder(make(a, layer))
    assert model.parameters() == [a, *layer.parameters()]
    assert list(model.modules()) == [model, layer, *layer.neurons]
    assert [name for name, _ in model.children()] == [names[1]]
    assert f"{names[1]}: Layer" in repr(model)
    state = model.state_dict()
    model.zero_grad()
    model.load_state_dict(dict.fromkeys(state, 5.0))
    assert a.data == layer.neurons[0].bias.data == 5.0


KEYS = st.one_of(
    st.text("ab.[]'\"01", max_size=4), st.integers(-1, 2), st.booleans(), st.none(),
    st.floats(0, 2), st.tuples(st.integers(0, 1)), st.sampled_from([object(), object(), len]),
)  # fmt: skip


@given(
    st.recursive(
        st.just(None),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner)),
        max_leaves=12,
    )
)
def test_no_two_parameters_have_one_name(structure):
    leaves = []

    def filled(part):
        if part is None:
            leaves.append(Value(float(len(leaves))))
            return leaves[-1]
        if isinstance(part, list):
            return list(map(filled, part))
        return {key: filled(item) for key, item in part.items()}

    model = Holder(filled(structure))
    assert model.parameters() == leaves
    assert list(model.state_dict().values()) == [leaf.data for leaf in leaves]


def test_attributes_with_dots_are_not_taken_for_paths():
    model = Holder(Holder(Value(1.0)))
    setattr(model, "held.held", Value(2.0))
    assert model.state_dict() == {"held.held": 1.0, "['held.held']": 2.0}


class Slotted(Module):
    __slots__ = ("weight", "unset", "__private")

    def __init__(self):
        self.__private = [Value(2.0)]
        self.weight = Value(1.0)
        self.other = Value(3.0)


class MoreSlots(Slotted):
    __slots__ = "bias"

    def __init__(self):
        super().__init__()
        self.bias = Layer.of([[4.0]])


def test_parameters_in_slots_are_found():
    assert Slotted().state_dict() == {"weight": 1.0, "_Slotted__private.0": 2.0, "other": 3.0}
    model = MoreSlots()
    assert [p.data for p in model.parameters()] == [1.0, 2.0, 4.0, 0.0, 3.0]
    assert [name for name, _ in model.children()] == ["bias"]
    assert copy.deepcopy(model).state_dict() == model.state_dict()


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        ({Value(1.0)}, "set"),
        (frozenset([Layer.of([[1.0]])]), "frozenset"),
        ({(0, (Value(1.0),))}, "set"),
        ({frozenset([Value(1.0)])}, "set"),
    ],
)
def test_parameters_in_a_set_are_refused_by_name(held, kind):
    with pytest.raises(TypeError, match=f"held is a {kind} with parameters that .* in the Holder:"):
        Holder(held).parameters()
    with pytest.raises(TypeError, match="make it a list or a dictionary"):
        Holder([held]).state_dict()


def test_sets_of_other_things_or_of_what_stands_elsewhere_are_let_be():
    model = Holder([Value(1.0), Layer.of([[2.0]])])
    model.names, model.frozen = {"a", 1}, {model.held[0], model.held[1], *model.parameters()}
    assert len(model.parameters()) == 3


@pytest.mark.parametrize("take", [optim.SGD, losses.l1, losses.l2])
def test_an_order_that_changes_from_run_to_run_is_refused(take):
    values = [Value(1.0), Value(2.0)]
    take(dict.fromkeys(values).keys())
    for unordered in (set(values), frozenset(values)):
        with pytest.raises(TypeError, match=r"parameters must have an order, got .*: give a list"):
            take(unordered)


def test_containers_that_hold_themselves_are_walked_once():
    held = [Value(1.0)]
    held.append(held)
    model = Holder({"list": held})
    model.held["again"] = model.held
    assert len(model.parameters()) == 1
    assert list(model.children()) == []


@pytest.mark.parametrize("build", [lambda: Neuron(2), lambda: Layer(2, 3), lambda: MLP(2, [3, 1])])
def test_what_is_added_to_a_layer_is_found(build):
    class Derived(type(build())):
        pass

    model, derived = build(), build()
    derived.__class__ = Derived
    for extended in (model, derived):
        count = len(extended.parameters())
        extended.gain = Value(1.0)
        assert len(extended.parameters()) == count + 1
        assert extended.parameters() == [p for _, p in extended.named_parameters()]
        assert len(extended.train().parameters()) == count + 1


def test_what_is_frozen_or_computed_is_no_parameter():
    model = MLP(2, [2, 1], seed=0)
    layer, neuron = model.layers[0], model.layers[0].neurons[0]
    neuron.bias = Value(0.0).detach()
    neuron.weights[0] = neuron.weights[1] * 2.0
    layer.neurons[1].weights[0] = 0.5
    for part, count in ((neuron, 1), (layer, 3), (model, 6)):
        assert len(part.parameters()) == count
        assert part.parameters() == [p for _, p in part.named_parameters()]
        assert len(part.state_dict()) == count


def neuron(model: MLP) -> Neuron:
    return model.layers[0].neurons[0]


class Leaky(Module):
    def __init__(self):
        self.slope = Value(0.25)

    def __call__(self, z):
        return z.leaky_relu(self.slope)


REARRANGED: dict[str, tuple[Any, int]] = {
    "weights in a list of lists": (lambda m: setattr(neuron(m), "weights", [neuron(m).weights]), 9),
    "weights in a tuple": (lambda m: setattr(neuron(m), "weights", (*neuron(m).weights,)), 9),
    "weights in an array": (
        lambda m: setattr(neuron(m), "weights", np.array(neuron(m).weights)),
        9,
    ),
    "no weights": (lambda m: setattr(neuron(m), "weights", None), 7),
    "two biases": (lambda m: setattr(neuron(m), "bias", [Value(0.0), Value(1.0)]), 10),
    "no bias": (lambda m: setattr(neuron(m), "bias", None), 8),
    "a bias by another name": (lambda m: vars(neuron(m)).update(b0=vars(neuron(m)).pop("bias")), 9),
    "another thing for the activation": (
        lambda m: vars(m.layers[0]).update(gain=Value(1.0)) or vars(m.layers[0]).pop("activation"),
        10,
    ),
    "an activation with a parameter": (lambda m: setattr(neuron(m), "activation", Leaky()), 10),
    "neurons in a tuple": (lambda m: setattr(m.layers[0], "neurons", (*m.layers[0].neurons,)), 9),
    "another module among the neurons": (lambda m: m.layers[0].neurons.append(Leaky()), 10),
    "one neuron twice": (lambda m: m.layers[0].neurons.append(neuron(m)), 9),
    "another module among the layers": (lambda m: m.layers.append(Leaky()), 10),
    "one layer twice": (lambda m: m.layers.append(m.layers[0]), 9),
    "layers in a dictionary": (lambda m: setattr(m, "layers", dict(enumerate(m.layers))), 9),
    "no layers": (lambda m: m.layers.clear(), 0),
    "switched": (lambda m: m.train().eval(), 9),
}


@pytest.mark.parametrize(("rearrange", "count"), REARRANGED.values(), ids=REARRANGED)
def test_a_model_that_is_put_together_otherwise_loses_no_parameter(rearrange, count):
    model = MLP(2, [2, 1], seed=0)
    rearrange(model)
    assert model.parameters() == [parameter for _, parameter in model.named_parameters()]
    assert len(model.parameters()) == count


@pytest.mark.parametrize("activation", [Leaky(), Activation("leaky", Leaky())])
def test_the_parameters_of_an_activation_are_the_model_s(activation):
    model = MLP(2, [3, 1], activation=activation)
    assert len(model.parameters()) == 14
    assert model.parameters() == [parameter for _, parameter in model.named_parameters()]


def test_parameters_without_a_place_are_not_lost_in_silence():
    class Hidden(Module):
        def __init__(self):
            self.known, hidden = Value(1.0), Value(2.0)
            self.get = lambda: hidden

        def parameters(self):
            return [self.known, self.get()]

    for ask in (Hidden().state_dict, lambda: Hidden().load_state_dict({"known": 1.0})):
        with pytest.raises(ValueError, match="1 of the parameters of this Hidden stand in none"):
            ask()


def test_weights_that_are_shared_are_listed_once():
    model = MLP(2, [2, 2], seed=0)
    model.layers[1].neurons[0].weights = model.layers[0].neurons[0].weights
    assert len(model.parameters()) == 10
    model.layers[1] = model.layers[0]
    assert model.parameters() == model.layers[0].parameters()


def test_a_recording_that_a_model_keeps_adds_no_parameters():
    model = Holder(MLP(1, [1], seed=0))
    model.program = record(model.held, [0.0])
    assert len(model.parameters()) == 2


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
    with pytest.raises(TypeError, match="mode must be True or False, got 'False'"):
        model.train("False")


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
    for wrong in ("x", None, True, np.True_, 1j, np.ones(1), 10**400):
        with pytest.raises(ValueError, match=r"neurons\.0\.bias (must be a number, got|is beyond)"):
            model.load_state_dict(before | {"layers.0.neurons.0.bias": wrong})
    with pytest.raises(TypeError, match=r"a dictionary from names to numbers, .* got \[1.0\]"):
        model.load_state_dict([1.0])
    assert model.state_dict() == before


NUMBERS = [
    np.float32(0.1),
    np.float64(0.1),
    np.float16(0.1),
    np.int8(3),
    np.array(0.1),
    np.uint64(9),
]


@pytest.mark.parametrize("number", [*NUMBERS, 3, Fraction(1, 3)], ids=repr)
def test_a_state_may_hold_any_real_number(number):
    model = MLP(1, [1], seed=0)
    model.load_state_dict(dict.fromkeys(model.state_dict(), number))
    assert [p.data for p in model.parameters()] == [float(number)] * 2
    assert all(type(number) is float for number in model.state_dict().values())


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
