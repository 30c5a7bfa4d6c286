/* What the type of nodes answers to Python: how one is allocated and freed, and + - * /. */
#ifndef AG_NODE_TYPE_H
#define AG_NODE_TYPE_H

#include "making.h"

/* Python's + - * / of two things, of which one is a node: mostly the first, and then it is certain
   who is to be asked. */
#define AG_SLOT(place, name) \
    static PyObject *ag_slot_##name(PyObject *left, PyObject *right) { \
        return AG_LIKELY(ag_is_node(left)) ? ag->quick[place](left, right) : ag->usual[place](left, right); \
    }
AG_SLOT(0, add)
AG_SLOT(1, subtract)
AG_SLOT(2, multiply)
AG_SLOT(3, true_divide)

static int ag_adopt(PyObject *type, PyObject *foreign, PyObject *(*finished)(PyObject *), int *modes,
                    ag_operation add, ag_operation subtract, ag_operation multiply,
                    ag_operation divide) {
    PyNumberMethods *numbers;
    PyTypeObject *base;
    ag->type = (PyTypeObject *)type;
    if (ag->type->tp_basicsize != sizeof(ag_node) ||
        ag->type->tp_dictoffset != offsetof(ag_node, attributes)) {
        PyErr_SetString(PyExc_SystemError, "node_fields.h and node.pxd disagree about a node's fields");
        return -1;
    }
    /* What is inherited stands in the type itself: NumPy asks by names that no cache knows. */
    for (base = ag->type->tp_base; base != &PyBaseObject_Type; base = base->tp_base)
        if (PyDict_Merge(ag->type->tp_dict, base->tp_dict, 0) < 0) return -1;
    PyType_Modified(ag->type);
    Py_INCREF(foreign);
    ag->foreign = foreign;
    ag->finished = finished;
    ag->modes = modes;
    ag->type->tp_alloc = ag_alloc;
    ag->type->tp_free = ag_free;
    ag->type->tp_dealloc = ag_dealloc;
    numbers = ag->type->tp_as_number;
#define AG_QUICKEN(place, name, operation) \
    ag->usual[place] = numbers->nb_##name; \
    ag->quick[place] = operation; \
    numbers->nb_##name = ag_slot_##name
    AG_QUICKEN(0, add, add);
    AG_QUICKEN(1, subtract, subtract);
    AG_QUICKEN(2, multiply, multiply);
    AG_QUICKEN(3, true_divide, divide);
#undef AG_QUICKEN
    return 0;
}

#endif
