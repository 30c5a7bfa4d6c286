"""The command line as a user meets it: in a process of its own."""

import subprocess
import sys

import pytest

from autograd_core.__main__ import main


def run(*arguments, directory):
    return subprocess.run(
        [sys.executable, "-m", "autograd_core", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_arguments_the_example_runs_and_overwrites_nothing(tmp_path):
    first = run(directory=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "(x + y) * z = -12.0" in first.stdout
    picture = tmp_path / "f.svg"
    assert picture.read_text().startswith("<?xml")
    picture.write_text("mine")
    second = run(directory=tmp_path)
    assert second.returncode == 0
    assert "left as it is" in second.stdout
    assert picture.read_text() == "mine"
    assert run("--force", directory=tmp_path).returncode == 0
    assert picture.read_text() != "mine"


def test_the_table_has_every_node_with_value_and_gradient(here, capsys):
    assert main(["(x + y) * z", "x=-2", "y=5", "z=-4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "(x + y) * z = -12.0"
    assert [line.split() for line in lines[2:]] == [
        ["node", "operation", "value", "gradient"],
        ["x", "leaf", "-2.0", "-4.0"],
        ["y", "leaf", "5.0", "-4.0"],
        ["t1", "add(x,", "y)", "3.0", "-4.0"],
        ["z", "leaf", "-4.0", "3.0"],
        ["t2", "mul(t1,", "z)", "-12.0", "1.0"],
    ]


def test_an_expression_may_begin_with_a_minus(here, capsys):
    assert main(["-x * 2", "x=-3"]) == 0
    assert "-x * 2 = 6.0" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["f.svg", "f.png", "f.dot"])
def test_a_picture_is_written_in_the_format_its_name_says(here, capsys, name):
    assert main(["x * x", "x=3", "--out", name]) == 0
    start = (here / name).read_bytes()[:8]
    assert start.startswith({"f.svg": b"<?xml", "f.png": b"\x89PNG", "f.dot": b"digraph"}[name])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x + y", "x=1"], "no value for y; give y=NUMBER"),
        (["x", "x=abc"], "x=abc: 'abc' is not a number"),
        (["x", "x"], "'x' is not of the form name=number"),
        (["x", "x=1", "x=2"], "x is given twice"),
        (["x", "x=1", "q=2"], "q is given but does not occur"),
        (["eval(x)", "x=1"], "refused at column 1: 'eval' is no function"),
        (["x * x", "x=3", "--out", "absent/f.svg"], "the directory 'absent' does not exist"),
        (["x * x", "x=3", "--out", "there.svg"], "there.svg exists; --force overwrites it"),
        (["x * x", "x=3", "--out", "f"], "does not say which format"),
        (["x * x", "x=3", "--out", "."], "exists|directory|format"),
        (["x", "x=1", "--wobble"], "unrecognized arguments: --wobble"),
        (["x", "x=1", "--out"], "expected one argument"),
    ],
)
def test_bad_input_is_one_line_on_standard_error_and_status_2(here, capsys, arguments, message):
    (here / "there.svg").write_text("mine")
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("autograd_core: ")
    assert any(part in error for part in message.split("|"))
    assert (here / "there.svg").read_text() == "mine"


def test_a_closed_pipe_is_no_fault(tmp_path):
    script = f"{sys.executable} -m autograd_core 'x' x=1 | true"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {script}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
