"""Solutions of the exercises in 09_training.ipynb: what takes the place of each `...`."""

# exercise 1: 2 x₁ - 4 x₂ + 1 = 0 is x₂ = (2 x₁ + 1)/4.
check("crosses at", 1 / 4)
check("slope", 2 / 4)

# exercise 2: over-fitting is the gap that opens; losses that stay high have not been fitted at all.
check("over-fitting", 2)
check("too small", 3)

# exercise 3: the diagonal over everything; in the second column 45 of 10 + 45.
check("accuracy", (40 + 45) / 100)
check("precision", 45 / (10 + 45))

# exercise 4: A's units hardly leave 0, B's are flat, C's are lively and yet nothing was learned.
check("faults", [2, 1, 3])
