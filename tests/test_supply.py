"""What the package is made of: its version, what it depends on, and where that is tested."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import autograd_core

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
NEEDED = [
    *PROJECT["project"]["dependencies"],
    *(one for all_of in EXTRAS.values() for one in all_of),
]
REQUIREMENTS = [Requirement(text) for text in NEEDED if not text.startswith("autograd_core")]
WORKFLOW = ROOT / ".github" / "workflows" / "tests.yml"

pytestmark = pytest.mark.skipif(not (ROOT / ".ci").exists(), reason="this is no clone")


def test_the_version_stands_in_one_place_and_the_changes_tell_of_it():
    assert (
        PROJECT["tool"]["setuptools"]["dynamic"]["version"]["attr"] == "autograd_core.__version__"
    )
    assert "version" not in PROJECT["project"]
    version = str(Version(autograd_core.__version__))
    changes = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Changes")[2]
    assert re.search(r"- \*\*([\d.]+)\*\*", changes)[1] == version


def test_the_lowest_versions_that_are_tested_are_those_that_are_allowed():
    command = [sys.executable, str(ROOT / ".ci" / "lowest")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pinned = {Requirement(line).name: Requirement(line) for line in done.stdout.splitlines()}
    assert pinned.keys() == {requirement.name for requirement in REQUIREMENTS}
    for requirement in REQUIREMENTS:
        (lowest,) = (s.version for s in requirement.specifier if s.operator in (">=", "=="))
        assert pinned[requirement.name].specifier.contains(lowest)


def test_what_is_locked_is_what_is_allowed_with_a_hash_and_a_license():
    lines = (ROOT / ".ci" / "locked.txt").read_text(encoding="utf-8").splitlines()
    form = re.compile(r"(\S+)==(\S+) --hash=sha256:[0-9a-f]{64}  # (.+)")
    found = [form.fullmatch(line) for line in lines if not line.startswith("# ")]
    assert all(found)
    assert not [match[3] for match in found if "copyright" in match[3].lower()]  # is no license
    locked = {match[1].replace("_", "-"): Version(match[2]) for match in found}
    for text in [*PROJECT["project"]["dependencies"], *EXTRAS["test"]]:
        requirement = Requirement(text)
        if requirement.name != PROJECT["project"]["name"]:
            version = locked[requirement.name.replace("_", "-")]
            assert version in requirement.specifier, "run .ci/lock again"


def test_every_python_that_is_allowed_is_tested_and_built_for():
    text = WORKFLOW.read_text(encoding="utf-8")
    tested = re.search(r"python: \[(.*)\]", text)[1].replace('"', "").split(", ")
    built = re.findall(r"cp3(\d+)-\*", PROJECT["tool"]["cibuildwheel"]["build"])
    assert [f"3.{minor}" for minor in built] == tested
    assert PROJECT["project"]["requires-python"] == f">={tested[0]}"
