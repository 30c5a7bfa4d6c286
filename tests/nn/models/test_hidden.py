"""Parameters that stand where nothing has a place are refused by name; nothing else is."""

import ast
import collections
import contextvars
import enum
import functools
import itertools
import logging
import math
import operator
import queue
import random
import re
import sys
import threading
import types
import weakref
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import pytest

import nn
from autograd_core import Value, draw, grad, record
from nn import MLP, Layer, Module, Neuron, Sequential, datasets, fit, optim
from nn.diagnostics import gradient_norms


class Holder(Module):
    def __init__(self, held):
        self.held = held

    def __call__(self, x):
        return x * 1.0


class Plain:
    def __init__(self, held):
        self.held = held

    def scale(self, x):
        return x * self.held


class Slotted:
    __slots__ = ("held",)

    def __init__(self, held):
        self.held = held


class Scaling(Plain):
    __call__ = Plain.scale


class Several(list):
    pass


class Pair(NamedTuple):
    left: Any
    right: Any = Value(1.0)


@dataclass
class Part:
    held: Any


def closing_over(v):
    return lambda x: x * v


def with_default(v):
    return lambda x, v=v: x * v


def with_named_default(v):
    return lambda x, *, v=v: x * v


def with_attribute(v):
    def function(x):
        return x

    function.v = v
    return function


def under_way(v):
    def steps():
        mine = v
        yield 0
        yield mine

    generator = steps()
    next(generator)
    return generator


def several_with_an_attribute(v):
    several = Several()
    several.v = v
    return several


BESIDES = "keep them in attributes of the module besides"
CONTAINERS = {
    "of a dictionary only the values have names": {
        "keys": lambda v: {v: 0},
        "keys of keys": lambda v: {(0, v): 0},
        "user dict": lambda v: collections.UserDict({v: 0}),
        "chain": lambda v: collections.ChainMap({v: 0}),
        "proxy": lambda v: types.MappingProxyType({v: 0}),
        "counter": lambda v: collections.Counter([v]),
        "default": lambda v: collections.defaultdict(closing_over(v)),
    },
    "of a sequence only the items have names": {"a list's attribute": several_with_an_attribute},
    "a set keeps no order": {
        "set": lambda v: {v},
        "set of tuples": lambda v: {(0, (v,))},
        "frozen": lambda v: frozenset([v]),
        "sets of sets": lambda v: {frozenset([v])},
    },
    "derive Plain from Module, or make it a data class": {
        "object": Plain,
        "objects in objects": lambda v: Plain([Plain({"a": v})]),
        "an object's array": lambda v: Plain(np.array([v], dtype=object)),
    },
    "derive Slotted from Module, or make it a data class": {"slots": Slotted},
    BESIDES: {
        "closure": closing_over,
        "default": with_default,
        "named default": with_named_default,
        "function's attribute": with_attribute,
        "partial": lambda v: functools.partial(operator.mul, v),
        "partial's keyword": lambda v: functools.partial(max, key=v),
        "partial of partials": lambda v: functools.partial(functools.partial(operator.mul, v)),
        "partial method": lambda v: functools.partialmethod(max, v),
        "cache": lambda v: functools.lru_cache(closing_over(v)),
        "bound method": lambda v: Plain(v).scale,
        "bound module": lambda v: Holder(v).parameters,
        "operator of a Value": lambda v: v.__mul__,
        "method of a Value": lambda v: v.relu,
        "method of a list": lambda v: [v].append,
        "method of a dictionary": lambda v: {0: v}.get,
        "method caller": lambda v: operator.methodcaller("__mul__", v),
        "callable object": Scaling,
        "generator": under_way,
        "generator expression": lambda v: (each for each in [v]),
        "iterator": lambda v: iter([v]),
        "map": lambda v: map(float, [v]),
        "chained": lambda v: itertools.chain([v]),
        "cycle": lambda v: itertools.cycle([v]),
        "cell": lambda v: closing_over(v).__closure__[0],
        "gradient": lambda v: grad(closing_over(v)),
        "vectorized": lambda v: np.vectorize(closing_over(v)),
    },
}  # fmt: skip
HIDDEN = {
    f"{kind} ({remedy:.20})": (make, remedy)
    for remedy, kinds in CONTAINERS.items()
    for kind, make in kinds.items()
}


