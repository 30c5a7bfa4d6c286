"""Pages that compute by themselves: a neuron to turn the knobs of, a network to train, a race.

They are the engine's live pages (`autograd_core.explore`), written for what `nn` has: `neuron_page`
has the sliders of one neuron, `playground_page` trains networks, `race_page` shows the ways of
optimizers. Nothing computes here but programs that were exported.
"""
