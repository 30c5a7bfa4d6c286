"""Objects loaded without LLVM: they compute what LLVM's own loader has them compute."""

from __future__ import annotations

import ctypes

import numpy
import pytest

from autograd_core.program.backends.llvm import llvm_compiler, object_loader

ON_DOUBLES = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
TEXT = """
declare double @tripled(double)
define double @more(double %x) {
  %sum = fadd double %x, 0x3FB999999999999A
  %found = call double @tripled(double %sum)
  ret double %found
}
define double @product(double %x) {
  %found = call double @more(double %x)
  %other = fmul double %found, 0x3FD3333333333333
  ret double %other
}
"""

pytest.importorskip("llvmlite")
here = pytest.mark.skipif(not object_loader.processor(), reason="LLVM loads its objects here")


@pytest.fixture
def tripled():
    function = ON_DOUBLES(lambda x: 3.0 * x)
    return function, ctypes.cast(function, ctypes.c_void_p).value


def compiled(text, **of_target):
    machine = llvm_compiler._target_machine()
    if of_target:
        found = llvm_compiler.machine()
        target = llvm_compiler._llvm().Target.from_triple(found.triple)
        machine = target.create_target_machine(**of_target)
    return machine.emit_object(llvm_compiler._parsed(text))


@here
def test_functions_call_one_another_and_what_has_an_address_and_read_their_constants(tripled):
    loaded = object_loader.load(compiled(TEXT), {"tripled": tripled[1]})
    assert set(loaded.functions) == {"more", "product"}
    assert ON_DOUBLES(loaded.functions["more"])(1.0) == 3.0 * 1.1
    assert ON_DOUBLES(loaded.functions["product"])(1.0) == 3.0 * 1.1 * 0.3


@here
@pytest.mark.parametrize(
    ("text", "of_target"),
    [
        (TEXT, {}),  # whose function nobody gives
        (TEXT.replace("declare", ";"), {"codemodel": "small", "reloc": "pic"}),
        ("@kept = global double 1.0\ndefine double* @of() {\nret double* @kept\n}", {}),
        ("@kept = global double 0.0", {}),
    ],
    ids=["a name unknown", "addresses of 32 bits", "variables", "zeros"],
)
def test_what_it_does_not_know_is_left_to_llvm(text, of_target):
    text = (
        text.replace("call double @tripled(double %sum)", "fadd double %sum, 0.1")
        if of_target
        else text
    )
    assert object_loader.load(compiled(text, **of_target), {}) is None


@here
def test_another_format_is_left_to_llvm():
    content = compiled(TEXT)
    for other in (b"\xcf\xfa\xed\xfe", content[:4] + b"\x01", content[:18] + b"\xb7"):
        assert object_loader.load(other + content[len(other) :], {}) is None


@here
def test_what_has_no_address_is_left_to_llvm():
    content = bytearray(compiled(TEXT))
    header = numpy.frombuffer(content, object_loader.HEADER, 1)[0]
    sections = numpy.frombuffer(content, object_loader.SECTION, header["count"], header["sections"])
    table = sections[sections["sort"] == object_loader.SYMTAB][0]
    symbols = numpy.frombuffer(content, object_loader.SYMBOL, table["size"] // 24, table["offset"])
    symbols["section"][(symbols["section"] == 0) & (symbols["name"] > 0)] = object_loader.RESERVED
    assert object_loader.load(bytes(content), {}) is None


def test_sections_stand_apart_each_where_it_is_aligned():
    sections = numpy.zeros(5, object_loader.SECTION)
    sections["size"] = sizes = [3, 100, 5, 8, 1]
    sections["alignment"] = alignments = [4, 32, 16, 0, 64]
    laid_out = numpy.array([True, False, True, True, True])
    places, size = object_loader._places(sections, laid_out)
    assert places[1] == -1
    needed = [0, 2, 3, 4]
    assert all(places[at] % max(alignments[at], 1) == 0 for at in needed)
    ends = [places[at] + sizes[at] for at in needed]
    assert all(end <= places[at] for end, at in zip(ends, needed[1:], strict=False))
    assert ends[-1] <= size


def test_where_nothing_is_compiled_all_is_left_to_llvm(monkeypatch):
    monkeypatch.setattr(object_loader.native_kernel, "native_interpreter", None)
    assert object_loader.processor() == b""
    assert object_loader.load(compiled(TEXT), {}) is None


@pytest.mark.parametrize("own", [True, False])
def test_with_llvm_s_loader_and_without_it_the_same_is_computed(own, monkeypatch, tripled):
    if not own:
        monkeypatch.setattr(object_loader, "processor", lambda: b"")
    monkeypatch.setattr(llvm_compiler, "_symbols", {})
    llvm_compiler.define("tripled", tripled[1])
    other = TEXT.replace("@product", "@other").replace("@more", "@also")
    code = llvm_compiler.compile_text([TEXT, other], ["product", "other"])
    assert [ON_DOUBLES(address)(1.0) for address in code.addresses] == [3.0 * 1.1 * 0.3] * 2


@here
def test_memory_is_given_back_and_never_both_written_to_and_run():
    from autograd_core.program.backends.llvm.executable_memory import ExecutableMemory

    memory = ExecutableMemory(10_000)
    address = memory.address
    with pytest.raises(ValueError, match="do not fit"):
        memory.settle(bytes(10_001))
    memory.settle(bytes(10_000))

    def rights():
        found = []
        with open("/proc/self/maps") as maps:
            for line in maps:
                ends, mode = line.split()[:2]
                start, stop = (int(end, 16) for end in ends.split("-"))
                found += [mode] if start <= address < stop else []
        return found

    assert rights() == ["r-xp"]
    del memory
    assert rights() == []
    with pytest.raises(MemoryError, match="machine code"):
        ExecutableMemory(2**60)


def test_a_processor_says_the_same_in_every_process_of_it():
    assert object_loader.processor() == object_loader.processor()
    assert len(object_loader.processor()) in (0, 80)
