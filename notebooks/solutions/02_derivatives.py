"""Solutions of the exercises in 02_derivatives.ipynb: what takes the place of each `...`."""

# exercise 1: 1/(x + h) - 1/x = -h / (x (x + h)); divided by h it is -1 / (x (x + h)), and its limit
# is -1/x². With h = 0.1 it is -1/4.2.
check("slope of 1/x at 2", -1 / 4)
check("off by", -1 / 4.2 + 1 / 4)

# exercise 2: the best error is about √ε ≈ 1e-8; at h = 1e-12 rounding leaves ε/h ≈ 1e-4.
check("digits, best step", 8)
check("digits, 1e-12", 4)

# exercise 3: (r cos φ, r sin φ) by r is (cos φ, sin φ), by φ it is (-r sin φ, r cos φ).
check("J", [[1, 0], [0, 2]])

# exercise 4: Xᵀ times a 3 × 2 matrix of ones: each row repeats the sum of a column of X.
check("∂L/∂W", [[4, 4], [2, 2]])

# exercise 5: the gradient is (y, x) = (3, 2), and along itself the slope is its length.
check("direction", 4)
check("slope", (3 * 3 + 2 * 2) / 13**0.5)
