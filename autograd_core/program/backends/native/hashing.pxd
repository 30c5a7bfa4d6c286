# C types for hashing.py.
cimport cython

cpdef unsigned long long mixed(unsigned long long key, long long number) noexcept

@cython.locals(size=long)
cpdef long table_size(long count)
