"""Whatever is given for an argument that it is not: the error shows it, and what is taken instead.

Each row is a call that is right, and the arguments of it that are spoiled one after another by
things of every kind. A thing that the argument does take stands beside it.
"""

from __future__ import annotations

import functools
import io
import math
import random
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest

import autograd_core as ag
import nn
from autograd_core import Value
from autograd_core.given import shown
from nn import (
    MLP,
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

THINGS: dict[str, Any] = {
    "None": None,
    "text": "abc",
    "complex": 1j,
    "dictionary": {"a": 1},
    "set": {1.0},
    "list": [],
    "ragged": [[1.0, 2.0], [3.0]],
    "array": numpy.zeros((2, 3, 4)),
    "object": object(),
    "class": int,
    "number": 2.5,
    "NaN": float("nan"),
}
# Of what holds nothing or much, a number of elements or one element says enough.
TOLD = {
    "list": ("no ", "0 ", "empty", "at least one"),
    "dictionary": ("'a'", " 1 of type int"),
    "array": ("3 lists", "2 weights", "2 inputs", "is no function of"),
    "ragged": ("2 weights", "2 inputs", "2 primals", "2 tangents", "got 1;", "[1.0, 2.0] is no"),
    "None": ("needs a Value",),
}
# Compiled modules say where they are from the root on.
PACKAGES = (*(str(Path(package.__file__).parent) for package in (ag, nn)), "autograd_core/")

x, y = Value(-2.0, name="x"), Value(5.0, name="y")
f = (x + y) * x
a, b = Value(1.0), Value(1.0)
model = MLP(2, [3, 1], seed=0)
moons = datasets.moons(20, seed=0)
fitted = {
    "model": model,
    "inputs": moons.inputs,
    "targets": moons.targets,
    "loss": "binary_cross_entropy_with_logits",
    "epochs": 1,
    "progress": False,
}
program = ag.record(lambda x, y: x * y, 1.0, 1.0)
capturing = ag.record(lambda x: a * x, 1.0)


def square(x: Any) -> Any:
    return x * x


def saddle(x: Any, y: Any) -> Any:
    return x * y


def closure() -> Value:
    return (a - 1.0) ** 2 + b * b


history = nn.fit(**fitted)
hills = landscape.over_function(saddle, (-1.0, 1.0), (-1.0, 1.0), points=5)
witness = nn.convexity_violation(lambda x: -x * x, -1.0, 1.0, samples=9)


def spreading(function: Callable[..., Any], *names: str) -> Callable[..., Any]:
    """The function, some of whose arguments have no names, called by names."""
    return lambda **given: function(
        *(given[name] for name in names), **{n: v for n, v in given.items() if n not in names}
    )


def setting(attribute: str) -> Callable[[Any], None]:
    return lambda given: setattr(ag.draw(f), attribute, given)


CALLS: list[tuple[Callable[..., Any], dict[str, Any], dict[str, str]]] = [
    # what is called, how it is called rightly, and of each spoiled argument what it does take
    (Value, {"data": 1.0}, {"data": "number NaN"}),
    (Value(1.0).backward, {"seed": 1.0}, {"seed": "number NaN"}),
    (spreading(ag.add, "x", "y"), {"x": x, "y": 1.0}, {"x": "number NaN", "y": "number NaN array"}),
    (spreading(ag.hypot, "x", "y"), {"x": x, "y": 1.0}, {"y": "number NaN"}),
    (ag.dot, {"weights": [x], "inputs": [1.0]}, {"weights": "", "inputs": ""}),
    (spreading(ag.sum, "x"), {"x": [x]}, {"x": "list array"}),
    (ag.clamp, {"x": x, "low": 0.0, "high": 1.0}, {"low": "number NaN"}),
    (ag.gradients, {"output": f, "inputs": [x]}, {"output": "", "create_graph": ""}),
    (ag.grad, {"function": square}, {"function": "class"}),
    (ag.jacobian, {"function": square}, {"function": "class"}),
    (ag.jvp, {"function": square, "primals": (2.0,), "tangents": (1.0,)},
     {"function": "class", "primals": "", "tangents": ""}),
    (ag.numerical_derivative, {"function": square, "x": 2.0},
     {"function": "class", "x": "number NaN", "step": "None number"}),
    (spreading(ag.gradcheck, "function", "at"), {"function": square, "at": 2.0},
     {"function": "class", "order": "", "relative_tolerance": "number", "step": "None number"}),
    (ag.record_closure, {"closure": closure, "parameters": [a, b]}, {"closure": "class"}),
    (spreading(ag.record, "function", "example"), {"function": square, "example": 1.0},
     {"function": "class", "auxiliary": ""}),
    (program.using, {}, {"threads": "None", "backend": "None"}),
    (program.gradient, {}, {"value": ""}),
    (program.answered_by, {}, {"question": ""}),
    (capturing.backward, {"x": 1.0}, {"reduce": ""}),
    (ag.Drawing, {}, {"name": "None text", "comment": "None text", "format": ""}),
    (setting("format"), {"given": "png"}, {"given": ""}),
    (setting("filename"), {"given": "f.gv"}, {"given": "text"}),
    (setting("timeout"), {"given": 1.0}, {"given": "None number"}),
    (setting("scale"), {"given": 1.0}, {"given": "None number"}),
    (setting("renderer"), {"given": None}, {"given": "None"}),
    (ag.draw(f).pipe, {}, {"format": "None", "formatter": "None"}),
    (program.draw, {},
     {"style": "", "theme": "", "rankdir": "", "limit": "None", "format": "None"}),
    (ag.primitive, {}, {"glyph": "None text", "latex": "None text"}),
    (ag.explain, {"root": f},
     {"root": "", "wrt": "None", "max_lines": "None", "symbols": "", "number_format": "class"}),
    (ag.tree, {"root": f}, {"root": "", "width": "None", "max_lines": "None", "color": ""}),
    (ag.print_tree, {"root": f, "file": io.StringIO()}, {"file": "None"}),
    (ag.to_json, {"root": f}, {"root": "", "indent": "None"}),
    (ag.to_latex, {"root": f}, {"root": "", "max_size": "None"}),
    (ag.to_mermaid, {"root": f}, {"root": "", "max_edges": "None", "direction": ""}),
    (ag.draw, {"root": f},
     {"root": "", "style": "", "show": "None list array", "limit": "None", "depth": "None",
      "fold": "None", "expand": "list array", "timeout": "None number", "format": "None"}),
    (ag.animate, {"root": f},
     {"theme": "", "interval": "number", "max_values": "None", "timeout": "None number"}),
    (ag.worksheet, {"root": f}, {"root": "", "max_blanks": "None"}),
    (ag.Exercise, {"graph": f}, {"graph": "dictionary", "more": "None dictionary"}),
    (spreading(ag.explore, "function"), {"function": square, "x": (-1, 1)},
     {"function": "class", "over": "None", "max_values": "None", "theme": "", "rankdir": ""}),
    (MLP, {"nin": 2, "nouts": [1]},
     {"nin": "", "nouts": "", "activation": "None class", "bias": "", "seed": "None"}),
    (nn.Layer, {"nin": 2, "nout": 2}, {"nin": "", "nout": "", "nonlin": ""}),
    (nn.Neuron, {"nin": 2}, {"nin": "", "nonlin": "", "initializer": "None class"}),
    (model.save, {"path": "m.json"}, {"path": "text", "overwrite": ""}),
    (model.load, {"path": "m.json"}, {"path": "text"}),
    (nn.fit, fitted,
     {"progress": "", "epochs": "", "schedule": "None class", "penalty": "None class",
      "callbacks": "list"}),
    (nn.predict, {"model": model, "samples": moons.inputs, "loss": fitted["loss"]},
     {"model": "", "samples": "list"}),
    (nn.find_rate, {k: v for k, v in fitted.items() if k not in ("epochs", "progress")},
     {"model": "", "optimizer": "class", "steps": ""}),
    (nn.batches, {"count": 4, "size": 2}, {"count": "", "size": "None"}),
    (nn.Dataset, {"inputs": moons.inputs, "targets": moons.targets},
     {"inputs": "", "target": "text", "features": "list", "classes": "list"}),
    (nn.split, {"data": moons}, {"data": "", "held_out": ""}),
    (nn.Standardizer.of, {"samples": moons.inputs}, {"samples": "array"}),
    (nn.Standardizer, {"mean": [0.0], "deviation": [1.0]}, {"mean": "", "deviation": ""}),
    (nn.one_hot, {"indices": [0, 1], "classes": 2}, {"classes": ""}),
    (nn.convexity_violation, {"function": square, "low": -1.0, "high": 1.0, "samples": 3},
     {"function": "class", "low": "", "samples": ""}),
    (datasets.blobs, {}, {"samples": "", "centers": "", "noise": "number"}),
    (datasets.spirals, {}, {"turns": "number", "classes": ""}),
    (init.he_normal, {"nin": 2, "nout": 2, "rng": random.Random(0)},
     {"nin": "", "nout": "", "rng": ""}),
    (optim.SGD, {"parameters": [a]}, {"learning_rate": "number", "nesterov": ""}),
    (optim.Adam, {"parameters": [a]}, {"parameters": ""}),
    (schedules.Constant(0.1), {"step": 1}, {"step": "number"}),
    (schedules.OneCycle, {"highest": 0.1, "steps": 9}, {"rising": "", "steps": ""}),
    (schedules.StepDecay(0.1, 2), {"step": 1}, {"step": "number"}),
    (schedules.Triangular, {"lowest": 0.1, "highest": 0.2, "half": 3}, {"halving": ""}),
    (losses.hinge, {"scores": [x], "targets": [1.0]}, {"margin": "number"}),
    (schedules.WarmUp, {"schedule": schedules.Constant(0.1), "steps": 3},
     {"schedule": "class", "steps": ""}),
    (losses.squared_error, {"predictions": [x], "targets": [1.0]}, {"reduction": ""}),
    (losses.cross_entropy, {"logits": [x, y], "targets": [0.5, 0.5]}, {"targets": "array"}),
    (losses.l2, {"parameters": [x]}, {"strength": "number"}),
    (nn.softmax, {"logits": [x, y]}, {"logits": "array"}),
    (metrics.mean_squared_error, {"predictions": [1.0], "targets": [1.0]},
     {"predictions": "", "targets": ""}),
    (metrics.r_squared, {"predictions": [1.0], "targets": [1.0]}, {"predictions": ""}),
    (metrics.accuracy, {"predictions": [1], "targets": [1]}, {"predictions": ""}),
    (descent.minimize, {"function": lambda p: p[0] * p[0], "x0": [1.0]},
     {"function": "class", "x0": "", "method": ""}),
    (descent.descend, {"closure": closure, "optimizer": optim.SGD([a, b], 0.1), "steps": 2},
     {"steps": "", "tier": ""}),
    (descent.GradientDescent, {"parameters": [a, b]}, {"line_search": ""}),
    (diagnostics.layers_of, {"model": model}, {"model": ""}),
    (diagnostics.activation_statistics, {"model": model, "samples": moons.inputs}, {"model": ""}),
    (landscape.over_function, {"function": saddle, "x": (-1.0, 1.0), "y": (-1.0, 1.0)},
     {"function": "class", "x": "", "points": ""}),
    (landscape.over_parameters,
     {"closure": closure, "first": a, "second": b, "x": (-1.0, 1.0), "y": (-1.0, 1.0), "points": 3},
     {"closure": "class", "first": "", "second": ""}),
    (landscape.random_directions, {"model": model}, {"model": ""}),
    (landscape.Path, {}, {"parameters": "None list"}),
    (plots.BoundarySnapshots, {"data": moons, "loss": fitted["loss"]},
     {"data": "", "loss": "class", "by": "", "margin": "number", "points": ""}),
    (plots.decision_boundary,
     {"model": model, "data": moons, "loss": fitted["loss"], "points": 5}, {"axes": "None"}),
    (plots.new_axes, {}, {"projection": "None"}),
    (plots.training_curves, {"history": history}, {"history": "", "axes": "None"}),
    (history.plot, {}, {"axes": "None", "scale": "", "by": ""}),
    (curves.activations, {}, {"names": ""}),
    (curves.chord, {"function": square, "witness": witness, "x": (-1.0, 1.0)}, {"axes": "None"}),
    (curves.norms_by_depth, {"norms": {"a": [1.0, 0.5]}}, {"norms": "", "axes": "None"}),
    (curves.rates, {"errors": {"a": [1.0, 0.5]}}, {"errors": "", "steps": "", "axes": "None"}),
    (curves.heat_map, {"table": [[1.0]], "rows": ["a"], "columns": ["b"]},
     {"table": "", "axes": "None"}),
    (curves.images, {"rows": [[1.0, 2.0]], "shape": (1, 2)}, {"rows": "", "shape": ""}),
    (curves.tangent, {"function": square, "at": 1.0, "x": (-1.0, 1.0)},
     {"function": "class", "at": "number", "x": "", "steps": "list", "name": "text",
      "axes": "None"}),
    (hills.contour, {},
     {"path": "None", "axes": "None", "scale": "", "equal": "", "color_bar": "", "levels": ""}),
    (hills.surface, {}, {"path": "None", "axes": "None"}),
    (landscape.gradient_arrows, {"function": saddle, "at": [[0.0, 1.0]], "axes": None},
     {"function": "class", "at": "", "axes": "None"}),
    (landscape.tangent_plane, {"function": saddle, "at": (0.0, 1.0), "axes": None},
     {"function": "class", "at": "", "axes": "None"}),
    (problems.ravine, {}, {"condition": "number"}),
    (problems.Problem,
     {"name": "n", "function": saddle, "x": (-1.0, 1.0), "y": (-1.0, 1.0), "start": (0.0, 0.0),
      "minima": (), "lowest": 0.0},
     {"name": "text", "function": "class", "x": "", "start": "list array", "lowest": "number",
      "names": ""}),
]  # fmt: skip


def named(call: Callable[..., Any]) -> str:
    return getattr(call, "__qualname__", type(call).__qualname__)


@pytest.mark.parametrize(
    ("call", "rightly", "argument", "taken"),
    [
        pytest.param(call, rightly, argument, taken.split(), id=f"{named(call)}-{argument}")
        for call, rightly, spoiled in CALLS
        for argument, taken in spoiled.items()
    ],
)
def test_an_error_shows_what_it_was_given_and_comes_from_this_package(
    call, rightly, argument, taken, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for kind, thing in THINGS.items():
        if kind in taken:
            continue
        with pytest.raises((TypeError, ValueError, ag.AutogradError)) as caught:
            call(**(rightly | {argument: thing}))
        words = re.sub(r"\s+", " ", str(caught.value))
        where = traceback.extract_tb(caught.value.__traceback__)[-1]
        assert where.filename.startswith(PACKAGES), (kind, words, where)
        told = ("shape", shown(thing)[:20], type(thing).__name__, *TOLD.get(kind, ()))
        assert any(text in words for text in told), (kind, words)


def test_every_row_is_right_before_it_is_spoiled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for call, rightly, _ in CALLS:
        if call != model.load and named(call) != "primitive":
            call(**rightly)


def of_one(x: Any) -> Any:
    return x


class Unshown:
    def __repr__(self) -> str:
        raise RuntimeError("it has no words for itself")


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: Value(Unshown()), TypeError, "got <Unshown that cannot be shown> of type Unshown"),
        (lambda: ag.draw(f).save(3), TypeError, "filename must be the name of a file, got 3"),
        (lambda: ag.draw(f).save_image("a\0b.svg"), ValueError, r"no \\0 in it, got 'a\\x00b.svg'"),
        (lambda: ag.numerical_derivative(lambda x: "a", 1.0), TypeError, "gives a number, got 'a'"),
        (lambda: ag.numerical_derivative(lambda x: [x], 1.0), TypeError, "gives a number, got "),
        (lambda: ag.primitive(saddle, domain=[(3, 1)])(of_one), ag.PrimitiveError, "lower one fir"),
        (lambda: ag.primitive(saddle, domain=[(0, math.nan)])(of_one), ag.PrimitiveError, "lower"),
        (lambda: ag.Exercise({3: 1.0}), TypeError, "a question is asked by its name, .* got 3"),
        (lambda: ag.Exercise({"a": 1.0})(3, 1.0), TypeError, "a question is asked by its name"),
        (lambda: ag.explore(3, x=(0, 1)), TypeError, r"explore\(\) takes a function first, got 3"),
        (lambda: ag.Exercise({"a": 1.0}, {"a ": 2.0}), ValueError, "a question is asked twice, a"),
        (lambda: ag.explore(square, x=(-1e308, 1e308)), ValueError, "no range of finite numbers"),
        (lambda: ag.explore(square, x=(0, 10**400)), TypeError, "is no range; give"),
        (lambda: moons.take([0.5]), TypeError, r"whole numbers in a list, got \[0.5\]"),
        (lambda: moons.take([True] * 20), TypeError, r"take numpy.flatnonzero\(\)"),
        (lambda: hills.contour(path=[[0.0]]), ValueError, "must be rows of 2 numbers, .*1, 1"),
        (lambda: metrics.accuracy(None, None), TypeError, "got None among them"),
        (lambda: nn.Layer.of(3), TypeError, "weights must be rows, got 3"),
        (lambda: nn.Layer.of([["a"]]), TypeError, "got 'a' of type str"),
        (lambda: nn.Layer.of([[1.0]], biases=3), TypeError, "biases must be a list of numbers"),
        (lambda: nn.Dropout(0.5)(None), TypeError, "takes must be a number or a list, got None"),
        (lambda: nn.softmax(["a"]), TypeError, "logits must be numbers or Values, got 'a'"),
        (lambda: schedules.ReduceOnPlateau(0.1).observe("a"), TypeError, "a number, got 'a'"),
        (lambda: descent.minimize(square, [math.nan]), ValueError, "finite numbers, got \\[nan"),
        (
            lambda: landscape.over_parameters(closure, a, a, (0.0, 1.0), (0.0, 1.0)),
            ValueError,
            "got one twice",
        ),
        (
            lambda: landscape.over_function(lambda x, y: "a", (0.0, 1.0), (0.0, 1.0)),
            TypeError,
            "the function must give one number, got 'a'",
        ),
        (lambda: curves.tangent(lambda x: "a", 1.0, (0.0, 2.0)), TypeError, "one number, got 'a'"),
        (lambda: nn.convexity_violation(lambda x: "a", 0.0, 1.0), TypeError, "number, got 'a'"),
    ],
)
def test_what_failed_in_silence_or_in_others_words_is_told(call, error, told):
    with pytest.raises(error, match=told) as caught:
        call()
    where = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert where.filename.startswith(PACKAGES), where


