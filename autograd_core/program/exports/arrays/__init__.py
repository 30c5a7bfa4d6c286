"""Exports in which equal instructions have become operations of arrays, for three libraries.

`array_library` says what differs between the libraries; `array_module` lays out a file,
`array_writer` its statements, `array_references` and `array_text` its expressions. How a primitive
is written is `array_spelling`'s, which reads from `forward` what it can (`array_rows`).
"""
