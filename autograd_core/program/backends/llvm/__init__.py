"""Programs through LLVM: `llvm_kernel` is the door, `llvm_program` is compiled.

`plan` decides what is computed where, `text` writes it in LLVM's language; `llvm_machine` makes of
the machine code what `backends.machine` drives, with passes as `lane_blocks.h` says, and
`plain_machine` runs it where nothing is compiled.
"""
