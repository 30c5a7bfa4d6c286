"""Imports run one way: rooms stand on rooms below them, and `nn` uses only the engine's door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up; rooms of one line do not import one another.
TIERS = [
    "differences errors plain ieee libm memory numbers console file_writer strict_json decorating "
    "forking",
    "anomaly rounding",
    "error_function",
    "forward",
    "scalar",
    "rules",
    "primitives sweep",
    "value",
    "nodes graph modes",
    "functions copying custom",
    "value_array",
    "structures",
    "differentiation",
    "functional",
    "gradcheck testing expression notation",
    "drawing explaining forms",
    "program",
    "command_line",
    "autograd_core",  # the door
    "__main__",
    "building",  # runs before there is a package: it stands on no other
]
LEVEL = {room: level for level, tier in enumerate(TIERS) for room in tier.split()}

# Imports that wait until they are needed, because that room stands on the one that asks.
UPWARD = {("value", "copying"), ("value", "value_array")}


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def shown(source: Path) -> str:
    return str(source.relative_to(ROOT))


def room_of(source: Path) -> str:
    """A module of the engine or one of its subpackages, by name."""
    place = source.relative_to(ROOT / "autograd_core")
    first = place.parts[0].removesuffix(".py")
    return "autograd_core" if first == "__init__" else first


def imported(source: Path) -> Iterator[tuple[str, bool]]:
    """The dotted name of everything imported, and whether that is as the module is imported."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        at_once = node in tree.body
        if isinstance(node, ast.Import):
            yield from ((name.name, at_once) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source} imports relatively; write the package's name"
            yield from ((f"{node.module}.{name.name}", at_once) for name in node.names)


def engine_rooms(source: Path) -> Iterator[tuple[str, bool]]:
    """The rooms of the engine that a source imports; the door by the engine's own name."""
    for name, at_once in imported(source):
        package, _, rest = name.partition(".")
        if package == "autograd_core":
            first = rest.partition(".")[0]
            is_room = any((ROOT / package / f"{first}{end}").exists() for end in (".py", ""))
            yield (first if first and is_room else "autograd_core"), at_once


@pytest.mark.parametrize("source", sources("autograd_core"), ids=shown)
def test_every_room_stands_on_rooms_below_it(source):
    room = room_of(source)
    assert room in LEVEL, f"add {room} to TIERS in {Path(__file__).name}, above what it imports"
    for other, at_once in engine_rooms(source):
        if other == room or (not at_once and (room, other) in UPWARD):
            continue
        assert LEVEL[other] < LEVEL[room], (
            f"{source} imports {other}, which does not stand below it"
        )


@pytest.mark.parametrize("source", sources("nn"), ids=shown)
def test_nn_uses_only_the_engine_s_door(source):
    assert {room for room, _ in engine_rooms(source)} <= {"autograd_core"}


def test_the_engine_knows_nothing_of_nn():
    names = {name for source in sources("autograd_core") for name, _ in imported(source)}
    assert not {name for name in names if name.split(".")[0] == "nn"}


@pytest.mark.parametrize("package", ["autograd_core/drawing", "autograd_core/notation", "nn"])
def test_the_files_of_a_package_do_not_import_in_circles(package):
    prefix = package.replace("/", ".")
    files = {
        f"{prefix}.{source.stem}": source
        for source in (ROOT / package).glob("*.py")
        if not source.stem.startswith("__")
    }
    needs = {
        name: {
            other
            for asked, at_once in imported(source)
            for other in files
            if at_once and (asked == other or asked.startswith(f"{other}."))
        }
        for name, source in files.items()
    }
    while needs:
        free = {name for name, others in needs.items() if not others & set(needs)}
        assert free, f"imports in a circle among {sorted(needs)}"
        needs = {name: others for name, others in needs.items() if name not in free}


@pytest.mark.parametrize("source", [*sources("autograd_core"), *sources("nn")], ids=shown)
def test_every_module_opens_with_what_it_owns(source):
    assert ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))), "no docstring"
