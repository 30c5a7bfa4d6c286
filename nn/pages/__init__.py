"""Pages that compute by themselves: a neuron to turn the knobs of, a network to train.

They are the engine's live pages (`autograd_core.explore`), written for what `nn` has: `neuron_page`
has the sliders of one neuron. Nothing computes here but programs that were exported.
"""