def test_a_domain_may_have_an_end_at_infinity():
    half = ag.primitive(lambda x, out: 1.0 / x, domain=[(0, math.inf)])(lambda x: math.log(x))
    assert half(Value(1.0)).data == 0.0


def test_the_jacobian_of_no_results_is_empty():
    assert ag.jacobian(lambda x: [])(1.0) == []
    assert ag.jacobian(lambda x, y: [], argnums=(0, 1))(1.0, 2.0) == ([], [])


def test_an_answer_beyond_a_double_is_judged():
    assert repr(ag.Exercise({"q": 1.0})("q", -(10**400))).startswith("not yet: neither the size")
    assert "too large" in repr(ag.Exercise({"q": [1.0, 2.0]})("q", [10**400, 2]))


def fit(**options: Any) -> Any:
    return nn.fit(**(fitted | options))


def of_none() -> Any: ...


def of_two(first: Any, second: Any) -> Any: ...


def of_three(first: Any, second: Any, third: Any) -> Any: ...


class Deaf(nn.Callback):
    def on_step(self) -> None: ...  # type: ignore[override]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: MLP(2, [3, 1], activation=of_none), "activation with its weighted sum, but of_n"),
        (lambda: MLP(2, [3, 1], initializer=of_two), "with nin, nout and generator, but of_two"),
        (lambda: nn.Sequential(of_two), "with the output before it, but of_two"),
        (lambda: fit(schedule=of_none), "schedule with the number of a step, but of_none"),
        (lambda: fit(penalty=square), "penalty with no arguments, but square"),
        (lambda: fit(callbacks=[of_none]), "a callback with the training, but of_none"),
        (lambda: fit(callbacks=[Deaf()]), "on_step of a callback with the training, but on_step"),
        (lambda: fit(callbacks=[Deaf]), r"is an object, got the class: give Deaf\(...\)"),
        (lambda: fit(metrics=[square]), "with predictions and targets, but square"),
        (lambda: fit(loss=square), "with outputs and targets, but square"),
        (
            lambda: nn.find_rate(model, moons.inputs, moons.targets, optimizer=square),
            "with parameters and a rate, but square",
        ),
        (lambda: schedules.WarmUp(of_none, 2), "with the number of a step, but of_none"),
        (
            lambda: descent.descend(closure, optim.SGD([a, b]), 2, schedule=of_none),
            "with the number of a step, but of_none",
        ),
        (lambda: descent.descend(square, optim.SGD([a, b]), 2), "with no arguments, but square"),
        (lambda: optim.SGD([a, b]).step(square), "with no arguments, but square"),
        (lambda: optim.SGD([a, b]).step(3), "takes nothing and computes a loss, got 3"),
        (lambda: descent.GradientDescent([a, b]).step(square), "with no arguments, but square"),
        (
            lambda: landscape.over_parameters(square, a, b, (-1.0, 1.0), (-1.0, 1.0)),
            "with no arguments, but square",
        ),
        (
            lambda: landscape.over_directions(square, [a, b], numpy.eye(2)),
            "with no arguments, but square",
        ),
        (lambda: ag.numerical_derivative(of_two, 1.0), "with x, but of_two"),
        (lambda: ag.draw(f, number_format=of_none), "number_format with a float, but of_none"),
        (lambda: ag.gradcheck(square, 1.0, 2.0), "square.* was called with 2 arguments by place"),
        (lambda: ag.grad(square)(1.0, 2.0), "square.* was called with 2 arguments by place: too"),
        (lambda: ag.grad(of_two)(1.0), "of_two.* with 1 argument by place: missing .* 'second'"),
        (lambda: ag.grad(square)(1.0, z=2.0), "1 argument by place and z by name: got an unexp"),
        (lambda: ag.hessian(square)(1.0, 2.0), "square.* was called with 2 arguments by place"),
        (lambda: ag.jacobian(square)(1.0, 2.0), "square.* was called with 2 arguments by place"),
        (lambda: ag.vjp(square, 1.0, 2.0), "square.* was called with 2 arguments by place"),
        (lambda: ag.record(square), "square.* was called with 0 arguments by place: missing"),
        (lambda: ag.record(square, 1.0, 2.0), "square.* was called with 2 arguments by place"),
        (lambda: ag.record_closure(square, [a]), "square.* was called with 0 arguments by place"),
    ],
)
def test_a_function_of_other_arguments_is_named_with_those_it_is_called_with(call, told):
    with pytest.raises(TypeError, match=told) as caught:
        call()
    where = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert where.filename.startswith(PACKAGES), where


