"""Solutions of the exercises in 11_machine.ipynb: what takes the place of each `...`."""

# exercise 1: 2,000 · 8 ms, and 10 ms + 2,000 · 0.02 ms.
check("on Values", 2000 * 8 / 1000)
check("replayed", (10 + 2000 * 0.02) / 1000)

# exercise 2: the second derivative of x³ is 6x.
check("twice, at 2", 6 * 2)

# exercise 3: it pays 5 for certain, and a share that is dearer by 1 makes it dearer by 1; a digit
# more is an error ten times smaller, which takes a hundred times as many paths.
check("price", 110 - 105)
check("delta", 1)
check("paths", 200_000 * 100)

# exercise 4: `if` and Python's max ask for a number while there is none.
check("recordable", {1, 3, 5})
