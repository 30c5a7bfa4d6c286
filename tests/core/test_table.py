"""What is written out elsewhere, held against the table of primitives."""

from __future__ import annotations

import copy
import string

import pytest

import autograd_core
from autograd_core import PRIMITIVES, Value
from autograd_core.graph import functions
from autograd_core.primitives import Primitive, forward
from tests.core.samples import samples

OPERATORS = {
    "add": "__add__",
    "sub": "__sub__",
    "mul": "__mul__",
    "div": "__truediv__",
    "mod": "__mod__",
}
NO_METHOD = {"sum", "dot", "strong_dot"}  # module functions: no operand stands out
NOT_STARRED = {"abs", "pow", "sum"}  # a star import must not replace Python's own
OWN = [name for name, row in PRIMITIVES.items() if row.forward is getattr(forward, name, None)]
PUBLIC = [name for name in OWN if PRIMITIVES[name].public]


@pytest.fixture(params=OWN)
def row(request: pytest.FixtureRequest) -> Primitive:
    return PRIMITIVES[request.param]


@pytest.mark.parametrize("name", [name for name in OWN if name not in NO_METHOD])
def test_every_row_has_a_method(name):
    method = OPERATORS.get(name, name)
    others = "".join(f", {operand}: Any" for operand in PRIMITIVES[name].operands[1:])
    assert callable(getattr(Value, method, None)), (
        f"add to the class in value.py: def {method}(self{others}) -> Value: ..., "
        f"computed by forward.{name} and rules.{name}_partial_*"
    )


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_row_has_a_function_that_the_door_exports(name):
    assert callable(getattr(functions, name, None)), f"add {name} to functions.py"
    assert getattr(autograd_core, name) is getattr(functions, name), f"add {name} to the door"
    assert (name in autograd_core.__all__) != (name in NOT_STARRED)


@pytest.mark.parametrize("name", [name for name in PUBLIC if PRIMITIVES[name].arity])
def test_methods_and_functions_compute_what_the_row_says(name):
    """Bit by bit: the class has the formulas of the table and no others."""
    row = PRIMITIVES[name]
    for point in samples(row, 60, seed=5):
        operands = [Value(number) for number in point]
        found = [getattr(functions, name)(*operands)]
        if name not in NO_METHOD:
            found.append(getattr(operands[0], OPERATORS.get(name, name))(*operands[1:]))
        out = row.forward(*point)
        partials = row.partials_at(point, out)
        for node in found:
            assert node.op == name
            assert [node.data.hex()] == [out.hex()]
            assert [p.hex() for p in node.local_gradients] == [float(p).hex() for p in partials]
            if name != "where":  # its condition is a choice, not an operand that was used
                assert [id(parent) for parent in node.parents] == [id(x) for x in operands]
        if name != "where":
            assert getattr(functions, name)(*point).hex() == out.hex()


def test_rows_can_be_drawn_and_typeset(row):
    assert 1 <= len(row.glyph) <= 8
    assert row.arity in (len(row.partials_latex), None)
    for template in (row.latex, *row.partials_latex):
        names = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        assert names <= set(row.operands), f"{row.name}: {template} names what is no operand"
        shown = template.format(**dict.fromkeys(row.operands, "a"))
        assert shown.count("{") == shown.count("}")


def test_rows_say_where_they_hold(row):
    if row.arity is not None:
        assert len(row.domain) == row.arity
        assert len(row.partials) == row.arity
    assert all(low < high for low, high in row.domain)
    assert all(low <= kink <= high for kink in row.kinks for low, high in row.domain[:1])
    if row.kinks:
        assert row.convention, f"say in the table what holds at the kinks of {row.name}"


def test_a_row_is_frozen_and_equal_to_itself_alone():
    row = PRIMITIVES["exp"]
    with pytest.raises(AttributeError, match="cannot be changed"):
        row.name = "other"
    twin = copy.copy(row)
    assert vars(twin) == vars(row)
    assert twin != row
    assert repr(row).startswith("Primitive(name='exp', operands=('x',), forward=")


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((1,) * 99, {}), ((1,) * 8, {"name": "twice"}), ((1,) * 8, {"colour": "red"})],
)
def test_a_row_takes_each_of_its_fields_once(given, named):
    with pytest.raises(TypeError, match=r"Primitive\(\) takes name, operands, .*, once each; got"):
        Primitive(*given, **named)
