# What the headers beside this file have of slabs.py.
from cpython.object cimport PyObject

cdef extern from "nodes.h":
    ctypedef struct Borrowed "ag_node":
        Borrowed* _parent0 "parent0"
        Borrowed* _parent1 "parent1"
        long long _mark "mark"
        int _kind "kind", _flags "flags"
        double _local0 "local0", _local1 "local1", _grad "grad", _data "data"
    ctypedef struct Row "ag_row":
        pass
    ctypedef struct State "ag_state":
        pass
    State* begin "ag_begin"() except NULL
    void join "ag_join"(State* state) noexcept
    int adopt "ag_adopt"(
        object kind, object foreign, object (*finished)(object), int* modes,
        object (*add)(object, object), object (*subtract)(object, object),
        object (*multiply)(object, object), object (*divide)(object, object)
    ) except -1

    int* address_of "&"(int number) noexcept

    object made "ag_made"(int kind, int flags, double data)
    int become "ag_become"(object node, int flags, double data) except -1
    object made_of_many "ag_made_of_many"(int kind, int flags, double data, tuple operands)
    object unary "ag_unary"(int kind, object x, double out, double partial)
    object binary "ag_binary"(
        int kind, object x, object other, double out, double partial_x, double partial_y
    )
    object reflected "ag_reflected"(int kind, double number, object y, double out, double partial)

    bint is_node "ag_is_node"(object other) noexcept
    bint takes "ag_takes"(object other) except -1
    double number "ag_number"(object other) except? -1.0
    double data_of "ag_data"(object node) noexcept
    int flags_of "ag_flags"(object other) noexcept

    bint has_many "ag_has_many"(object node) noexcept
    tuple operands "ag_operands"(object node)
    double* locals_of "ag_locals"(object node) noexcept
    object name_of "ag_name_of"(object node, object key)
    int set_name "ag_set_name"(object node, object key, object name) except -1
    object attributes_of "ag_attributes"(object node)
    object remembered "ag_remembered"(object node, object key)
    int remember "ag_remember"(object node, object key, object thing) except -1

    Row* new_row "ag_new_row"() except NULL
    void drop "ag_drop"(Row* row) noexcept
    int put "ag_put"(Row* row, Borrowed* node) except -1
    int put_place "ag_put_place"(Row* row, Py_ssize_t place) except -1
    Borrowed* pop "ag_pop"(Row* row) noexcept
    Py_ssize_t pop_place "ag_pop_place"(Row* row) noexcept
    Borrowed* at "ag_at"(Row* row, Py_ssize_t index) noexcept
    Borrowed* visit "ag_visit"(Row* row, Py_ssize_t index) noexcept
    Py_ssize_t size "ag_size"(Row* row) noexcept
    bint present "ag_present"(Borrowed* node) noexcept
    bint many "ag_has_many"(Borrowed* node) noexcept
    Py_ssize_t count "ag_count"(Borrowed* node) noexcept
    Borrowed* operand "ag_operand"(Borrowed* node, Py_ssize_t index) noexcept
    double local "ag_local"(Borrowed* node, Py_ssize_t index) noexcept
    Borrowed* borrowed "ag_borrowed"(object node) noexcept
    object shown "ag_shown"(Borrowed* node)


cdef inline list listed(Row* row):
    return [shown(at(row, index)) for index in range(size(row))]
