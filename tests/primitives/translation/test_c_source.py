"""Forward functions in C: the bits of the eager engine, and what has no C of the same meaning."""

from __future__ import annotations

import ast
import ctypes
import itertools
import random
import struct
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from autograd_core.primitives import ROWS, forward
from autograd_core.primitives.translation import c_source as c
from autograd_core.primitives.translation.written_functions import SOURCES, plain_library
from tests.primitives.bits import EXTREMES
from tests.primitives.samples import samples
from tests.program.exports.compiling import bits, compiled, needs_compiler
from tests.tiers import for_both_tiers

OWN = [row for row in ROWS if row is not None and row.forward is getattr(forward, row.name, None)]
FIXED = [row for row in OWN if row.arity is not None]


def driver(name: str, arity: int) -> str:
    """A loop over points, so that a function is called from Python but once."""
    operands = ", ".join(f"in[{arity} * i + {place}]" for place in range(arity))
    return f"""
void all_{name}(long n, const double *in, double *out)
{{
    for (long i = 0; i < n; i++) {{
        out[i] = ag_{name}({operands});
    }}
}}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    names = [row.name for row in FIXED]
    drivers = "".join(driver(row.name, row.arity) for row in FIXED)
    text = c.HEADER + c.c_functions(names) + drivers
    return compiled(tmp_path_factory.mktemp("c"), text)


def points_of(row) -> list[tuple[float, ...]]:
    """The row's own samples, what is special in every place, and doubles of any bits at all."""
    source = random.Random(f"c {row.name}")
    anything = [
        struct.unpack(f"{row.arity}d", source.randbytes(8 * row.arity)) for _ in range(2000)
    ]
    special = [*EXTREMES, 0.5, -0.5, 1.0, -1.0, 2.0, 3.0, 1e-310, -1e200]
    return (
        samples(row, 2000, seed=7) + list(itertools.product(special, repeat=row.arity)) + anything
    )


@for_both_tiers
@needs_compiler
@pytest.mark.parametrize("row", FIXED, ids=lambda row: row.name)
def test_the_bits_are_the_eager_engine_s(library, row):
    points = points_of(row)
    operands = numpy.array(points)
    out = numpy.empty(len(points))
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (operands, out)]
    library[f"all_{row.name}"](ctypes.c_long(len(points)), *pointers)
    wrong = [
        (point, found, expected)
        for point, found in zip(points, out.tolist(), strict=True)
        if bits(found) != bits(expected := row.forward(*point))
    ]
    assert not wrong, f"{len(wrong)} of {len(points)} differ, (operands, C, eager): {wrong[:5]}"


@pytest.mark.parametrize("row", [row for row in OWN if row.arity is None], ids=lambda row: row.name)
def test_functions_of_any_number_of_operands_are_refused_by_name(row):
    with pytest.raises(ValueError, match=rf"forward\.{row.name} takes any number of operands"):
        c.c_functions([row.name])


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="defines no function 'sine'"):
        c.c_functions(["sine"])


def test_a_prefix_that_begins_no_identifier_is_refused():
    with pytest.raises(ValueError, match="prefix is ''"):
        c.c_functions(["exp"], prefix="")


def test_what_is_needed_stands_above_and_nothing_stands_twice():
    text = c.c_functions(["gelu", "normal_cdf", "gelu"], prefix="f_")
    heads = [line for line in text.splitlines() if line.startswith("static double")]
    assert len(heads) == len(set(heads))
    names = [head.split("(")[0].split()[-1] for head in heads]
    assert names[-1] == "f_gelu"
    assert names.index("f_normal_cdf") < names.index("f_gelu")
    assert "f_relu" not in names


def test_a_build_translates_without_opening_the_package(tmp_path):
    folder = SOURCES.parent / "program" / "backends" / "native"
    code = (
        "import runpy, sys; "
        "print(runpy.run_path(sys.argv[1])['forward_functions']()); "
        "print([name for name in sys.modules if name.startswith('autograd_core')])"
    )
    command = [sys.executable, "-I", "-c", code, str(folder / "interpreter_functions.py")]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "static double ag_relu(double x)" in run.stdout
    assert run.stdout.endswith("\n[]\n")


