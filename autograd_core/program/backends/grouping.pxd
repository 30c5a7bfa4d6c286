# C types for grouping.py.
cimport cython

cdef int ABOVE, DOT, RELU, STRONG_DOT, STRONG_PRODUCT
cdef int PLAIN, ABSORBED, GROUPED, GATE, NEVER, PINNED, NEAR, MOST

cdef class Grouping:
    cdef bint single
    cdef int leaves
    cdef int[::1] arity, lists, uses, outputs, output_next, last
    cdef int[:, ::1] rows
    cdef double[::1] constants
    cdef unsigned char[::1] roles, uniform
    cdef int[::1] products, cotangents, factors
    cdef int[::1] run_starts, group_next, group_runs, group_ready
    cdef int[::1] dot_places, dot_results, dot_next

    @cython.locals(arity=int)
    cdef int count(self, int place) noexcept
    cdef int operand(self, int place, int index) noexcept
    @cython.locals(place=int, index=int, operand=int, uniform=bint)
    cdef int _mark_uniform(self) except -1
    cdef bint _is_zero(self, int value) noexcept
    @cython.locals(place=int, first=int)
    cdef int _redirect(self, int[::1] relus) except -1
    @cython.locals(place=int, index=int, operand=int, output=int, value=int)
    cdef int _count_uses(self, int[::1] outputs) except -1
    @cython.locals(output=int, place=int, first=int, second=int, found=int)
    cdef int _mark_products(self, int[::1] outputs, int kept, int[::1] products) except -1
    @cython.locals(mask=int, run=int, start=int, stop=int, slot="unsigned int", index=int, leader=int, last=int)
    cdef int _link_runs(self, int[::1] table, int[::1] group_of, int[::1] tail, int[::1] size,
                        int[::1] ready) except -1
    @cython.locals(start=int, count=int, index=int)
    cdef bint _same_factors(self, int one, int other) noexcept
    @cython.locals(place=int, factor=int, uniform=int)
    cdef int _find_gates(self) except -1
    @cython.locals(index=int, kept=int)
    cdef int _keep_dots(self, int[::1] places) except -1
    @cython.locals(pairs=int, pair=int, x=int)
    cdef bint _has_weights(self, int place) noexcept
    cdef bint _given(self, int value) noexcept
    cdef int pairs(self, int place) noexcept
    @cython.locals(first=int)
    cdef int weight(self, int place, int pair) noexcept
    @cython.locals(first=int)
    cdef int x(self, int place, int pair) noexcept
    @cython.locals(index=int, place=int, value=int, dot=int)
    cdef int _absorb_relu(self, int[::1] relus) except -1
    @cython.locals(low=int, high=int, middle=int)
    cdef int dot_at(self, int place) noexcept
    cdef bint has_relu(self, int dot) noexcept
    @cython.locals(mask=int, dot=int, place=int, pairs=int, pair=int, slot="unsigned int", leader=int)
    cdef int _link_dots(self, int[::1] table, int[::1] tail, int[::1] size) except -1
    @cython.locals(first=int, second=int, pair=int)
    cdef bint _same_xs(self, int one, int other, int pairs) noexcept
    @cython.locals(first=int, start=int)
    cdef bint _may_join(self, int leader, int place) noexcept
    @cython.locals(place=int, dot=int, group=int, ready=int, run=int, index=int, output=int)
    cdef int _find_last(self, int[::1] outputs) except -1
    @cython.locals(uniform=bint, index=int, operand=int)
    cdef int _need_operands(self, int place, int when) except -1
    cdef int _need(self, int value, int when, bint uniform) except -1

@cython.locals(size=long)
cdef long _table_size(long count)
