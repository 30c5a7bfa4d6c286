"""Solutions of the exercises in 06_neurons.ipynb: what takes the place of each `...`."""

# exercise 1: (4 + 1) · 5 in the first layer and (5 + 1) · 2 in the second. The weight is w²₁₃.
check("parameters", 5 * 5 + 6 * 2)
check("symbol", 213)

# exercise 2: a (1 - a), a parabola with its top at ½.
check("slope at 0.9", 0.9 * (1 - 0.9))
check("largest at", 0.5)

# exercise 3: 4 · (-(2x + 1) + 3) = -8x + 8.
check("weight", 4 * -1 * 2)
check("bias", 4 * (-1 * 1 + 3))

# exercise 4: 2 · 1 - 1 · 4 + 0.5 is below 0, so the sigmoid is below ½.
check("z", 2 * 1 - 1 * 4 + 0.5)
check("class", 0)
