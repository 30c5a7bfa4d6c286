"""Solutions of the exercises in 07_backpropagation.ipynb: what takes the place of each `...`."""

# exercise 1: δ³₁ w³₁₂ σ'(z²₂) is δ²₂; times a¹₁ and a¹₂.
delta_2 = -0.1444 * -2 * 0.7052 * (1 - 0.7052)
check("∂C/∂w²₂₁", delta_2 * 0.1824)
check("∂C/∂w²₂₂", delta_2 * 0.8176)

# exercise 2: z = 0 and a = ½, so δ = (½ - 1) · ¼; ∂z/∂w = x = 1 and ∂z/∂b = 1.
check("δ", (0.5 - 1) * 0.5 * 0.5)
check("∂C/∂w", -0.125 * 1)
check("∂C/∂b", -0.125)

# exercise 3: the last delta, its gradients; one layer back, and that layer's gradients.
check("order", [1, 3, 4, 2, 3, 4])

# exercise 4: after the first layer one chooses among 100 neurons nine times: 100⁹ = 10¹⁸. There are
# nine gaps of 100 · 100 weights.
check("power of 10", 2 * 9)
check("weights", 9 * 100 * 100)
