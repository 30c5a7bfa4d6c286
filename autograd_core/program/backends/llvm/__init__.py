"""Programs through LLVM: `llvm_kernel` is the door, `llvm_program` is compiled, `llvm_runner` runs.

`plan` decides what is computed where, `text` writes it in LLVM's language; `llvm_record`,
`machine_call` and `array_heads` are how a call reaches the machine code.
"""
