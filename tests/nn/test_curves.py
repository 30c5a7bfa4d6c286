"""Pictures of functions and sequences: that what they show is what the engine says."""

import math

import numpy as np
import pytest

from nn import convexity_violation, curves


def labels(axes):
    return [line.get_label() for line in axes.lines if not line.get_label().startswith("_")]


def test_secants_go_through_both_points_and_the_tangent_has_the_slope():
    axes = curves.tangent(lambda x: x**3, 1.0, (0.0, 3.0), steps=(1.0, -0.5))
    curve, secant, back, tangent = (
        line.get_xydata() for line in axes.lines if not line.get_label().startswith("_")
    )
    np.testing.assert_allclose(curve[:, 1], curve[:, 0] ** 3)
    np.testing.assert_allclose(secant[:, 1], 1 + 7 * (secant[:, 0] - 1), atol=1e-12)
    np.testing.assert_allclose(back[:, 1], 1 + 1.75 * (back[:, 0] - 1), atol=1e-12)
    np.testing.assert_allclose(tangent[:, 1], 1 + 3 * (tangent[:, 0] - 1), atol=1e-12)
    assert labels(axes) == ["f", "h = 1: slope 7", "h = -0.5: slope 1.75", "tangent: slope 3"]


def test_activations_and_their_slopes_are_the_functions():
    values, slopes = curves.activations(["tanh", "relu"], (-2.0, 2.0))
    x = values.lines[0].get_xdata()
    np.testing.assert_allclose(values.lines[0].get_ydata(), np.tanh(x), rtol=1e-14)
    np.testing.assert_allclose(slopes.lines[0].get_ydata(), 1 - np.tanh(x) ** 2, rtol=1e-12)
    assert set(slopes.lines[1].get_ydata()) == {0.0, 1.0}


def test_activations_with_a_parameter_take_its_default():
    values, slopes = curves.activations(["elu", "leaky_relu"], (-1.0, 1.0))
    assert [line.get_ydata()[0] for line in values.lines[:2]] == pytest.approx(
        [math.expm1(-1.0), -0.01]
    )
    assert slopes.lines[1].get_ydata()[0] == pytest.approx(0.01)


def test_the_chord_runs_below_the_curve_where_it_says():
    def hump(x):
        return -x * x

    witness = convexity_violation(hump, -1.0, 1.0)
    axes = curves.chord(hump, witness, (-1.0, 1.0))
    _, chord, gap = axes.lines
    between = (1 - witness.share) * witness.a + witness.share * witness.b
    ends = chord.get_xydata()[np.argsort(chord.get_xdata())]
    assert np.interp(between, *ends.T) == pytest.approx(witness.chord, abs=1e-12)
    assert gap.get_ydata()[1] == hump(between)


def test_rates_leave_out_what_a_logarithmic_axis_has_no_place_for():
    axes = curves.rates({"exact": [1.0, 0.25, 0.0, 0.5]})
    assert axes.lines[0].get_xydata().tolist() == [[1, 1.0], [2, 0.25], [4, 0.5]]
    counted = curves.rates({"linear": [1.0, 0.5]}, steps="linear")
    assert counted.lines[0].get_xdata().tolist() == [0, 1]
    assert (counted.get_xscale(), counted.get_yscale()) == ("linear", "log")


def test_norms_stand_at_their_layers():
    axes = curves.norms_by_depth({"a": [0.1, 1.0], "b": [2.0, 3.0, 4.0]})
    assert axes.lines[1].get_xydata().tolist() == [[1, 2.0], [2, 3.0], [3, 4.0]]


def test_images_have_their_numbers_and_titles():
    figure = curves.images(np.arange(12.0).reshape(2, 6), (2, 3), titles=["one", "two"])
    assert [axes.get_title() for axes in figure.axes] == ["one", "two"]
    assert figure.axes[1].images[0].get_array().tolist() == [[6, 7, 8], [9, 10, 11]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: curves.tangent(abs, 0.0, (1.0, 1.0)), r"low < high, got \(1.0, 1.0\)"),
        (lambda: curves.tangent(abs, 0.5, (0.0, 1.0), steps=(0.0,)), "a step is 0"),
        (lambda: curves.activations(["add"]), "'add' is no function of one number"),
        (lambda: curves.activations(["sigmod"]), "'sigmod' is no function"),
        (lambda: curves.activations("sigmod"), "'sigmod' is no function"),
        (
            lambda: curves.activations("tanh", (0.0, math.inf)),
            "an end of a range must be a finite number, got inf",
        ),
        (lambda: curves.rates({}), "no errors"),
        (lambda: curves.rates([1.0, 0.5]), r"give some by name, got \[1.0, 0.5\]"),
        (lambda: curves.rates({"a": [1.0]}, steps="lin"), "steps='lin' is unknown"),
        (lambda: curves.images([[1.0, 2.0]], (2, 2)), r"rows of 4 numbers, got .* \(1, 2\)"),
        (lambda: curves.heat_map([[1.0]], ["a", "b"], ["c"]), r"2 rows and 1 columns .* \(1, 1\)"),
    ],
)
def test_misuse_says_what_was_received(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_six_rates_and_the_name_of_a_function_are_told_apart_without_color():
    axes = curves.rates({str(k): [1.0, 0.5] for k in range(6)})
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in axes.lines}) == 6
    axes = curves.tangent(lambda p: p * p, 1.0, (0.0, 2.0), name="J")
    assert axes.get_legend().get_texts()[0].get_text() == "J"
    assert axes.get_ylabel() == "J(x)"