# A function `f` and constants, of which no C may be made.
REFUSED = {
    "power": "def f(x):\n    return x ** 2",
    "remainder": "def f(x, y):\n    return x % y",
    "quotients of ints": "def f(x):\n    return x * (libm.ilogb(x) / 2)",
    "ints where doubles were": "def f(x):\n    y = libm.ilogb(x)\n    y = 0.5\n    return y",
    "truth as a number": "def f(x):\n    return x * (x > 0)",
    "a number as truth": "def f(x):\n    if x:\n        return x\n    return 1.0",
    "a number that or gives": "def f(x, y):\n    return x or y",
    "for": "def f(x):\n    for i in range(3):\n        x += 1.0\n    return x",
    "a path without a return": "def f(x):\n    if x > 0:\n        return x",
    "a path without a value": "def f(x):\n    if x > 0:\n        y = x\n    return y",
    "a loop that may not run": "def f(x):\n    while x > 0:\n        x, y = 0.0, x\n    return y",
    "a double for ldexp": "def f(x):\n    return libm.ldexp(x, x)",
    "recursion": "def f(x):\n    return f(x)",
    "too few operands": "def f(x):\n    return libm.fmod(x)",
    "a function that C has not": "def f(x):\n    return libm.gamma(x)",
    "a name at twice": "def f(x, y):\n    x, x = y, x\n    return x",
    "a tuple out of thin air": "def f(x):\n    x, y = x\n    return x",
    "a call that would be made twice": "def f(x):\n    return 1.0 if 0 < libm.sqrt(x) < 1 else 0.0",
    "is": "def f(x):\n    return 1.0 if x is 0.0 else x",
    "a default": "def f(x, y=1.0):\n    return x",
    "a nested function": "def f(x):\n    def g():\n        return x\n    return x",
    "a variable that is none": "def f(x):\n    return x + PI",
    "a constant that varies": "A = 1.0\nA = 2.0\ndef f(x):\n    return A",
    "a constant of another kind": "A = 'a'\ndef f(x):\n    return A",
    "an int too large": "def f(x):\n    return x + 4294967296",
}


def folder_with(tmp_path: Path, source: str) -> Path:
    """A folder of sources with that for `forward.py`."""
    ast.parse(source)
    (tmp_path / "forward.py").write_text(source, encoding="utf-8")
    for name in ("libm.py", "libm.pxd"):
        (tmp_path / name).write_text((SOURCES / name).read_text(encoding="utf-8"), "utf-8")
    return tmp_path


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_python_without_c_of_the_same_meaning_is_refused(tmp_path, source):
    with pytest.raises(NotImplementedError, match=r"forward\.py:\d+: .* is not translated to C"):
        c.c_functions(["f"], folder=folder_with(tmp_path, source))


# Functions whose C would differ if their assignments, signs or parentheses were taken lightly.
MEANT = {
    "rotation": "def f(x, y):\n    z = 2.0\n    x, y, z = y, z, x\n    return x + 10 * y + 100 * z",
    "choice of pairs": "def f(x, y):\n    x, y = (y, x) if x > y else (x, y)\n    return x - 2 * y",
    "signs": "def f(x, y):\n    return - -x - -y - (x - (y - -1)) / -(x / (y * 2))",
    "truth against truth": "def f(x, y):\n    return 1.0 if libm.isinf(x) != (y < 0) else x",
    "one branch's variable": (
        "def f(x, y):\n    if x > y:\n        z = x\n    else:\n        z, y = y, 3\n"
        "    z -= y - 1\n    return z / y"
    ),
    "reserved words": "def f(double, exp):\n    return double - 2 * libm.fabs(exp)",
    "while and not": (
        "def f(x, y):\n    n = 0\n    while not (n >= 3 or x > y):\n        n += 1\n"
        "        x *= 2\n    return x if n == 2 else n * 1.5 - x"
    ),
    "else if": (
        "def f(x, y):\n    if x > 1:\n        return 1\n    elif 0 < y <= x:\n        x = 2.5\n"
        "    else:\n        x /= 3\n    return x"
    ),
    "ints": "def f(x, y):\n    n = int(x)\n    return libm.ldexp(y, 2 * n - 1) - n",
}


@needs_compiler
@pytest.mark.parametrize("source", MEANT.values(), ids=MEANT)
def test_python_that_is_translated_keeps_its_meaning(tmp_path, source):
    text = c.HEADER + c.c_functions(["f"], folder=folder_with(tmp_path, source))
    library = compiled(tmp_path, text + driver("f", 2))
    python: dict[str, object] = {"libm": plain_library(tmp_path / "libm.py")}
    exec(source, python)
    draw = random.Random(source)
    points = [(draw.uniform(-4, 4), draw.uniform(-4, 4)) for _ in range(200)]
    operands, out = numpy.array(points), numpy.empty(len(points))
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (operands, out)]
    library.all_f(ctypes.c_long(len(points)), *pointers)
    assert out.tolist() == [python["f"](*point) for point in points]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "operands", "expected"),
    [
        ("add", ["a", "b"], "a + b"),
        ("neg", ["-1.0"], "-(-1.0)"),
        ("square", ["w[3]"], "w[3] * w[3]"),
        ("sqrt", ["a"], "sqrt(a)"),
        ("held", ["a"], "a"),
        ("gelu", ["a"], None),
        ("where", ["a", "b", "c"], None),
    ],
)
def test_simple_functions_are_also_expressions(name, operands, expected):
    assert c.c_expression(name, operands) == expected


def test_an_expression_of_too_many_operands_is_refused():
    with pytest.raises(ValueError, match="add takes 2 operands"):
        c.c_expression("add", ["a", "b", "c"])


@needs_compiler
def test_numbers_in_c_are_exact(tmp_path):
    source = random.Random(5)
    numbers = [struct.unpack("d", source.randbytes(8))[0] for _ in range(2000)] + EXTREMES
    table = ",\n".join(map(c.c_number, numbers))
    text = f"{c.HEADER}extern const double all[];\nconst double all[] = {{{table}}};\n"
    found = (ctypes.c_double * len(numbers)).in_dll(compiled(tmp_path, text), "all")
    assert list(map(bits, found)) == list(map(bits, numbers))
