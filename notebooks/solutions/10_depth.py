"""Solutions of the exercises in 10_depth.ipynb: what takes the place of each `...`."""

# exercise 1: nine times w σ' = ¼ lie between b₁ and b₁₀; w · ¼ = 1 keeps it level.
check("share", 0.25**9)
check("weight", 4)

# exercise 2: the norm of a product is at most the product of the norms.
check("factor", 0.5**20)

# exercise 3: √(2/200).
check("deviation", (2 / 200) ** 0.5)

# exercise 4: the norm is 5, so everything is divided by 5.
check("clipped", [3 / 5, -4 / 5])

# exercise 5: I + V shortens a vector to no less than 1 - 0.1 and lengthens it to at most 1 + 0.1.
check("bounds", [0.9**20, 1.1**20])
