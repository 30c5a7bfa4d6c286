"""Programs as NumPy: a replay's results, axes of samples, structures, what is refused."""

from __future__ import annotations

import ast
import math
import subprocess
import sys
import unicodedata
from collections import namedtuple

import numpy
import pytest
from hypothesis import given, settings

import autograd_core as ag
import nn
from autograd_core import BackendError, Value, record
from tests.program.exports.exporting import (
    FIXED,
    KEYS,
    OF_THE_FILES,
    called,
    close,
    extreme_points,
    keyed,
    named,
    ordinary_points,
    program_of,
    replayed,
    worst,
)
from tests.program.networks import branching_program, captured_of, networks
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers
Pair = namedtuple("Pair", "left right")


@pytest.mark.parametrize("name", FIXED)
def test_every_row_is_within_a_few_ulp_of_its_forward(name):
    points = ordinary_points(name)
    found = program_of(name).to_numpy()(*numpy.array(points).T)
    assert worst(found, name, points) <= 4


@pytest.mark.parametrize("name", FIXED)
def test_every_row_has_the_forward_s_infinities_and_nans(name):
    points = extreme_points(name)
    found = program_of(name).to_numpy()(*numpy.array(points).T)
    assert worst(found, name, points) <= 4


@pytest.mark.parametrize("name", ["power_bend", "power_third", "power_twice"])
def test_an_infinite_factor_of_a_power_that_is_0_leaves_0(name):
    points = [
        (1.0000000000000002, -2.4e162),
        (0.5, 1.7e308),
        (2.0, -1.7e308),
        (-2.0, -1e200),
        (0.0, 1e200),
    ]
    found = program_of(name).to_numpy()(*numpy.array(points).T)
    assert found[:3].tolist() == [0.0, 0.0, 0.0]
    assert worst(found, name, points) == 0


@settings(max_examples=150)
@given(networks())
def test_networks_and_their_gradients_give_what_a_replay_gives(program):
    points, parameters, values, slopes = replayed(program)
    given_too = [parameters] if len(parameters) else []
    exported = program.gradient("both", value=True).to_numpy()
    found, (inputs, captured) = exported(points, *given_too)
    assert close(found, values)
    assert close(numpy.concatenate([inputs, captured], axis=1), slopes)
    one, (inputs, captured) = exported(points[1], *given_too)
    assert close(one, values[1])
    assert close(numpy.concatenate([inputs, captured]), slopes[1])


def loss_of(network):
    return lambda x, y: (1.0 - y * network(list(x))).relu()


def demo_program():
    return record(loss_of(nn.MLP(2, [16, 16, 1])), [0.0, 0.0], 0.0)


def test_a_network_s_gradient_is_matrices_and_vectors():
    exported = demo_program().gradient("captured", value=True).to_numpy("loss_gradient")
    assert exported.name == "loss_gradient"
    lines = exported.source[exported.source.index("def loss_gradient") :].splitlines()
    assert len(lines) < 60
    assert sum(" @ " in line or "strong_dots(" in line for line in lines) == 4
    # What the forward half takes out of the parameters serves the backward half, transposed.
    assert sum(".reshape(16, 16)" in line for line in lines) == 1


@pytest.mark.parametrize("name", OF_THE_FILES)
def test_an_argument_may_be_called_anything(name):
    for names in ([name, "y"], [name, f"{name}_"], ["x", name]):
        program = called(*names)
        assert close([float(one) for one in program.to_numpy()(0.7, 1.3)], program(0.7, 1.3))


@pytest.mark.parametrize("name", OF_THE_FILES)
def test_a_function_has_its_name_or_is_refused_it(name):
    program = called("x", "y")
    exported = named(program.to_numpy, name)
    if exported:
        assert exported.name == unicodedata.normalize("NFKC", name)
        assert close([float(one) for one in exported(0.7, 1.3)], program(0.7, 1.3))


@pytest.mark.parametrize(
    "name", ["CONSTANTS", "INDEX_1", "len", "float", "ｎｕｍｐｙ", "__debug__"]
)
def test_a_function_may_not_have_a_name_that_the_file_needs(name):
    with pytest.raises(ValueError, match="which the file has for itself"):
        called("x", "y").to_numpy(name)


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_dictionaries_have_any_keys_that_a_source_can_name(key):
    program, given = keyed(key)
    exported = program.to_numpy()
    found, expected = exported(given), program(given)
    assert close(found[key], expected[key])
    assert close(found["more"], expected["more"])
    assert repr(key) in ast.get_docstring(ast.parse(exported.source))


