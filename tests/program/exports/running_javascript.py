"""Exported JavaScript run by Node, and in a page by a browser without a window."""

from __future__ import annotations

import base64
import json
import math
import shutil
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

NODE = shutil.which("node")
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_node = pytest.mark.skipif(NODE is None, reason="no Node.js on the path to run JavaScript")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium on the path for pages")

# Numbers travel as their bits: JSON has no infinities, no NaN, no negative zero.
TRAVEL = """
const bytes = new DataView(new ArrayBuffer(8));
const digits = (x) => { bytes.setFloat64(0, x); return bytes.getBigUint64(0).toString(16); };
const number = (s) => { bytes.setBigUint64(0, BigInt("0x" + s)); return bytes.getFloat64(0); };
const sent = (x) => typeof x === "number" ? digits(x)
    : Array.isArray(x) || x instanceof Float64Array ? Array.from(x, sent)
    : x !== null && typeof x === "object"
        ? Object.defineProperties({}, Object.fromEntries(Object.entries(x).map(([key, child]) =>
            [key, { value: sent(child), enumerable: true }]))) : String(x);
const received = (x) => typeof x === "string" ? number(x) : Array.isArray(x) ? x.map(received)
    : Object.defineProperties({}, Object.fromEntries(Object.entries(x).map(([key, child]) =>
        [key, { value: received(child), enumerable: true }])));
const called = (f, given) => {
    try { return sent(f(...given.map(received))); } catch (error) { return String(error); }
};
"""


def run_node(folder: Path, exports: Sequence[Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
    """What every exported function gives for each of its lists of arguments; errors as text."""
    imports = []
    for place, exported in enumerate(exports):
        exported.save(folder / f"m{place}.mjs", overwrite=True)
        imports.append(f'import {{ {exported.name} as f{place} }} from "./m{place}.mjs";')
    names = ", ".join(f"f{place}" for place in range(len(exports)))
    (folder / "calls.json").write_text(json.dumps(sent(calls)), encoding="utf-8")
    (folder / "main.mjs").write_text(
        "\n".join(['import { readFileSync } from "node:fs";', *imports, TRAVEL])
        + f"""
const calls = JSON.parse(readFileSync(new URL("calls.json", import.meta.url)));
const found = [{names}].map((f, k) => calls[k].map((given) => called(f, given)));
console.log(JSON.stringify(found));
""",
        encoding="utf-8",
    )
    run = subprocess.run(
        [NODE or "node", str(folder / "main.mjs")], capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr
    return received(json.loads(run.stdout))  # type: ignore[no-any-return]


def run_page(folder: Path, exports: Sequence[Any], calls: Sequence[Sequence[Any]]) -> list[Any]:
    """The same, of the scripts in a page."""
    scripts = ",\n".join(exported.script for exported in exports)
    (folder / "page.html").write_text(
        f"""<!DOCTYPE html><meta charset="utf-8"><pre id="out"></pre><script>
{TRAVEL}
const calls = {json.dumps(sent(calls)).replace("<", chr(92) + "u003c")};
const functions = [{scripts}];
const found = functions.map((f, k) => calls[k].map((given) => called(f, given)));
document.getElementById("out").textContent = "found" + btoa(JSON.stringify(found)) + "end";
</script>""",
        encoding="utf-8",
    )
    command = [BROWSER or "chromium", "--headless", "--no-sandbox", "--disable-gpu"]
    command += [f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    run = subprocess.run(
        [*command, (folder / "page.html").as_uri()], capture_output=True, text=True, timeout=120
    )
    text = run.stdout.partition("found")[2].rpartition("</pre>")[0].removesuffix("end")
    return received(json.loads(base64.b64decode(text)))  # type: ignore[no-any-return]


def sent(x: Any) -> Any:
    """Numbers as the digits of their bits, in whatever they are."""
    if isinstance(x, dict):
        return {str(key): sent(child) for key, child in x.items()}
    if isinstance(x, list | tuple):
        return [sent(child) for child in x]
    return struct.pack(">d", float(x)).hex()


def received(x: Any) -> Any:
    """Such digits as numbers again; other texts are errors."""
    if isinstance(x, dict):
        return {key: received(child) for key, child in x.items()}
    if isinstance(x, list):
        return [received(child) for child in x]
    try:
        return struct.unpack(">d", int(x, 16).to_bytes(8, "big"))[0]
    except ValueError:
        return x


def same(found: Any, expected: Any, ulps: float = 0.0) -> bool:
    """Whether the numbers are equal, to some units in the last place; 0 has its sign."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            same(found[key], expected[key], ulps) for key in expected
        )
    if isinstance(expected, list | tuple):
        return len(found) == len(expected) and all(
            same(x, y, ulps) for x, y in zip(found, expected, strict=True)
        )
    if expected != expected:
        return found != found  # type: ignore[no-any-return]
    if found == expected or math.isinf(expected):
        return found == expected and math.copysign(1, found) == math.copysign(1, expected)
    return bool(abs(found - expected) <= ulps * math.ulp(expected))
