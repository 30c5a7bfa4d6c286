"""The native interpreter: `native_kernel` is its door, `translator` writes what it runs.

`reading` holds what is known of a code; `roles`, `rolling` and `keeping` decide what runs
together, `summed_products` what is only added up; `tapes`, `loops` and `executable` are what is
written. The interpreter itself is C, in `interpreter`.
"""
