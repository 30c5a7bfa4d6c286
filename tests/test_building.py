"""What a build makes: compiled modules or, where that cannot be, a plain package that says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("setuptools", "77")
from autograd_core import __version__
from autograd_core.building import commands, declarations, modules, updates_in_c
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers
ROOT = Path(__file__).resolve().parent.parent
PLAIN_WHEEL = f"autograd_core-{__version__}-py3-none-any.whl"
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that a build reads, without what an earlier one has made of them."""
    made = shutil.ignore_patterns("__pycache__", f"*{SUFFIX}")
    for folder in ("autograd_core", "nn"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=made)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def build(clone: Path, *command: str, **variables: str) -> str:
    """Run a command of setuptools; what it says on standard error."""
    environment = {name: text for name, text in os.environ.items() if name != "AUTOGRAD_CORE_PLAIN"}
    done = subprocess.run(
        [sys.executable, "-c", "from setuptools import setup; setup()", "-q", *command],
        cwd=clone,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path[1:])} | variables,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.skipif(os.name == "nt", reason="the compiler is not named by CC there")
def test_without_a_compiler_the_wheel_is_plain_and_says_so_in_one_line(clone):
    said = build(clone, "bdist_wheel", CC="false")
    assert [path.name for path in clone.glob("dist/*")] == [PLAIN_WHEEL]
    warnings = [line for line in said.splitlines() if "uncompiled" in line]
    assert len(warnings) == 1
    assert warnings[0].startswith("warning: autograd_core is installed uncompiled")
    assert not list(clone.rglob("value.c")), "Cython ran before anybody asked for a compiler"


def test_what_turns_out_not_to_compile_makes_a_plain_wheel_too(clone):
    pytest.importorskip("Cython", "3.1")
    if not commands.can_compile(None):
        pytest.skip("there is no compiler here")
    with open(clone / "autograd_core" / "graph" / "value.pxd", "a") as declarations_of_nodes:
        declarations_of_nodes.write("no declaration\n")
    said = build(clone, "bdist_wheel")
    assert sum("is installed uncompiled" in line for line in said.splitlines()) == 1
    (wheel,) = clone.glob("dist/*")
    assert wheel.name == PLAIN_WHEEL
    with zipfile.ZipFile(wheel) as files:
        assert "autograd_core/graph/value.py" in files.namelist()
        assert not [name for name in files.namelist() if name.endswith(SUFFIX)]


def test_a_plain_wheel_may_be_asked_for(clone):
    assert "uncompiled" not in build(clone, "bdist_wheel", AUTOGRAD_CORE_PLAIN="1")
    assert [path.name for path in clone.glob("dist/*")] == [PLAIN_WHEEL]


@pytest.mark.parametrize("variables", [{"CC": "false"}, {"AUTOGRAD_CORE_PLAIN": "1"}])
def test_in_place_nothing_compiled_is_left_beside_plain_source(clone, variables):
    left = clone / "autograd_core" / "graph" / f"value{SUFFIX}"
    left.touch()
    build(clone, "build_ext", "--inplace", **variables)
    assert not left.exists()


def test_a_source_distribution_brings_the_c_of_its_own_sources(clone, monkeypatch):
    pytest.importorskip("Cython", "3.1")
    build(clone, "sdist")
    (archive,) = clone.glob("dist/*.tar.gz")
    with tarfile.open(archive) as files:
        files.extractall(clone / "unpacked", filter="data")
    (unpacked,) = clone.glob("unpacked/*")
    monkeypatch.chdir(unpacked)
    assert commands.c_is_shipped()
    for module in commands.extensions():
        for source in module.sources:
            assert Path(commands.c_of(source, commands.SHIPPED)).exists()
    with open("autograd_core/graph/value.py", "a") as edited:
        edited.write("# edited\n")
    assert not commands.c_is_shipped()


def test_every_module_that_is_compiled_is_there():
    for module in modules.MODULES:
        place = Path("autograd_core", *module.split("."))
        assert any((ROOT / place).with_suffix(end).exists() for end in (".py", ".pyx")), module


def test_a_rule_is_declared_on_doubles(tmp_path):
    source = tmp_path / "rules.py"
    source.write_text(
        "LN2 = 0.5\n"
        "NAN = float('nan')\n"
        "def f_partial_x(x, out):\n"
        "    '''Some words.'''\n"
        "    other = scalar.cos(x) / LN2\n"
        "    return scalar.where(x > 0, other, scalar.where(x <= 0, out, NAN))\n"
        "def sum_partials(operands, out):\n"
        "    return []\n"
    )
    assert declarations.rules_declared(source).endswith(
        "cdef inline double f_partial_x(double x, double out) noexcept:\n"
        "    cdef double other\n"
        "    other = forward.cos(x) / 0.5\n"
        "    return other if x > 0 else out if x <= 0 else NAN\n"
    )


def test_forward_functions_are_declared_on_doubles_and_the_kinds_as_integers(tmp_path):
    source, nodes = tmp_path / "source.py", tmp_path / "nodes.py"
    source.write_text(
        "LN2 = 0.5\n"
        "def f(x, y):\n"
        "    exponent = libm.ilogb(x)\n"
        "    rest = libm.ldexp(x, -exponent)\n"
        "    return rest\n"
        "def sum(*operands):\n"
        "    return 0.0\n"
    )
    nodes.write_text("ADD, SUB = map(primitives.kind_of, ('add', 'sub'))\nLN2 = 0.5\n")
    assert declarations.functions_declared(source).endswith(
        "cdef double LN2\n"
        "@cython.locals(exponent=int)\n"
        "cpdef double f(double x, double y) noexcept\n"
    )
    assert declarations.kinds_declared(nodes).endswith("cdef int ADD, SUB\n")


FORMULA = """
def toward(value, gradient, mean, rate, decay):
    'Some words.'
    mean = mean + (gradient - mean) * 0.5
    value = value - sqrt(mean) * rate if decay != 0.0 else value / 2.0
    return value, mean
"""


def test_a_formula_of_a_step_is_written_as_a_loop(tmp_path):
    source = tmp_path / "formulas.py"
    source.write_text(FORMULA)
    written = updates_in_c.updates_in_c(source)
    for line in (
        "    double *const all_mean = memory[0];",
        "    const double rate = numbers[0];",
        "    const double decay = numbers[1];",
        "        double value = values[k], gradient = gradients[k];",
        "        double mean = all_mean[k];",
        "        mean = (mean + ((gradient - mean) * 0.5));",
        "        value = (decay != 0.0 ? (value - (sqrt(mean) * rate)) : (value / 2.0));",
        "        values[k] = value;",
        "        all_mean[k] = mean;",
        '    {"toward", update_by_toward, 1, 2},',
    ):
        assert line in written.splitlines()


@pytest.mark.parametrize(
    ("sound", "unsound"),
    [
        ("return value, mean", "return value"),
        ("sqrt(mean)", "exp(mean)"),
        ("* 0.5", "** 0.5"),
        ("* 0.5", "* 2"),
        ("decay != 0.0", "decay > 0.0"),
        ("    mean = mean +", "    mean +="),
    ],
)
def test_what_a_formula_has_no_c_for_stops_the_build(sound, unsound, tmp_path):
    source = tmp_path / "formulas.py"
    source.write_text(FORMULA.replace(sound, unsound))
    with pytest.raises(TypeError):
        updates_in_c.updates_in_c(source)
