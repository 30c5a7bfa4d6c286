"""What is written out elsewhere, held against the table of primitives."""

from __future__ import annotations

import string

import pytest

import autograd_core
from autograd_core import PRIMITIVES, Value
from autograd_core.graph import functions
from autograd_core.primitives import Primitive, forward, table
from autograd_core.program.exports.arrays import array_spelling
from autograd_core.program.exports.arrays.array_library import JAX, NUMPY, TORCH
from autograd_core.program.exports.arrays.array_spelling import missing, spellings
from tests.primitives.references import REFERENCES
from tests.primitives.samples import samples

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


# What a new row needs, each said where it is missing, with the file and the line to add.


def test_a_row_without_its_functions_says_which_lines_to_add():
    """Already as the table is made, so that nothing can be imported without them."""
    said = r"'nowhere' lacks its function: add to primitives/rules.py: def {}\({}\): \.\.\."
    with pytest.raises(AttributeError, match=said.format("nowhere_partial_x", "x, y, out")):
        table._row("nowhere", "n", "{x}", "1; 1", operands="x y")
    with pytest.raises(AttributeError, match=said.format("nowhere_partials", "operands, out")):
        table._row("nowhere", "n", "{x}", "1", operands="x ...")
    said = said.replace("rules", "forward")
    with pytest.raises(AttributeError, match=said.format("nowhere", "x")):
        table._row("nowhere", "n", "{x}", "0", flat=True)
    with pytest.raises(KeyError, match=r"no row 'nowhere': add to primitives/table\.py: _row"):
        table.kind_of("nowhere")
    assert "nowhere" not in PRIMITIVES


@pytest.mark.parametrize("name", [name for name in OWN if name not in NO_METHOD])
def test_every_row_has_a_method(name):
    method = OPERATORS.get(name, name if PRIMITIVES[name].public else f"_{name}")
    others = "".join(f", {operand}: Any" for operand in PRIMITIVES[name].operands[1:])
    assert callable(getattr(Value, method, None)), (
        f"add to the class in graph/nodes/operators.py: def {method}(self{others}) -> Value: ..., "
        f"computed by forward.{name} and rules.{name}_partial_*, and its kind {name.upper()}"
    )


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_row_has_a_function_that_the_door_exports(name):
    maker = {1: "_unary", 2: "_binary"}.get(PRIMITIVES[name].arity)
    line = f'{name} = {maker}("{name}")' if maker else f"def {name}(...)"
    assert callable(getattr(functions, name, None)), f"add to graph/functions.py: {line}"
    assert getattr(autograd_core, name, None) is getattr(functions, name), (
        f"add to autograd_core/__init__.py, where it imports graph.functions: {name}"
    )
    starred = name in autograd_core.__all__
    assert starred != (name in NOT_STARRED), (
        f'add to autograd_core/__init__.py, to __all__: "{name}"'
    )


@pytest.mark.parametrize("library", [NUMPY, JAX, TORCH], ids=lambda library: library.name)
@pytest.mark.parametrize("name", [name for name in OWN if PRIMITIVES[name].arity is not None])
def test_every_row_has_its_spelling_for_the_array_libraries(name, library):
    assert name in spellings(library), (
        f"the row {name!r} has no {library.title} yet: {missing(PRIMITIVES[name])}"
    )


def test_every_row_has_its_mathematics():
    missing = [name for name in OWN if name not in REFERENCES]
    assert not missing, (
        f"add to REFERENCES in tests/primitives/references.py, for each of {missing}: its value "
        'and its partials in mpmath, "name": R(lambda x: ..., (lambda x: ...,))'
    )


def test_an_exporter_names_the_row_that_has_no_spelling(monkeypatch):
    program = autograd_core.record(lambda x: x.sin(), 1.0)
    monkeypatch.delitem(array_spelling.COMMON, "sin")
    said = r"'sin' has no NumPy yet: .*def sin\(x\): .* of \{x\} to COMMON in .*array_spelling.py"
    with pytest.raises(autograd_core.BackendError, match=said):
        program.to_numpy()


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
    twin = row.__replace__()
    assert repr(twin) == repr(row)
    assert twin != row
    assert repr(row).startswith("Primitive(name='exp', operands=('x',), forward=")


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((1,) * 99, {}), ((1,) * 8, {"name": "twice"}), ((1,) * 8, {"colour": "red"})],
)
def test_a_row_takes_each_of_its_fields_once(given, named):
    with pytest.raises(TypeError, match=r"Primitive\(\) takes name, operands, .*, once each; got"):
        Primitive(*given, **named)
