"""Solutions of the exercises in 01_graphs.ipynb: what takes the place of each `...`."""

# exercise 1: u = -1 and v = 2. A factor's local gradient is the other factor, a term's is 1.
check("g", -1 * 2)
check("∂g/∂u", 2)
check("∂g/∂a", 2 * 1)
check("∂g/∂c", -1 * 1)

# exercise 2: b goes into u and into v. By u comes v · 1 = 2, by v comes u · 1 = -1; they add up.
check("∂g/∂b", 2 * 1 + -1 * 1)

# exercise 3: each sweep adds ∂p/∂y = x = -2; one that starts from 2 adds twice as much.
check("after three", 3 * -2)
check("after the fourth", 3 * -2 + 2 * -2)

# exercise 4: one evaluation at the point and one for each input; one pass and a sweep of three.
check("by differences", 1 + 1000)
check("by a sweep", 1 + 3)

# exercise 5: z = 1 and C = z²/2, so ∂C/∂z = z = 1 and ∂z/∂w = x = -1. A step of 0.01 in w
# changes C by about ∂C/∂w · 0.01.
check("∂C/∂w", 1 * -1)
check("change of C", -1 * 0.01)