@pytest.mark.parametrize(
    "call",
    [
        lambda broken: ag.grad(broken)(1.0),
        lambda broken: ag.gradcheck(broken, 1.0),
        lambda broken: ag.record(broken, 1.0),
        lambda broken: ag.record_closure(lambda: broken(a), [a]),
        lambda broken: optim.SGD([a]).step(lambda: broken(a)),
        lambda broken: fit(callbacks=[broken]),
    ],
)
def test_an_error_in_the_function_is_the_function_s(call):
    def broken(_: Any) -> Any:
        return of_two(1.0)  # type: ignore[call-arg]

    with pytest.raises(TypeError, match=r"^of_two\(\) missing 1 required positional") as caught:
        call(broken)
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "broken"


def test_a_wrapper_takes_what_it_takes_and_not_what_it_wraps():
    @functools.wraps(saddle)
    def of_a_list(p: Any) -> Any:
        return saddle(*p)

    assert descent.minimize(of_a_list, [1.0, 0.0], options={"maxiter": 0}).fun == 0.0
    assert ag.grad(of_a_list)([2.0, 3.0]) == [3.0, 2.0]


def nested(leaf: Any) -> Any:
    for _ in range(3000):
        leaf = [leaf]
    return leaf


@pytest.mark.parametrize(
    "call",
    [
        lambda deep, leaves: ag.grad(square)(deep),
        lambda deep, leaves: ag.hessian(square)(deep),
        lambda deep, leaves: ag.jvp(square, (deep,), (deep,)),
        lambda deep, leaves: ag.gradients(f, leaves),
        lambda deep, leaves: ag.jacobian(lambda x: nested(x * 1.0))(1.0),
        lambda deep, leaves: ag.grad(square, wrt=nested("x"))(1.0),
        lambda deep, leaves: ag.record(square, deep),
        lambda deep, leaves: ag.record(lambda x: nested(x * 1.0), 1.0),
        lambda deep, leaves: ag.record(square, 1.0, parameters=leaves),
        lambda deep, leaves: program.grad(1.0, 2.0, wrt=nested("x")),
        lambda deep, leaves: program(deep, 1.0),
        lambda deep, leaves: ag.explain(f, wrt=leaves),
        lambda deep, leaves: ag.from_json("[" * 3000 + "]" * 3000),
        lambda deep, leaves: ag.Exercise({"q": deep}),
        lambda deep, leaves: Value(deep),
        lambda deep, leaves: ag.dot(leaves, leaves),
        lambda deep, leaves: model(deep),
        lambda deep, leaves: nn.predict(model, deep, "squared_error"),
        lambda deep, leaves: optim.SGD(leaves),
        lambda deep, leaves: losses.squared_error(leaves, deep),
        lambda deep, leaves: losses.cross_entropy(leaves, deep),
        lambda deep, leaves: model.load_state_dict(deep),
        lambda deep, leaves: descent.minimize(square, deep),
    ],
)
def test_what_is_nested_too_deeply_is_told_in_a_line(call):
    with pytest.raises((TypeError, ValueError)) as caught:
        call(nested(2.0), nested(Value(2.0)))
    assert len(str(caught.value)) < 400


