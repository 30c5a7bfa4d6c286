"""`python -m nn` as a user runs it: what it prints, what it writes, what it complains of."""

import argparse
import csv
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nn.__main__ import main, parser
from nn.datasets import iris

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Call the command line in a folder of its own; the exit status and both outputs."""
    monkeypatch.chdir(tmp_path)

    def called(*arguments):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            status = leaving.code
        return status, *capsys.readouterr()

    return called


@pytest.fixture
def flowers(tmp_path):
    """Every second iris, in a file."""
    data = iris()
    with (tmp_path / "flowers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*data.features, "species"])
        for row, target in list(zip(data.inputs, data.targets, strict=True))[::2]:
            writer.writerow([*row, data.classes[target]])
    return "flowers.csv"


@pytest.fixture
def line(tmp_path):
    rows = [f"{x / 10},{3 * x / 10 - 100}" for x in range(-20, 20)]
    (tmp_path / "line.csv").write_text("\n".join(["x,y", *rows, ""]))
    return "line.csv"


def test_without_arguments_it_learns_the_irises():
    done = subprocess.run([sys.executable, "-m", "nn"], capture_output=True, text=True, check=True)
    assert "45 held out: setosa, versicolor, virginica" in done.stdout
    assert float(re.search(r"held-out accuracy (\d\.\d+)", done.stdout)[1]) >= 0.9
    assert "350 steps, replayed" in done.stdout
    assert "100%" in done.stderr


def test_a_classification_is_trained_saved_drawn_and_used(run, flowers, tmp_path):
    status, out, _ = run(
        *(flowers, "--target", "species", "--hidden", 8, 8, "--epochs", 40),
        *("--out", "model.json", "--plot", "curves.png"),
    )
    assert status == 0
    assert "MLP(4-8-8-3" in out
    assert float(re.search(r"held-out accuracy (\d\.\d+)", out)[1]) >= 0.85
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")

    status, out, err = run("--predict", "model.json", flowers)
    header, *rows = csv.reader(out.splitlines())
    assert (status, header, len(rows)) == (0, ["species", "probability"], 75)
    right = sum(
        row[0] == iris().classes[t] for row, t in zip(rows, iris().targets[::2], strict=True)
    )
    assert right >= 70
    assert f"accuracy {right / 75:.4f}" in err


def test_a_regression_is_trained_and_used_in_the_units_of_the_table(run, line, tmp_path):
    status, out, _ = run(line, "--target", "y", "--epochs", 100, "--out", "model.json")
    assert status == 0
    assert float(re.search(r"R² (\S+)", out)[1]) > 0.99
    (tmp_path / "new.csv").write_text("other,x\n?,1.0\n?,-1.0\n")
    status, out, err = run("--predict", "model.json", "new.csv")
    assert out.splitlines()[0] == "y"
    assert [float(text) for text in out.splitlines()[1:]] == pytest.approx([-97, -103], abs=0.3)
    assert (status, err) == (0, "")


def test_numbers_may_be_classes_and_columns_may_be_chosen(run, tmp_path):
    (tmp_path / "t.csv").write_text("a,b,c\n" + "".join(f"{i},x,{i % 2}\n" for i in range(20)))
    status, out, _ = run(
        *("t.csv", "--target", "c", "--features", "a", "--task", "classification", "--epochs", 1)
    )
    assert status == 0
    assert "held out: 0, 1" in out


@pytest.mark.parametrize(
    ("kinds", "told"), [(2, "held out: 0, 1"), (13, "held out: 13 classes"), (0, "out: a number")]
)
def test_what_is_learned_is_said(kinds, told, run, tmp_path):
    rows = "".join(f"{i},{i % kinds if kinds else 0.5 * i}\n" for i in range(65))
    (tmp_path / "t.csv").write_text("a,c\n" + rows)
    task = "classification" if kinds else "regression"
    assert told in run("t.csv", "--target", "c", "--task", task, "--epochs", 1)[1]


def test_help_says_every_default():
    for action in parser()._actions:
        default = action.default[0] if isinstance(action.default, list) else action.default
        if default not in (None, False, argparse.SUPPRESS):
            assert action.help.endswith(f"({default})"), action.dest


def test_equal_seeds_print_and_write_the_same(run, flowers, tmp_path):
    first = run(flowers, "--target", "species", "--epochs", 2, "--out", "a.json")[1]
    assert first == run(flowers, "--target", "species", "--epochs", 2, "--out", "b.json")[1]
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()
    assert first != run(flowers, "--target", "species", "--epochs", 2, "--seed", 1)[1]


def test_files_are_overwritten_only_by_force(run, flowers, tmp_path):
    (tmp_path / "model.json").write_text("precious")
    arguments = (flowers, "--target", "species", "--epochs", 1, "--out", "model.json")
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err == (
        "python -m nn: model.json exists; choose another name, or overwrite it with --force\n"
    )
    assert (tmp_path / "model.json").read_text() == "precious"
    assert run(*arguments, "--force")[0] == 0
    assert run("--predict", "model.json", flowers)[0] == 0


@pytest.mark.parametrize("option", ["--out", "--plot"])
def test_the_table_itself_is_overwritten_by_no_force(run, flowers, tmp_path, option):
    table = (tmp_path / flowers).read_text()
    (tmp_path / "link.csv").symlink_to(tmp_path / flowers)
    for name in (flowers, "link.csv"):
        status, _, err = run(flowers, "--target", "species", "--force", option, name)
        assert (status, "is the table to learn from" in err) == (2, True)
    assert (tmp_path / flowers).read_text() == table


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["none.csv", "--target", "y"], "none.csv: No such file or directory"),
        ([".", "--target", "y"], r"\.: Is a directory"),
        (["line.csv"], "say which column of line.csv to predict: --target COLUMN"),
        (["line.csv", "--target", "z"], "line.csv has no column 'z'; its columns are x, y"),
        (["line.csv", "--target", "y", "--features", "q"], "has no column 'q'"),
        (["line.csv", "--target", "y", "--task", "guess"], "argument --task: invalid choice"),
        (["line.csv", "--target", "y", "--epochs", "0"], "'0' is not a whole number from 1 to"),
        (
            ["line.csv", "--target", "y", "--epochs", "9" * 30],
            "a whole number from 1 to 1,000,000,000",
        ),
        (["line.csv", "--target", "y", "--hidden", "8", "x"], "'x' is not a whole number"),
        (["line.csv", "--target", "y", "--learning-rate", "nan"], "'nan' is not a positive number"),
        (["line.csv", "--target", "y", "--held-out", "1"], "'1' is not a share between 0 and 1"),
        (["line.csv", "--target", "y", "--held-out", "0.001"], "leave one part empty"),
        (["line.csv", "--target", "y", "--activation", "rleu"], "invalid choice: 'rleu'"),
        (["line.csv", "--target", "y", "--out", "no/m.json"], "the directory 'no' does not exist"),
        (["line.csv", "--target", "y", "--out", "."], r"Cannot write '\.': it is a directory"),
        (["line.csv", "--target", "y", "--plot", "c.xyz"], "c.xyz: pictures are written as"),
        (["bad.csv", "--target", "y"], "bad.csv, line 3, column 'x': 'oops' is no finite number"),
        (["huge.csv", "--target", "y"], "feature 0 cannot be standardized: its numbers"),
        (["--target", "y"], "say what to read in a FILE.csv: name one"),
        (["--predict", "m.json"], "say which rows to predict"),
        (["--predict", "none.json", "line.csv"], "none.json: No such file"),
        (["--predict", "bad.csv", "line.csv"], "bad.csv: this is no JSON: .*: line 1 "),
        (["--predict", "other.json", "line.csv"], "other.json holds no model of a table"),
        (["--predict", "broken.json", "line.csv"], "broken.json holds a damaged model"),
        (["--predict", "m.json", "line.csv", "--target", "y"], "takes a model and a FILE.csv"),
        (["--predict", "m.json", "line.csv", "--epochs", "3"], "no --epochs: all else"),
        (["--predict", "m.json", "line.csv", "--batch-size", "3"], "no --batch-size: all else"),
        (["--predict", "m.json", "line.csv", "--force"], "no --force: all else"),
        (["--out", "a\0b"], r"--out: 'a\\x00b' is not a name of a file, which has no \\0 in it"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--non\nsense"], "unrecognized arguments: --non sense"),
        (["line.csv", "--target", "y", "--hidden", "1000000000"], "sizes 1-1000000000-1 has 3,0"),
        (["line.csv", "--target", "y", "--hidden", "9" * 30, "9"], "at most 10,000,000 are taken"),
        (["line.csv", "--target", "y", "--hidden", "9" * 5000], "is not a whole number"),
        (["holes.csv", "--target", "y"], "holes.csv, line 3, column 'y': 'NA' is no finite number"),
        (["line.csv", "--target", "y", "--out", "f.png", "--plot", "f.png"], "name two files"),
        (["line.csv", "--target", "y", "--out", "link.json"], "link.json exists; choose another"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_status_2(run, line, tmp_path, arguments, complaint):
    (tmp_path / "bad.csv").write_text("x,y\n1,2\noops,3\n")
    (tmp_path / "huge.csv").write_text("x,y\n1e308,a\n-1e308,b\n1e308,a\n-1e308,b\n")
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / "holes.csv").write_text("x,y\n1,2\n3,NA\n")
    (tmp_path / "link.json").symlink_to("nowhere")
    (tmp_path / "broken.json").write_text('{"format": "autograd_core.nn table model", "sizes": []}')
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"python -m nn: .*{complaint}.*\n", err)


def test_a_model_is_told_from_a_table_that_lacks_its_columns(run, line, flowers, tmp_path):
    run(line, "--target", "y", "--epochs", 1, "--out", "model.json")
    status, _, err = run("--predict", "model.json", flowers)
    assert status == 2
    assert "flowers.csv has no column 'x'; its columns are sepal_length" in err


def test_a_class_that_the_model_does_not_know_is_named(run, flowers, tmp_path):
    run(flowers, "--target", "species", "--epochs", 1, "--out", "model.json")
    (tmp_path / "new.csv").write_text(
        "sepal_length,sepal_width,petal_length,petal_width,species\n1,2,3,4,tulip\n"
    )
    status, out, err = run("--predict", "model.json", "new.csv")
    assert (status, len(out.splitlines())) == (2, 2)
    assert "new.csv, line 2, column 'species': 'tulip' is none of the classes of the model" in err


def test_a_row_that_the_model_cannot_be_asked_about_is_named_before_any_is_printed(
    run, line, tmp_path
):
    run(line, "--target", "y", "--epochs", 1, "--activation", "linear", "--out", "m.json")
    for content, complaint in [
        ("x\n1\n1e308\n", "new.csv, line 3: the model gives"),
        ("x\n1\n\nNA\n", "new.csv, line 4, column 'x': 'NA' is no finite number"),
    ]:
        (tmp_path / "new.csv").write_text(content)
        status, out, err = run("--predict", "m.json", "new.csv")
        assert (status, out) == (2, "")
        assert complaint in err


def test_a_class_that_standard_output_has_no_letter_for_is_no_traceback(run, tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n" + "".join(f"{i},{'xé'[i % 2]}\n" for i in range(20)))
    assert run("t.csv", "--target", "b", "--epochs", 1, "--out", "m.json")[0] == 0
    done = subprocess.run(
        [sys.executable, "-m", "nn", "--predict", "m.json", "t.csv"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"python -m nn: standard output is ascii and cannot hold" in done.stderr


def test_training_that_diverges_says_so_with_status_1(run, line):
    status, _, err = run(
        *(line, "--target", "y", "--activation", "linear", "--learning-rate", "1e200")
    )
    assert status == 1
    last = err.splitlines()[-1]
    assert re.match(r"python -m nn: the loss is (inf|nan) at step \d+ \(epoch 1\)", last)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a child")
def test_control_c_keeps_the_best_and_still_reports(started, flowers, tmp_path):
    command = [sys.executable, "-m", "nn", str(tmp_path / flowers), "--target", "species"]
    command += ["--epochs", "1000000", "--out", str(tmp_path / "model.json")]
    running = started(command)
    while "epoch=3" not in (read := running.stderr.read(200)):
        assert read, "it ended before it was interrupted"
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert re.search(r"interrupted after \d+ epochs; the best parameters are kept", out)
    assert "held-out accuracy" in out
    assert (tmp_path / "model.json").exists()