@pytest.mark.parametrize(("make", "remedy"), HIDDEN.values(), ids=HIDDEN)
def test_a_parameter_without_a_place_is_refused_with_the_place_and_what_to_write(make, remedy):
    model = Holder(make(Value(1.0)))
    said = rf"^held is a \w+ with parameters that stand nowhere else in the Holder: {remedy}.*; .*"
    for ask in (
        model.parameters,
        model.zero_grad,
        model.state_dict,
        lambda: model.load_state_dict({}),
        lambda: optim.SGD(model.parameters(), 0.1),
        lambda: fit(model, [1.0], [1.0], progress=False),
    ):
        with pytest.raises(TypeError, match=said):
            ask()


@pytest.mark.parametrize("kind", [kind for kind in HIDDEN if "of a Value" not in kind])
def test_so_are_the_parameters_of_a_module_without_a_place(kind):
    make, remedy = HIDDEN[kind]
    layer = Layer.of([[1.0]])
    model = Holder(make(layer))
    with pytest.raises(TypeError, match=f"^held is a .*: {remedy}"):
        model.parameters()
    model.weights, model.bias = layer.neurons[0].weights, layer.neurons[0].bias
    assert len(model.parameters()) == 2


@pytest.mark.parametrize(("make", "remedy"), HIDDEN.values(), ids=HIDDEN)
def test_what_has_a_place_besides_or_is_constant_is_no_hidden_parameter(make, remedy):
    v = Value(1.0)
    model = Holder(make(v))
    model.v = v
    assert model.parameters() == [v]
    assert Holder(make(Value(1.0).detach())).parameters() == []


NESTED = {
    "in containers": (lambda f: ({"a": [f]},), "held.0.a.0"),
    "in a data class": (Part, "held.held"),
    "in a name space": (lambda f: types.SimpleNamespace(f=f), "held.f"),
    "in a named tuple": (Pair, "held.0"),
    "in an array": (lambda f: np.array([f], dtype=object), "held.0"),
    "in a deque": (lambda f: collections.deque([f]), "held.0"),
    "in a module": (Holder, "held.held"),
    "in a sequential": (lambda f: Sequential(Layer(1, 1), f), "held.layers.1"),
    "in an MLP": (lambda f: MLP(1, [1, 1], activation=f), "held.layers.0.activation.function"),
}


@pytest.mark.parametrize(("nest", "place"), NESTED.values(), ids=NESTED)
@pytest.mark.parametrize("make", [closing_over, lambda v: functools.partial(operator.mul, v)])
def test_the_place_is_named_however_deep(nest, place, make):
    with pytest.raises(TypeError, match=rf"^{re.escape(place)} is a \w+ with parameters that"):
        Holder(nest(make(Value(1.0)))).parameters()


@pytest.mark.parametrize(
    "build",
    [
        lambda f: Neuron(2, activation=f),
        lambda f: Layer(2, 2, activation=f),
        lambda f: MLP(2, [2, 1], activation=f),
        lambda f: Sequential(Layer(2, 1), f),
    ],
)
def test_an_activation_s_parameter_needs_a_place_in_the_model(build):
    slope = Value(0.25)
    model = build(lambda z: z * slope)
    with pytest.raises(TypeError, match="is a function with parameters"):
        model.parameters()
    model.slope = slope
    assert model.parameters()[-1] is slope
    assert repr(model)
    assert draw(model).source


def in_a_class(**attributes):
    return type("Made", (Module,), attributes)()


def a_method(v):
    def __call__(self, x):
        return x * v

    return {"__call__": __call__}


def decorated(v):
    @functools.wraps(a_method(v)["__call__"])
    def wrapper(self, x):
        return x * v

    return {"__call__": wrapper}


