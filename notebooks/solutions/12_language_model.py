"""Solutions of the exercises in 12_language_model.ipynb: what takes the place of each `...`."""

# exercise 1: -log(1/27); five letters and the end.
check("surprise", math.log(27))
check("samples", 5 + 1)

# exercise 2: 432 + 96 + 1,024 + 2 · 512 + 432.
check("square", 4 * 16 * 16)
check("in all", 16 * 27 + 6 * 16 + 4 * 16 * 16 + 2 * 32 * 16 + 27 * 16)

# exercise 3: 3 to 1, and 0.75 · 8 + 0.25 · 4.
check("shares", [3 / 4, 1 / 4])
check("mean", 0.75 * 8 + 0.25 * 4)

# exercise 4: 2/T = 1; a sigmoid of the difference of the scores.
check("T", 2)
check("probability", 1 / (1 + math.exp(-1)))
