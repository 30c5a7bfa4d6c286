"""Imports run one way: in every folder modules stand on modules below them, and no circle closes.

`python tests/test_architecture.py` prints the map that is checked: the modules of every folder, by
level.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("autograd_core", "nn")

# The engine's own modules from the ground up; those of one line do not import one another.
TIERS = [
    "given",
    "errors plain console file_writer strict_json forking lazy_door shuffling",
    "primitives",
    "graph",
    "derivatives",
    "testing notation",
    "drawing explaining forms",
    "program",
    "exploring command_line",
    "exercises",
    "autograd_core",  # the door
    "__main__",
    "building",  # runs before there is a package: it stands on no other
]
LEVEL = {module: level for level, tier in enumerate(TIERS) for module in tier.split()}

MOST = 15  # modules in a folder; the families of `nn` keep their public places


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def shown(source: Path) -> str:
    return str(source.relative_to(ROOT))


def name_of(source: Path) -> str:
    return ".".join(source.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(source: Path) -> Iterator[str]:
    """The name of everything imported, also inside functions; not what only checkers read."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for_checkers = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in for_checkers:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source} imports relatively; write the package's name"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def module_of(dotted: str) -> str:
    """The module or package that a dotted name is, or is in."""
    parts = dotted.split(".")
    while len(parts) > 1:
        place = ROOT.joinpath(*parts)
        if place.is_dir() or any(place.with_suffix(end).exists() for end in (".py", ".pyx")):
            break
        parts.pop()
    return ".".join(parts)


@cache
def needs() -> dict[str, set[str]]:
    """For every module the ones that it imports."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for source in sources(package):
            others = found.setdefault(name_of(source), set())
            for dotted in imported(source):
                if dotted.split(".")[0] in PACKAGES:
                    others.add(module_of(dotted))
    return found


def folders() -> list[str]:
    packages = (source for package in PACKAGES for source in sources(package))
    return sorted(name_of(source) for source in packages if source.name == "__init__.py")


def map_of(folder: str) -> tuple[list[list[str]], dict[str, set[str]]]:
    """A folder's modules and folders by level, and of those in a circle what each needs."""

    def part(module: str) -> str:
        return module.removeprefix(f"{folder}.").split(".")[0]

    inside = {name: of for name, of in needs().items() if name.startswith(f"{folder}.")}
    left: dict[str, set[str]] = {part(name): set() for name in inside}
    for name, others in inside.items():
        for other in others:
            if other.startswith(f"{folder}.") and part(other) != part(name):
                left[part(name)].add(part(other))
    levels = []
    while free := sorted(name for name, others in left.items() if not others & left.keys()):
        levels.append(free)
        left = {name: others for name, others in left.items() if name not in free}
    return levels, {name: others & left.keys() for name, others in left.items()}


def written(folder: str) -> str:
    levels, circle = map_of(folder)
    lines = [f"  {level}: {' '.join(modules)}" for level, modules in enumerate(levels)]
    lines += [f"  in a circle: {module} -> {' '.join(sorted(circle[module]))}" for module in circle]
    return "\n".join([folder, *lines])


@pytest.mark.parametrize("folder", folders())
def test_no_circle_closes_in_a_folder(folder):
    assert not map_of(folder)[1], written(folder)


@pytest.mark.parametrize("folder", [name for name in folders() if name != "nn"])
def test_no_folder_is_crowded(folder):
    modules = len(list((ROOT / folder.replace(".", "/")).glob("*.py"))) - 1  # less the door
    assert modules <= MOST, f"{folder} has {modules} modules: two folders?"


def part_of(module: str) -> str:
    """What of the engine a module is or belongs to; the door by the engine's name."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


@pytest.mark.parametrize("source", sources("autograd_core"), ids=shown)
def test_every_module_stands_on_modules_below_it(source):
    part = part_of(name_of(source))
    assert part in LEVEL, f"add {part} to TIERS in {Path(__file__).name}, above what it imports"
    for other in needs()[name_of(source)]:
        below = part_of(other)
        assert below == part or LEVEL[below] < LEVEL[part], (
            f"{shown(source)} imports {other}, which does not stand below it"
        )


@pytest.mark.parametrize("source", sources("nn"), ids=shown)
def test_nn_uses_only_the_engine_s_door(source):
    used = {other for other in needs()[name_of(source)] if other.startswith("autograd_core")}
    assert used <= {"autograd_core"}


def test_the_engine_knows_nothing_of_nn():
    for source in sources("autograd_core"):
        assert not [other for other in needs()[name_of(source)] if other.startswith("nn")]


def test_no_two_modules_have_one_name():
    own = [s.stem for s in sources("autograd_core") if not s.stem.startswith("__")]
    twice = {name for name in own if own.count(name) > 1}
    assert not twice, f"say what each is about: {sorted(twice)}"


@pytest.mark.parametrize("source", [*sources("autograd_core"), *sources("nn")], ids=shown)
def test_every_module_opens_with_what_it_owns(source):
    assert ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))), "no docstring"


if __name__ == "__main__":
    print("\n".join(map(written, folders())))
