# C memory for the blocks that memory.py makes of lists.

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.ref cimport Py_INCREF, PyObject
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM

cdef extern from "Python.h":
    void PyObject_GC_UnTrack(PyObject*)

cdef extern from *:
    """
    /* Without the flag Python refuses by itself, and says neither why nor what to do. */
    static inline int ask_before_deriving(PyObject* kind, PyObject* hook) {
        PyTypeObject* type = (PyTypeObject*)kind;
        if (PyDict_SetItemString(type->tp_dict, "__init_subclass__", hook) < 0) return -1;
        type->tp_flags |= Py_TPFLAGS_BASETYPE;
        PyType_Modified(type);
        return 0;
    }
    """
    int ask_before_deriving(object kind, object hook) except -1


cdef inline double* doubles(Py_ssize_t count) except NULL:
    cdef double* block = <double*>PyMem_Calloc(count if count > 0 else 1, sizeof(double))
    if block is NULL:
        raise MemoryError(f"no memory for {count} doubles")
    return block


cdef inline void release(double* block) noexcept:
    PyMem_Free(block)


cdef inline list listed(double* block, Py_ssize_t count):
    return [block[index] for index in range(count)]


cdef inline tuple interleaved(object start, list first, list second):
    cdef Py_ssize_t index, count = len(first)
    cdef tuple row = PyTuple_New(2 * count + 1)
    cdef object item
    Py_INCREF(start)
    PyTuple_SET_ITEM(row, 0, start)
    for index in range(count):
        item = first[index]
        Py_INCREF(item)
        PyTuple_SET_ITEM(row, 2 * index + 1, item)
        item = second[index]
        Py_INCREF(item)
        PyTuple_SET_ITEM(row, 2 * index + 2, item)
    PyObject_GC_UnTrack(<PyObject*>row)
    return row
