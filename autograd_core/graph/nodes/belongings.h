/* What a node may have besides its fields: many operands, a name, attributes. */
#ifndef AG_BELONGINGS_H
#define AG_BELONGINGS_H

#include "making.h"

#define ag_has_many(node) (((ag_node *)(node))->flags & AG_MANY)
#define AG_OPERANDS(node) (((ag_many *)(node))->operands)
#define ag_locals(node) (((ag_many *)(node))->locals)

AG_INLINE PyObject *ag_operands(PyObject *node) {
    Py_INCREF(AG_OPERANDS(node));
    return AG_OPERANDS(node);
}

/* A node of as many operands as a tuple holds, all nodes; its local gradients are 0. */
static PyObject *ag_made_of_many(int kind, int flags, double data, PyObject *operands) {
    Py_ssize_t count = PyTuple_GET_SIZE(operands);
    ag_many *made = (ag_many *)PyMem_Malloc(sizeof(ag_many) + count * sizeof(double));
    if (!made) return PyErr_NoMemory();
    ag_begun(&made->node, kind, flags | AG_MANY, data);
    AG_NONES(2);
    made->node.parent0 = made->node.parent1 = (ag_node *)Py_None;
    made->node.local0 = made->node.local1 = 0.0;
    Py_INCREF(operands);
    made->operands = operands;
    memset(made->locals, 0, count * sizeof(double));
    return (PyObject *)made;
}

static PyObject *ag_attributes(PyObject *object) {
    PyObject *attributes = ((ag_node *)object)->attributes;
    if (!attributes) attributes = Py_None;
    Py_INCREF(attributes);
    return attributes;
}

static PyObject *ag_remembered(PyObject *object, PyObject *key) {
    PyObject *attributes = ((ag_node *)object)->attributes, *found = NULL;
    if (attributes) found = PyDict_GetItemWithError(attributes, key);
    if (!found && PyErr_Occurred()) return NULL;
    if (!found) found = Py_None;
    Py_INCREF(found);
    return found;
}

static int ag_remember(PyObject *object, PyObject *key, PyObject *value) {
    ag_node *node = (ag_node *)object;
    if (value == Py_None) {
        if (!node->attributes || !PyDict_Contains(node->attributes, key)) return 0;
        return PyDict_DelItem(node->attributes, key);
    }
    if (!node->attributes && !(node->attributes = PyDict_New())) return -1;
    return PyDict_SetItem(node->attributes, key, value);
}

/* A leaf's name stands where other nodes have a local gradient. */
static PyObject *ag_name_of(PyObject *object, PyObject *key) {
    ag_node *node = (ag_node *)object;
    if (node->kind != 0) return ag_remembered(object, key);
    {
        PyObject *name = node->flags & AG_NAMED ? node->name : Py_None;
        Py_INCREF(name);
        return name;
    }
}

static int ag_set_name(PyObject *object, PyObject *key, PyObject *name) {
    ag_node *node = (ag_node *)object;
    if (node->kind != 0) return ag_remember(object, key, name);
    {
        PyObject *before = node->flags & AG_NAMED ? node->name : NULL;
        if (name == Py_None) {
            node->flags &= ~AG_NAMED;
            node->local0 = 0.0;
        } else {
            Py_INCREF(name);
            node->flags |= AG_NAMED;
            node->name = name;
        }
        Py_XDECREF(before);
    }
    return 0;
}

/* A leaf, of an object that is one already: Python calls `__init__` on what it has just made. */
static int ag_become(PyObject *object, int flags, double data) {
    ag_node *node = (ag_node *)object;
    if (node->kind != 0) {
        PyErr_Format(PyExc_TypeError, "%R was made by an operation, and stays so: make another Value",
                     object);
        return -1;
    }
    if (ag_set_name(object, NULL, Py_None) < 0) return -1;
    node->flags = flags;
    node->data = data;
    node->grad = 0.0;
    return 0;
}

#endif
