"""Solutions of the exercises in 08_losses.ipynb: what takes the place of each `...`."""

# exercise 1: the mean's gradient is 50 times smaller, the half's 2 times.
check("with the mean", 0.02 * 50)
check("with the half", 0.02 * 2)

# exercise 2: (1 - 0)/(1 - 0.8); y - t; and (y - t) y (1 - y).
check("dE/dy", 1 / (1 - 0.8))
check("δ", 0.8 - 0)
check("δ of the squares", (0.8 - 0) * 0.8 * (1 - 0.8))

# exercise 3: every probability is ¼; p - e₂.
check("loss", math.log(4))
check("gradient", [0.25, 0.25 - 1, 0.25, 0.25])

# exercise 4: eᶻ/(eᶻ + 1) = 1/(1 + e⁻ᶻ).
check("sigmoid of", 1)
