"""Solutions of the exercises in 03_descent.ipynb: what takes the place of each `...`."""

# exercise 1: 2x + y - 3 = 0 and x + 2y = 0 give x = 2, y = -1; the Hessian ((2, 1), (1, 2)) has the
# eigenvalues 1 and 3, both above 0.
check("point", [2, -1])
check("minimum", True)

# exercise 2: 0.75 · (-4) + 2 · 1 = -1, which is below 0.
check("descends", True)
check("slope", 0.75 * -4 + 2 * 1)

# exercise 3: the Hessian is diag(2, 50); the bound is 2/50, and x is multiplied by 1 - 2/50.
check("L", 50)
check("bound", 2 / 50)
check("factor", 1 - 2 / 50)

# exercise 4: |x|, eˣ and max(0, x); sin x and log(1 + x²) bend down somewhere, x³ does below 0.
check("convex", {1, 3, 5})

# exercise 5: 0.9 · 0.64ᵏ < 1e-15 from k = log(1e-15 / 0.9) / log 0.64 on; 1/√k < 1e-3 at k = 10⁶.
check("linear", math.ceil(math.log(1e-15 / 0.9) / math.log(0.64)))
check("1/√k", 10**6)
