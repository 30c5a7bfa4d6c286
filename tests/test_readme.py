"""The README tells the truth: its examples run, its table is the table's, its files are there."""

import doctest
import os
import re
import shlex
import subprocess
import sys

import pytest

from autograd_core.command_line import main
from tests.readme_table import README, with_table

TEXT = README.read_text(encoding="utf-8")


def test_the_table_of_primitives_is_the_table_s():
    assert with_table(TEXT) == TEXT, "run: python -m tests.readme_table"


def test_no_cell_of_the_table_is_split_by_a_bar():
    table = TEXT.partition("<!-- primitives: begin -->")[2].partition("<!-- primitives: end -->")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert len(rows) > 40
    assert {line.count("|") for line in rows} == {5}


def test_the_examples_print_what_they_say():
    examples = "\n".join(re.findall(r"```python\n(.*?)```", TEXT, re.S))
    test = doctest.DocTestParser().get_doctest(examples, {}, "README", str(README), 0)
    assert len(test.examples) > 5
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test)
    assert runner.summarize().failed == 0


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", TEXT))
def test_links_lead_to_files(link):
    assert (README.parent / link).exists()


@pytest.mark.parametrize("command", re.findall(r"^\$ python -m autograd_core (.*)$", TEXT, re.M))
def test_the_command_line_prints_what_the_readme_shows(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)) == 0
    shown = TEXT.split(f"$ python -m autograd_core {command}\n")[1]
    assert shown.startswith(capsys.readouterr().out)


def test_the_samples_of_the_jax_example_go_over_eight_devices():
    pytest.importorskip("jax")
    (example,) = re.findall(r"```python\n(import jax\n.*?)```", TEXT, re.S)
    script = f"""
from autograd_core import record
from nn import MLP, datasets

model = MLP(2, [16, 16, 1], seed=0)
program = record(lambda x, y: (1 - y * model(x)).relu(), [0.0, 0.0], 0.0)
moons = datasets.moons(100, 0.1, seed=0)
X, Y = moons.inputs, [2.0 * target - 1.0 for target in moons.targets]
expected = program.backward(X[:96], Y[:96])
{example}
assert len(X.sharding.device_set) == 8
assert abs(float(loss) - expected) < 1e-14
found = numpy.array([leaf.grad for leaf in program.captured])
assert abs(numpy.asarray(gradient) - found).max() < 1e-14
"""
    flags = "--xla_force_host_platform_device_count=8"
    folder = README.parent
    environment = os.environ | {
        "XLA_FLAGS": flags,
        "JAX_PLATFORMS": "cpu",
        "PYTHONPATH": str(folder),
    }
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True, env=environment)
