"""The manners of both command lines: closed, full and broken streams, arguments of no text."""

import os
import subprocess
import sys

import pytest

from autograd_core.console import run_command
from tests.tiers import for_both_tiers

pytestmark = for_both_tiers
COMMANDS = {
    "an expression": ["autograd_core", "x * sin(x)", "x=1"],
    "a derivation": ["autograd_core", "x * sin(x)", "x=1", "--explain"],
    "a training": ["nn", "--epochs", "1"],
    "help for expressions": ["autograd_core", "--help"],
    "help for trainings": ["nn", "--help"],
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell's redirections")


@pytest.fixture(params=COMMANDS)
def shell(request, tmp_path):
    """Run one of the commands in a shell with redirections after it."""

    def run(redirections):
        command = " ".join(f"'{part}'" for part in [sys.executable, "-m", *COMMANDS[request.param]])
        return subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command} {redirections}"],
            cwd=tmp_path,
            capture_output=True,
            timeout=120,
        )

    return run


@posix
def test_a_closed_standard_output_is_said_with_status_2(shell):
    done = shell(">&-")
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b": standard output is closed; send it to a file" in done.stderr


@posix
def test_where_nobody_can_be_told_the_status_is_left(shell):
    assert shell(">&- 2>&-").returncode == 2


@posix
def test_a_closed_standard_error_is_no_fault(shell):
    done = shell("2>&-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


@posix
def test_a_reader_who_has_gone_is_no_fault(shell):
    done = shell("2>errors | true")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no such device")
def test_a_full_disk_is_one_line_and_status_2(shell):
    done = shell(">/dev/full")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(b": No space left on device")
    assert b"Traceback" not in done.stderr
    assert b"ignored" not in done.stderr


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ["autograd_core", b"\xff", "x=1"],
        ["autograd_core", "x", b"x\xff=1"],
        ["autograd_core", "x", b"x=\xff"],
        ["autograd_core", "x", "x=1", "--wrt", b"\xff"],
        ["autograd_core", "x", "x=1", b"--\xff"],
        ["autograd_core", "x", "x=1", "--out", b"\xff/f.svg"],
        ["nn", b"\xff.csv", "--target", "y"],
        ["nn", "--predict", b"\xff.json", b"\xff.csv"],
        ["nn", "--activation", b"\xff"],
        ["nn", b"--\xff"],
    ],
)
def test_an_argument_that_is_no_text_is_refused_in_one_line(tmp_path, arguments):
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=tmp_path, capture_output=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert rb"\udcff" in done.stderr


@posix
def test_a_file_whose_name_is_no_text_is_written(tmp_path):
    command = [sys.executable, "-m", "autograd_core", "x", "x=1", "--out", b"\xff.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120)
    assert done.returncode == 0
    assert rb"wrote \udcff.json" in done.stdout
    assert os.listdir(os.fsencode(tmp_path)) == [b"\xff.json"]


@pytest.mark.parametrize(
    ("error", "said", "status"),
    [
        (ValueError("of\ntwo lines"), "name: of two lines\n", 7),
        (ValueError("x" * 5000 + " is long"), f"name: {'x' * 300} [...] {'x' * 292} is long\n", 7),
        (OSError(28, "No space left on device"), "name: No space left on device\n", 2),
        (OSError(2, "No such file", "f"), "name: f: No such file\n", 2),
        (MemoryError(), "name: there is not enough memory\n", 2),
        (KeyboardInterrupt(), "name: interrupted\n", 130),
        (BrokenPipeError(32, "Broken pipe"), "", 0),
    ],
)
def test_an_error_is_one_line_and_has_its_status(capsys, error, said, status):
    def work():
        raise error

    assert run_command("name", work, {ValueError: 7}) == status
    assert capsys.readouterr().err == said


def test_an_error_that_nobody_foresaw_is_not_hidden():
    def work():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_command("name", work, {ValueError: 7})
