"""The top level of a clone: what is there, and that README's commands leave nothing to be seen."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from autograd_core.command_line.invocation import EXAMPLE

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTED = {"README.md", "pyproject.toml", "LICENSE", "autograd_core", "nn", "tests", "notebooks"}

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="this is no clone"
)


def test_nothing_stands_at_the_top_level_that_is_not_documented():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first = {Path(line).parts[0] for line in listed.stdout.splitlines()}
    assert {name for name in first if not name.startswith(".")} == DOCUMENTED


@pytest.mark.parametrize("left", [EXAMPLE[-1], "autograd_core.egg-info/PKG-INFO", "build/lib/x.py"])
def test_git_does_not_show_what_the_commands_leave(left):
    ignored = subprocess.run(["git", "check-ignore", "--quiet", left], cwd=ROOT)
    assert ignored.returncode == 0