def test_an_answer_nested_too_deeply_is_judged():
    assert not ag.Exercise({"q": 1.0})("q", nested(1.0))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: program.using(threads=10**9), "at most 1,024, got 1000000000"),
        (lambda: MLP(2, [10**9]), "ask for 2,000,000,000 weights.*at most 100,000,000"),
        (lambda: MLP(10**30, [1]), "at most 100,000,000"),
        (lambda: nn.Neuron(10**30), "at most 100,000,000"),
        (lambda: init.orthogonal(10**9, 10**9, random.Random(0)), "at most 100,000,000"),
        (lambda: datasets.moons(10**30), "samples must be at most 10,000,000"),
        (lambda: datasets.spirals(10**6, classes=10**5), "classes must be at most 1,000"),
        (lambda: nn.batches(10**30, 2), "count must be at most 100,000,000"),
        (lambda: nn.one_hot([0], 10**30), "classes must be at most 1,000,000"),
        (lambda: ag.gradcheck(square, 1.0, order=10**30), "order must be at most 20"),
        (lambda: landscape.over_function(saddle, (0, 1), (0, 1), points=10**9), "at most 10,000"),
        (lambda: plots.BoundarySnapshots(moons, fitted["loss"], points=10**9), "at most 10,000"),
        (lambda: nn.fit(**(fitted | {"epochs": 10**30})), "epochs must be at most 1,000,000,000"),
        (lambda: nn.find_rate(model, [[1.0, 2.0]], [1.0], steps=10**30), "steps must be at most"),
        (lambda: descent.descend(closure, optim.SGD([a, b]), 10**30), "steps must be at most"),
        (lambda: descent.gradient_descent(closure, [a, b], max_steps=10**30), "max_steps must be"),
        (lambda: nn.convexity_violation(square, -1.0, 1.0, samples=10**30), "samples must be at m"),
        (lambda: hills.contour(levels=10**30), "levels must be at most 10,000"),
        (lambda: schedules.Exponential(0.1, 10**400), "finite number"),
        (lambda: ag.to_json(f, indent=10**30), "indent"),
    ],
)
def test_sizes_that_no_machine_has_are_refused_at_once(call, told):
    with pytest.raises(ValueError, match=told):
        call()


