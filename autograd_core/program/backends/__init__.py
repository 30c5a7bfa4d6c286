"""Back ends: what runs a flat program over many samples.

`choice` says which one runs, `native`, `llvm` and `numpy` are they; `machine` drives the first two,
sample by sample in lanes. `samples` says in which order and by which threads samples are gone
through, `sharing` how threads share; `direct_call` goes from a call's arguments to machine code
where nothing has to be looked up, and `step_runs` from batch to batch of a descent.
"""
