"""The formulas of optimizers' steps as loops in C, which a build writes from `update_formulas`."""

from libc.stdint cimport int64_t


cdef class Prepared:
    """A formula by its name, with contiguous arrays to remember by, all of one size."""

    def __cinit__(self, name, memory, int64_t size):
        cdef int k = 0
        cdef double[::1] array
        while update_formulas[k].name != NULL and update_formulas[k].name.decode() != name:
            k += 1
        if update_formulas[k].name == NULL or update_formulas[k].memory != len(memory):
            raise ValueError(f"there is no formula {name!r} that remembers {len(memory)} arrays")
        self.formula, self.numbers = update_formulas[k].formula, update_formulas[k].numbers
        self.size, self._alive = size, []
        for k, found in enumerate(memory):
            array = found
            if len(array) != size:
                raise ValueError(f"{len(array)} numbers are remembered of {size} parameters")
            self.memory[k] = &array[0] if size else NULL
            self._alive.append(array)


def apply(name, double[::1] values, const double[::1] gradient, memory, numbers):
    """One step of all parameters, in place."""
    cdef double[16] given
    cdef Prepared of = Prepared(name, memory, len(values))
    cdef int64_t k
    if len(gradient) != of.size or len(numbers) != of.numbers:
        raise ValueError(
            f"{name} takes a gradient for each of {of.size} parameters and {of.numbers} numbers, "
            f"got {len(gradient)} and {len(numbers)}"
        )
    for k in range(of.numbers):
        given[k] = numbers[k]
    if of.size:
        of.formula(of.size, &values[0], &gradient[0], of.memory, given)