@pytest.mark.parametrize("key", [math.nan, math.inf, frozenset(), 1j], ids=repr)
def test_keys_that_no_source_can_name_are_refused(key):
    with pytest.raises(TypeError, match="which a source cannot name"):
        record(lambda x: x[key] * 1.0, {key: 0.5}).to_numpy()


def test_samples_run_over_leading_axes_that_broadcast():
    program = record(lambda x, y: (x[0] * y + x[1], y * 2.0), [0.0, 0.0], 0.0)
    exported = program.to_numpy()
    x, y = numpy.arange(12.0).reshape(3, 2, 2), numpy.array([[1.0], [2.0], [3.0]])
    for found, expected in zip(exported(x, y), program(x, y), strict=True):
        assert found.tolist() == expected.tolist()
    for found, expected in zip(exported(x, 2.0), program(x, 2.0), strict=True):
        assert found.shape == (3, 2)
        assert found.tolist() == expected.tolist()
    assert [float(number) for number in exported([1.0, 2.0], 3.0)] == [5.0, 6.0]


def test_what_is_the_same_for_all_samples_is_given_for_each_and_may_be_written_to():
    scale = Value(3.0)
    exported = record(lambda x: (x + 1.0, scale * 2.0, 7.0), 0.0).to_numpy()
    _, doubled, seven = exported([1.0, 2.0], [3.0])
    assert (doubled.tolist(), seven.tolist()) == ([6.0, 6.0], [7.0, 7.0])
    doubled[0] = 0.0
    assert doubled.tolist() == [0.0, 6.0]


def test_structures_go_in_and_come_out():
    program = record(
        lambda point, options: {"sum": point.left + options["b"][0], "rest": [point.right[1, 0]]},
        Pair(0.0, numpy.zeros((2, 2))),
        {"a": 0.0, "b": (0.0, [0.0, 0.0])},
    )
    point = Pair(1.0, numpy.arange(4.0).reshape(2, 2))
    found = program.to_numpy()(point, {"a": 0.0, "b": (5.0, [0.0, 0.0])})
    assert found == {"sum": 6.0, "rest": [2.0]}


def test_arrays_keep_their_shapes():
    program = record(lambda m: [[m[1][0], m[0][1]], [m[0][0] * 2, 1.0]], [[0.0, 0.0], [0.0, 0.0]])
    m = numpy.arange(8.0).reshape(2, 2, 2)
    assert program.to_numpy()(m).tolist() == program(m).tolist()
    assert program.to_numpy()(m[0]).shape == (2, 2)


def test_names_that_are_no_identifiers_or_taken_are_changed():
    program = record(lambda numpy_, v1, parameters: numpy_ * v1 - parameters, 0.0, 0.0, 0.0)
    assert program.to_numpy()(2.0, 3.0, 1.0) == 5.0
    tangent = record(lambda x: x * x, 0.0).tangent()  # an argument named "direction of x"
    assert [float(number) for number in tangent.to_numpy()(3.0, 1.0)] == [9.0, 6.0]


def test_a_nested_argument_does_not_take_another_s_name():
    program = record(
        lambda x, x_0, square: x[0] - x_0 + square["error"], (0.0,), 0.0, {"error": 0.0}
    )
    assert program.to_numpy()((5.0,), 2.0, {"error": 1.0}) == 4.0


def test_a_key_that_no_source_can_name_is_refused():
    class Key:
        pass

    with pytest.raises(TypeError, match=r"a dictionary's key is .*Key object"):
        record(lambda x: x, {Key(): 0.0}).to_numpy()


def test_a_program_of_no_arguments_takes_its_parameters():
    weight = Value(3.0)
    exported = record(lambda: weight * weight).to_numpy("area")
    assert exported(exported.parameters) == 9.0
    assert record(lambda: 2.0).to_numpy()() == 2.0


def test_the_parameters_at_the_export_come_along():
    weight = Value(2.0)
    exported = record(lambda x: weight * x, 0.0).to_numpy()
    weight.data = 5.0
    assert exported.parameters.tolist() == [2.0]
    assert exported(3.0, exported.parameters) == 6.0


@pytest.mark.parametrize("broken", [math.inf, -math.inf, math.nan])
def test_a_zero_cotangent_is_strong_against_parameters_that_are_not_finite(broken):
    program = branching_program()
    exported = program.gradient("both", value=True).to_numpy()
    points = numpy.random.default_rng(2).normal(size=(20, 3))
    for leaf in program.captured[:60:4]:
        kept, leaf.data = leaf.data, broken
        values, (inputs, captured) = program.using("numpy").value_and_grad(points, wrt="both")
        assert numpy.isfinite(inputs[points[:, 0] > 0]).all()  # where the branch is not taken
        found, slopes = exported(points, captured_of(program))
        leaf.data = kept
        assert close(found, values)
        assert close(slopes[0], inputs)
        assert close(slopes[1], captured)