SHARED = {
    "value": (lambda v: {"slope": v}, "slope"),
    "list": (lambda v: {"slopes": [v]}, "slopes"),
    "module": (lambda v: {"inner": Holder(v)}, "inner"),
    "method": (a_method, "__call__"),
    "decorated method": (decorated, "__call__"),
    "property": (lambda v: {"slope": property(lambda self: v)}, "slope"),
    "class method": (lambda v: {"slope": classmethod(lambda cls: v)}, "slope"),
    "static method": (lambda v: {"slope": staticmethod(lambda: v)}, "slope"),
    "descriptor": (lambda v: {"slope": Plain(v)}, "slope"),
}


@pytest.mark.parametrize(("attributes", "name"), SHARED.values(), ids=SHARED)
def test_what_a_class_holds_for_its_instances_is_refused(attributes, name):
    said = f"{name} is an attribute of the class Made with parameters that stand nowhere else"
    model = in_a_class(**attributes(Value(1.0)))
    with pytest.raises(TypeError, match=f"^{said} in the Made"):
        model.parameters()
    derived = type("Derived", (type(model),), {})()
    with pytest.raises(TypeError, match=rf"^held\.0\.{said} in the Holder"):
        Holder([derived]).parameters()
    assert in_a_class(**attributes(Value(1.0).detach())).parameters() == []


def test_what_an_instance_or_a_derived_class_puts_in_its_place_counts():
    model = in_a_class(slope=Value(1.0))
    model.slope = Value(2.0)
    assert [p.data for p in model.parameters()] == [2.0]
    assert type("Derived", (type(model),), {"slope": None})().parameters() == []


def test_defaults_of_what_makes_a_model_are_held_only_if_taken():
    @dataclass
    class Line(Module):
        slope: Any = Value(1.0)  # noqa: RUF009
        offset: Any = field(default_factory=lambda: Value(2.0))

    @dataclass(slots=True)
    class Compact(Module):
        slope: Any = Value(1.0)  # noqa: RUF009

    class ByHand(Module):
        def __init__(self, slope=Value(1.0)):  # noqa: B008
            self.slope = slope

    for kind in (Line, Compact, ByHand):
        assert kind(Value(3.0)).parameters()[0].data == 3.0
        assert kind().parameters()[0].data == 1.0
    assert len(Holder(Pair(Value(1.0), Value(2.0))).parameters()) == 2


class Cached(Module):
    def __init__(self):
        self.slope = Value(1.0)

    @functools.lru_cache  # noqa: B019
    def basis(self, x):
        return x * 2.0

    @functools.cached_property
    def doubled(self):
        return self.slope * 2.0


def test_what_a_cache_has_kept_is_not_the_model_s():
    one, other = Cached(), Cached()
    for model in (one, other):
        model.basis(Value(3.0))
        assert model.doubled.data == 2.0
    assert one.parameters() == [one.slope]


class Color(enum.Enum):
    RED = 1


def in_a_circle():
    circle: dict[str, Any] = {}
    circle["itself"] = [circle]
    return circle


def many_objects(depth):
    return Plain([many_objects(depth - 1) for _ in range(4)] if depth else None)


class Unbound:
    """As a proxy of werkzeug's outside of a request."""

    @property
    def __class__(self):
        raise RuntimeError("there is nothing behind this")


