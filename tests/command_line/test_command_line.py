"""The command line as a user meets it: in a process of its own."""

import json
import math
import os
import shlex
import subprocess
import sys

import pytest

from autograd_core import from_json
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
        ["f", "mul(t1,", "z)", "-12.0", "1.0"],
    ]


def test_an_expression_may_begin_with_a_minus(here, capsys):
    assert main(["-x * 2", "x=-3"]) == 0
    assert "-x * 2 = 6.0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("f.svg", b"<?xml"),
        ("f.png", b"\x89PNG"),
        ("f.dot", b"digraph"),
        ("f.html", b"<!DOCTYPE html>"),
        ("f.gif", b"GIF89a"),
        ("f.apng", b"\x89PNG"),
        ("f.mmd", b"flowchart LR"),
        ("f.json", b'{"format": "autograd_core.graph.traversal"'),
        ("F.TEX", rb"\documentclass"),
    ],
)
def test_a_file_is_written_in_the_format_its_name_says(here, capsys, name, start):
    assert main(["x * x", "x=3", "--out", name]) == 0
    assert (here / name).read_bytes().startswith(start)
    assert capsys.readouterr().out.endswith(f"\nwrote {name}\n")
    assert main(["x + x", "x=3", "--out", name]) == 2
    assert "--force overwrites it" in capsys.readouterr().err
    before = (here / name).read_bytes()
    assert main(["x + x", "x=3", "--out", name, "--force"]) == 0
    assert (here / name).read_bytes() != before


def test_style_and_theme_are_the_picture_s(here, capsys):
    command = ["x * x", "x=3", "--out", "f.dot", "--force"]
    written = set()
    for options in ([], ["--style", "classic"], ["--theme", "dark"]):
        assert main([*command, *options]) == 0
        written.add((here / "f.dot").read_text())
    assert len(written) == 3


