"""Programs through LLVM: `llvm_kernel` is the door, `llvm_program` is compiled, `llvm_runner` runs.

`plan` decides what is computed where, `text` writes it in LLVM's language; `llvm_record` and
`machine_call` are how a call reaches the machine code, `llvm_machine` how a direct one does.
"""
