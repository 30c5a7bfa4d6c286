"""Texts are computed as written; everything off the whitelist is refused by name and place."""

import math

import pytest

from autograd_core import ExpressionError, Value
from autograd_core.command_line.expression import FUNCTIONS, compute, names_in, parse


def value_of(text, **variables):
    nodes = {name: Value(number, name=name) for name, number in variables.items()}
    return compute(parse(text), nodes), nodes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(x + y) * -4", 4.0 * 3.0),
        ("x - y / 2 ** x", -2.0 - -1.0 / 2.0**-2),
        ("x // 3 + x % 3", -1 + 1),
        ("+-x", 2.0),
        ("hypot(3, 4) + atan2(0, y)", 5.0 + math.pi),
        ("where(x > 0, log(x), 7)", 7.0),
        ("clamp(x, -1, 1) + leaky_relu(y)", -1.01),
        ("clamp(x, 2, 1)", 1.0),
        ("1e3 + .5", 1000.5),
        ("  x ", -2.0),
    ],
)
def test_arithmetic_and_functions_are_computed(text, expected):
    assert value_of(text, x=-2.0, y=-1.0)[0].data == expected


def test_gradients_flow_to_the_variables_and_not_to_the_numbers():
    root, nodes = value_of("(x + y) * z", x=-2.0, y=5.0, z=-4.0)
    root.backward()
    assert [nodes[name].grad for name in "xyz"] == [-4.0, -4.0, 3.0]


def test_variables_come_in_order_of_appearance_without_functions():
    assert names_in(parse("b * sin(a) + b / c")) == ["b", "a", "c"]


def test_every_public_function_of_fixed_arity_is_known():
    assert {"sin", "gelu", "clamp", "where", "pow"} <= set(FUNCTIONS)
    assert not {"sum", "dot", "above", "eval"} & set(FUNCTIONS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os').system('true')", "is no function of the table"),
        ("x ^ 2", r"column 1: the operator BitXor.*a power is written \*\*"),
        ("1 + x.real", "column 5: Attribute 'x.real'"),
        ("[x]", r"List '\[x\]'"),
        ("lambda: x", "Lambda"),
        ("x if x else 1", "IfExp"),
        ("f'{x}'", "JoinedStr"),
        ("(y := x)", "NamedExpr"),
        ("x and x", "BoolOp"),
        ("~x", "Invert"),
        ("sin", "sin is a function and needs its operands"),
        ("sin(x, x)", "sin: too many positional arguments"),
        ("sin(*x)", "one by one"),
        ("elu(x, alpha=1)", "one by one"),
        ("wobble(x)", "'wobble' is no function"),
        ("3(x)", "'3' is no function"),
        ("1j", "1j is no real number"),
        ("'a'", "'a' is no real number"),
        ("True", "True is no real number"),
        ("1" + "0" * 5000, "cannot read"),
        ("x < 1", "a comparison has no derivative"),
        ("where(0 < x < 1, x, x)", "only a single"),
        ("where(x, x < 1, x)", "a comparison has no derivative"),
        ("where(x == 1, x, x)", "only a single"),
        ("1 +", "cannot read '1 [+]'"),
        ("", "cannot read ''"),
        ("x\0", "cannot read"),
        ("(" * 500 + "x" + ")" * 500, "cannot read|nested too deeply"),
        ("+".join(["x"] * 100_000), "nested too deeply"),
        ("[" + "+".join(["x"] * 900) + "]", r"column 1: List '\[x\+x\+.*\.\.\.' is not arithmetic"),
        ("1 + x" + ".a" * 900, r"column 5: Attribute 'x\.a\.a.*\.\.\.' is not arithmetic"),
        ("x" + "[0]" * 900, r"Subscript 'x\[0\]\[0\].*\.\.\.' is not arithmetic"),
        ("x" + "()" * 900, r"'x\(\)\(\).*\.\.\.' is no function of the table"),
        ("lambda: " * 900 + "x", "Lambda .* is not arithmetic"),
        ("x if x else " * 900 + "x", "IfExp .* is not arithmetic"),
        ("  [\n x,\ny]", r"List '\[ x, y\]' is not arithmetic"),
        ("\udcff", "it is no text"),
        ("µ * é + foo(µ)", "column 9: 'foo' is no function"),
        ("(µ +\nµ * x.real)", r"column 5: Attribute 'x\.real'"),
        ("x + y", "no value for y; give y=NUMBER"),
    ],
)
def test_everything_else_is_refused_by_name_and_place(text, message):
    with pytest.raises(ExpressionError, match=message):
        value_of(text, x=1.0)