def test_explain_derives_instead_of_listing(here, capsys):
    assert main(["(x + y) * z", "x=-2", "y=5", "z=-4", "--explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  ∂f/∂x  = ∂f/∂t1 · ∂t1/∂x = -4 · 1 = -4" in lines
    assert not any(line.startswith("node") for line in lines)


def test_tree_and_explain_are_printed_both_when_both_are_asked_for(here, capsys):
    assert main(["x * x", "x=3", "--tree", "--explain"]) == 0
    out = capsys.readouterr().out
    assert "f = 9   ×   grad 1\n├─ x = 3   grad 6\n└─ ↑ x\n" in out
    assert "Gradient\n  ∂f/∂x = 6\n" in out


def test_a_variable_that_only_chooses_a_branch_is_explained_to_have_no_share(here, capsys):
    assert main(["where(c > 0, x * x, 0)", "x=3", "c=1", "--explain"]) == 0
    assert capsys.readouterr().out.endswith(
        "Gradient\n  ∂f/∂x = 6\n  ∂f/∂c = 0, as nothing is computed from c\n"
    )
    assert main(["where(c, x, 0)", "x=3", "c=1", "--explain", "--wrt", "c"]) == 2
    assert "is a constant" in capsys.readouterr().err


def test_what_is_not_differentiated_by_is_a_constant(here, capsys):
    assert main(["x * y", "x=2", "y=3", "--wrt", "y"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[3:5]] == [
        ["x", "constant", "2.0"],
        ["y", "leaf", "3.0", "2.0"],
    ]


def test_order_2_adds_the_second_derivatives(here, capsys):
    assert main(["x**2 * y", "x=2", "y=3", "--order", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = lines[lines.index("second derivatives") + 2 :]
    assert [line.split() for line in table] == [
        ["x", "y"],
        ["x", "6.0", "4.0"],
        ["y", "4.0", "0.0"],
    ]


def test_json_is_one_object_and_nothing_else(here, capsys):
    command = ["x * y + log(x - x)", "x=2", "y=3", "--json", "--order", "2", "--wrt", "y"]
    assert main([*command, "--out", "f.dot"]) == 0
    captured = capsys.readouterr()
    result = json.loads(captured.out)
    assert captured.err == "wrote f.dot\n"
    graph = result.pop("graph")
    assert result == {
        "expression": "x * y + log(x - x)",
        "variables": {"x": 2.0, "y": 3.0},
        "value": "-Infinity",
        "gradient": {"y": 2.0},
        "second_derivatives": {"y": {"y": 0.0}},
    }
    assert from_json(json.dumps(graph)).data == -math.inf


@pytest.mark.parametrize("given", ["\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"])
@pytest.mark.parametrize("written", ["\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"])
def test_letters_that_are_one_to_python_are_one_variable(here, capsys, written, given):
    assert main([f"{written} * 2", f"{given}=3", "--wrt", given, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["value"], result["gradient"]) == (6.0, {"\N{GREEK SMALL LETTER MU}": 2.0})
    assert main([f"{written} * 2", "\N{MICRO SIGN}=3", "\N{GREEK SMALL LETTER MU}=3"]) == 2
    assert "is given twice" in capsys.readouterr().err


def test_a_link_to_nothing_is_kept(here, capsys):
    (here / "f.json").symlink_to("nowhere")
    assert main(["x", "x=1", "--out", "f.json"]) == 2
    assert "f.json exists; --force overwrites it" in capsys.readouterr().err
    assert (here / "f.json").is_symlink()
    assert not (here / "nowhere").exists()


def test_an_expression_of_numbers_has_a_value_and_no_table(here, capsys):
    assert main(["2 * 3"]) == 0
    assert capsys.readouterr().out == "2 * 3 = 6.0\n"


def test_help_shows_every_option_and_an_example_for_each_way_to_print(here, capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    options = ("wrt", "order", "explain", "tree", "json", "out", "style", "theme", "force")
    assert all(f"  --{option}" in shown for option in options)
    assert max(map(len, shown.splitlines())) <= 100
    for line in shown.splitlines():
        if line.startswith("  python -m autograd_core ") and "|" not in line:
            arguments = shlex.split(line)[3:]
            assert main(arguments) == 0, line


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
        (["x * x", "x=3", "--out", "."], "'.': it is a directory"),
        (["x * x", "x=3", "--out", "a\0b"], r"the name of a file, which has no \0 in it"),
        (["x", "x=1", "--wobble"], "unrecognized arguments: --wobble"),
        (["x", "x=1", "--out"], "expected one argument"),
        (["x", "x=1", "--wrt", "q"], "--wrt q: q does not occur in the expression"),
        (["x", "x=1", "--wrt", ","], "--wrt names no variable"),
        (["x", "x=1", "--order", "3"], "invalid choice: '3'"),
        (["x", "x=1", "--json", "--tree"], "--json prints everything in one object"),
        (["x", "x=1", "--style", "classic"], "--style needs --out FILE"),
        (["x", "x=1", "--theme", "dark", "--out", "f.mmd"], "are for pictures; f.mmd is none"),
        (["x", "x=1", "--force"], "--force needs --out FILE"),
        (["2 * 3", "--explain"], "2 * 3 is a constant: there is no gradient"),
        (["2 * 3", "--out", "f.html"], "2 * 3 is a constant: there is no gradient"),
        (["2 * 3", "--out", "f.gif"], "2 * 3 is a constant: there is no gradient"),
        (["x", "x=1", "--out", "f.gif", "--style", "classic"], "f.gif is an animation"),
        (["x", "x=1", "--out", "f.html", "--style", "classic"], "f.html is a page to step through"),
        (["2 * 3", "--out", "f.tex"], "2 * 3 is a constant: there is no gradient"),
        (["x", "x=1", "--out", "absent/f.json"], "the directory 'absent' does not exist"),
        (["x", "x=1", "y"], "'y' is not of the form name=number"),
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


def test_a_stream_that_lacks_the_letters_gets_escapes(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "autograd_core", "2 * x", "x=1", "--tree"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert b"\\u2500" in done.stdout