ANYTHING = {
    "proxy of nothing": lambda m: Unbound(),
    "lambda": lambda m: lambda x: x,
    "closure over a result": lambda m: closing_over(Value(1.0) * 2.0),
    "closure over the model": lambda m: lambda: m,
    "partial": lambda m: functools.partial(max, 3),
    "bound": lambda m: m.__call__,
    "itself": lambda m: [m],
    "weak reference": lambda m: weakref.ref(OTHER),
    "weak proxy": lambda m: weakref.proxy(OTHER),
    "dead proxy": lambda m: weakref.proxy(Holder(None)),
    "weak set": lambda m: weakref.WeakSet([OTHER]),
    "logger": lambda m: logging.getLogger(),
    "results": lambda m: [Value(1.0) * 2.0],
    "results by number": lambda m: {1: Value(1.0).exp(), Value(1.0) + 1.0: 2},
    "optimizer": lambda m: optim.Adam([m.slope]),
    "optimizer of another": lambda m: optim.Adam(OTHER.parameters()),
    "program of another": lambda m: record(OTHER, [1.0, 2.0]),
    "trainer": lambda m: Trainer(m, OTHER),
    "trainer's method": lambda m: Trainer(m, OTHER).step,
    "parent": lambda m: lambda: Around(m, OTHER),
    "module": lambda m: math,
    "package": lambda m: np,
    "main": lambda m: sys.modules[__name__],
    "class": lambda m: type("Held", (Module,), {"slope": Value(1.0)}),
    "function of a library": lambda m: np.exp,
    "function of the engine": lambda m: Value.relu,
    "loss": lambda m: nn.losses.huber,
    "schedule": lambda m: nn.schedules.OneCycle(0.1, 10),
    "history": lambda m: nn.History(),
    "data": lambda m: datasets.xor(),
    "big": lambda m: many_objects(6),
    "tree": lambda m: ast.parse("x = [1, 2, f(3)]"),
    "circle": lambda m: in_a_circle(),
    "frame": lambda m: sys._getframe(),
    "exception": lambda m: ValueError(Value(1.0)),
    "lock": lambda m: threading.Lock(),
    "queue": lambda m: queue.Queue(),
    "generator": lambda m: (each for each in "ab"),
    "count": lambda m: itertools.count(),
    "random": lambda m: random.Random(1),
    "random of NumPy": lambda m: np.random.default_rng(0),
    "pattern": lambda m: re.compile("a"),
    "enumeration": lambda m: Color.RED,
    "context": lambda m: contextvars.ContextVar("x"),
    "generic": lambda m: list[int],
}
OTHER = MLP(2, [2, 1], seed=0)


class Trainer:
    def __init__(self, model, other):
        self.model, self.other = model, other

    def step(self):
        return self.model, self.other


class Around(Module):
    def __init__(self, model, other):
        self.model, self.other = model, other


@pytest.mark.parametrize("make", ANYTHING.values(), ids=ANYTHING)
def test_what_is_no_parameter_of_the_model_s_is_let_be(make):
    model = Holder(None)
    model.slope = Value(1.0)
    model.held = make(model)
    assert model.parameters() == [model.slope]
    assert model.state_dict() == {"slope": 1.0}
    assert model.train().eval() is model
    assert repr(model).startswith("Holder(1 parameter)")
    assert draw(model).source


T = TypeVar("T")


class Generically(Module, Generic[T]):
    def __init__(self):
        super().__init__()
        self.slope = Value(1.0)


def test_generic_and_derived_classes_hide_nothing():
    class Derived(Generically[int]):
        def __call__(self, x):
            return super().__call__(x)

    assert len(Derived().parameters()) == 1


class Scaled(Module):
    """Parts that reach back to what they are parts of."""

    def __init__(self):
        self.slope = Value(2.0)
        self.body = Sequential(Layer.of([[1.0]]), lambda x: x * self.slope, self.shifted)
        self.body.whole = weakref.proxy(self)

    def shifted(self, x):
        return x + 1.0

    def __call__(self, x):
        return self.body(x)


def test_a_part_may_reach_back_to_the_whole():
    model = Scaled()
    assert len(model.parameters()) == 3
    assert len(model.body.parameters()) == 2
    model(1.0).backward()
    assert gradient_norms(Sequential(model.body))
    assert "body: Sequential(2 parameters)" in repr(model)
    assert draw(model).source


def test_a_module_that_is_its_own_part_is_shown_once():
    model = Holder(None)
    model.held = [Holder(model)]
    assert repr(model) == "Holder(0 parameters)\n  held.0: Holder(0 parameters)\n    held: ..."
    assert draw(model).source
