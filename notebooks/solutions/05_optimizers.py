"""Solutions of the exercises in 05_optimizers.ipynb: what takes the place of each `...`."""

# exercise 1: 3! orders of the units, and for each unit two signs.
check("equal minima", 6 * 2**3)

# exercise 2: 2/κ, 2 (1 + β)/κ, and ((√κ - 1)/(√κ + 1))².
check("plain", 2 / 100)
check("with momentum", 2 * 1.9 / 100)
check("best β", (9 / 11) ** 2)

# exercise 3: g/√(g²) is the sign of the gradient: every first step is as long as the rate.
check("at 1000", -0.01)
check("at -0.001", 0.01)

# exercise 4: a quarter of the way up; 70 = 40 + 30 is half way down in the second triangle.
check("step 5", 0.1 + 0.4 * 5 / 20)
check("step 70", 0.1 + 0.4 * 10 / 20)
