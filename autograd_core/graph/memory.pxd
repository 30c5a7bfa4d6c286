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

    static PyObject* (*leaf_of_both)(double, PyObject*);

    /* The usual calls, of a number and at most a name, without a tuple and a dictionary for them. */
    static PyObject* leaf_or_called(
        PyObject* kind, PyObject* const* given, size_t flagged, PyObject* names
    ) {
        Py_ssize_t index, count = PyVectorcall_NARGS(flagged);
        Py_ssize_t named = names == NULL ? 0 : PyTuple_GET_SIZE(names);
        if ((count == 1 && (named == 0 || (named == 1 && PyUnicode_CheckExact(given[1]) &&
                PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "name") == 0))) ||
            (count == 2 && named == 0 && PyUnicode_CheckExact(given[1]))) {
            PyObject* name = count + named == 2 ? given[1] : Py_None;
            if (PyFloat_CheckExact(given[0]))
                return leaf_of_both(PyFloat_AS_DOUBLE(given[0]), name);
            if (PyLong_CheckExact(given[0])) {
                double data = PyLong_AsDouble(given[0]);
                if (data != -1.0 || !PyErr_Occurred()) return leaf_of_both(data, name);
                PyErr_Clear();
            }
        }
        PyObject *made = NULL, *keywords = NULL, *arguments = PyTuple_New(count);
        if (arguments == NULL) return NULL;
        for (index = 0; index < count; index++) {
            Py_INCREF(given[index]);
            PyTuple_SET_ITEM(arguments, index, given[index]);
        }
        if (named == 0 || (keywords = PyDict_New()) != NULL) {
            for (index = 0; index < named; index++)
                if (PyDict_SetItem(keywords, PyTuple_GET_ITEM(names, index), given[count + index]) < 0)
                    goto done;
            made = PyType_Type.tp_call(kind, arguments, keywords);
        }
    done:
        Py_XDECREF(keywords);
        Py_DECREF(arguments);
        return made;
    }

    /* Whether no two things of a list are one: 1 or 0, or -1 where there is no memory. */
    static int all_differ(PyObject* things) {
        Py_ssize_t index, count = PyList_GET_SIZE(things), size = 16;
        while (size < 2 * count) size *= 2;
        PyObject** seen = PyMem_Calloc(size, sizeof(PyObject*));
        if (seen == NULL) return PyErr_NoMemory(), -1;
        for (index = 0; index < count; index++) {
            PyObject* thing = PyList_GET_ITEM(things, index);
            size_t place = (size_t)thing / 16 * 0x9E3779B1u & (size - 1);
            while (seen[place] != NULL && seen[place] != thing) place = (place + 1) & (size - 1);
            if (seen[place] == thing) break;
            seen[place] = thing;
        }
        PyMem_Free(seen);
        return index == count;
    }

    static inline void make_at_once(PyObject* kind, PyObject* (*leaf_of)(double, PyObject*)) {
        leaf_of_both = leaf_of;
        ((PyTypeObject*)kind)->tp_vectorcall = leaf_or_called;
    }
    """
    int ask_before_deriving(object kind, object hook) except -1
    bint all_differ(list things) except -1
    void make_at_once(object kind, object (*leaf_of)(double, object))


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
