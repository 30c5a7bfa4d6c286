"""Solutions of the exercises in 04_stochastic_descent.ipynb: what takes the place of each `...`."""

# exercise 1: -2 (1 - ½) · ½ (1 - ½) · (-3) = 0.75, for both weights.
check("∇e¹", [-2 * (1 - 0.5) * 0.25 * -3, -2 * (1 - 0.5) * 0.25 * -3])

# exercise 2: the standard deviation falls with the root of the size:
# 0.3 / √4; a third of it needs 3² times as many.
check("σ of 64", 0.3 / 2)
check("size for 0.1", 16 * 9)

# exercise 3: powers of 1/(k + 1) above ½ and up to 1; 0.99ᵏ has a finite sum, a constant's squares
# have none.
check("both", {2, 3})

# exercise 4: ⟨w, x⟩ = 8 is on the wrong side, so w - x = (-3, -3). Then ⟨w, x⟩ = -6 + 15 = 9 is
# again, so w - (2, -5) = (-5, 2).
check("after one", [1 - 4, 1 - 4])
check("after two", [-3 - 2, -3 + 5])