def test_an_addition_of_zero_goes_beside_any_number_of_constants():
    numbers = [float(number) for number in range(1, 12)]
    exported = record(lambda x: ag.dot(numbers, numbers[::-1], start=x) + 0.0, 0.0).to_numpy()
    assert exported(0.5) == 286.5


def test_numpy_s_warnings_are_silenced():
    assert math.isnan(record(lambda x: (1 / x).log() - x / x, 0.0).to_numpy()(0.0))


@pytest.mark.parametrize("count", [0, 3])
def test_empty_results_and_no_samples(count):
    program = record(lambda x: (x * 2.0, []), 0.0)
    doubled, nothing = program.to_numpy()(numpy.ones(count))
    assert (doubled.shape, numpy.shape(nothing)) == ((count,), (count, 0))


def test_arguments_of_another_shape_are_refused():
    exported = demo_program().to_numpy()
    with pytest.raises(ValueError, match=r"a sample has the shape \(2,\), got an array of shape"):
        exported(numpy.zeros((5, 3)), 1.0, exported.parameters)
    with pytest.raises(ValueError, match=r"a sample has the shape \(337,\)"):
        exported(numpy.zeros(2), 1.0, exported.parameters[1:])


def test_a_primitive_of_one_s_own_needs_a_spelling():
    @ag.primitive(lambda x, y, out: y, lambda x, y, out: x, name="blend_of_the_export_s_test")
    def blend(x, y):
        return x * y

    program = record(lambda x: blend(x, 3.0) + 1.0, 0.0)
    with pytest.raises(BackendError, match=r"blend_of_the_export_s_test.*NumPy.*\{x\}, \{y\}"):
        program.to_numpy()
    name = "blend_of_the_export_s_test"
    with pytest.raises(ValueError, match=r"'\{z\} \* 2'"):
        program.to_numpy(spellings={name: "{z} * 2"})
    assert program.to_numpy(spellings={name: "{x} * {y}"})(2.0) == 7.0
    below = record(lambda x: blend(x, -3.0), 0.0)
    assert below.to_numpy(spellings={name: "{x} * {y}**2"})(2.0) == 18.0  # not -18
    for wrong in ("{x}) + ({y}", "{x} # {y}", "{x} +"):
        with pytest.raises(ValueError, match="no expression"):
            program.to_numpy(spellings={name: wrong})
    for no_texts in (3, ["{x}"], {name: 3}):
        with pytest.raises(TypeError, match=r"spellings=.* is no dictionary of texts; give"):
            program.to_numpy(spellings=no_texts)


@pytest.mark.parametrize("name", ["", "2x", "a b", "lambda", None, "numpy", "strong_product"])
def test_what_can_be_no_function_s_name_is_refused(name):
    with pytest.raises(ValueError, match="name is"):
        record(lambda x: x, 0.0).to_numpy(name)


def test_it_prints_as_its_source_and_a_long_one_in_part():
    exported = record(lambda x: x * 2.0, 0.0).to_numpy("twice")
    assert str(exported) == exported.source
    assert repr(exported) == exported.source.rstrip("\n")

    def long(x):
        for _ in range(300):
            x = (x * 0.5).sin()
        return x

    shown = repr(record(long, 0.0).to_numpy()).splitlines()
    assert len(shown) == 201
    assert "lines more" in shown[-1]


def test_a_saved_file_runs_without_this_package_and_is_not_overwritten_unasked(tmp_path):
    program = demo_program()
    exported = program.gradient("captured", value=True).to_numpy("loss_gradient")
    path = exported.save(tmp_path / "network.py")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        exported.save(path)
    exported.save(path, overwrite=True)
    script = (
        "import sys, numpy, network\n"
        f"p = numpy.array({exported.parameters.tolist()})\n"
        "value, slopes = network.loss_gradient([0.5, -0.25], 1.0, p)\n"
        "assert 'autograd_core' not in sys.modules\n"
        "print(repr(float(value)), repr(float(slopes.sum())))"
    )
    run = [sys.executable, "-W", "error", "-c", script]
    printed = subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    value, slopes = program.value_and_grad([0.5, -0.25], 1.0, wrt="captured")
    assert close([float(word) for word in printed.split()], [value, slopes.sum()])


def test_a_traceback_shows_the_exported_line():
    exported = record(lambda x: x[0] * 2.0, [0.0, 0.0]).to_numpy()
    with pytest.raises(ValueError, match="a sample has the shape") as caught:
        exported([1.0, 2.0, 3.0])
    assert "x = samples(x, 2)" in [str(entry.statement).strip() for entry in caught.traceback]