@pytest.mark.parametrize(
    "call",
    [
        program,
        program.grad,
        program.value_and_grad,
        lambda x, y: program.grad(x, y, sum=(0, 1)),
        program.using("numpy"),
        lambda x, y: ag.record(lambda x, y: a * x * y, 1.0, 1.0).backward(x, y),
        lambda x, y: ag.record(lambda x, y: a * x * y, 1.0, 1.0).summed_gradient(x, y),
    ],
)
def test_samples_that_broadcast_beyond_the_memory_are_refused_at_once(call):
    rows, columns = numpy.zeros((4_000_000, 1)), numpy.zeros(4_000_000)
    with pytest.raises(MemoryError, match=r"x, y broadcast to 16,000,000,000,000 samples.* a part"):
        call(rows, columns)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: hills.surface(axes=plots.new_axes()), r'new_axes\("3d"\) makes, got <Axes'),
        (
            lambda: hills.contour(axes=plots.new_axes("3d")),
            r"flat, as new_axes\(\) makes, got <Axes3D",
        ),
        (lambda: landscape.tangent_plane(saddle, (0.0, 1.0), hills.contour()), "three dimensions"),
    ],
)
def test_a_picture_is_not_drawn_on_axes_of_another_dimension(call, told):
    with pytest.raises(ValueError, match=told):
        call()
