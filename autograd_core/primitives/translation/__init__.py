"""Forward functions in other languages, translated from the very Python that computes them eagerly.

What a primitive computes is written once, as plain Python on floats. `written_functions` finds out
what a function needs and in which order; `bodies` translates its statements and `terms` its
expressions, in the words of a `language`; `c_source` is C99, `javascript_source` JavaScript.
`straight` reads the functions that lanes compute by the same steps. Nothing here knows a primitive
or a program, and everything outside it that it reads is source text: a build runs it without the
rest.
"""
