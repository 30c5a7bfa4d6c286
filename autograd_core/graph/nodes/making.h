/* How a node is made, of nodes and of numbers. */
#ifndef AG_MAKING_H
#define AG_MAKING_H

#include "slabs.h"

/* All but the parents and the local gradients. */
AG_INLINE ag_node *ag_begun(ag_node *node, int kind, int flags, double data) {
    AG_BEGIN(node, ag->type);
    node->mark = 0;
    node->kind = kind;
    node->flags = flags;
    node->grad = 0.0;
    node->data = data;
    node->attributes = NULL;
    return node;
}

AG_INLINE PyObject *ag_done(ag_node *node) {
    if (AG_LIKELY(!*ag->modes)) return (PyObject *)node;
    {
        PyObject *given = ag->finished((PyObject *)node);
        Py_DECREF((PyObject *)node);
        return given;
    }
}

/* A node without parents. */
static PyObject *ag_made(int kind, int flags, double data) {
    ag_node *node = ag_take();
    if (!node) return NULL;
    ag_begun(node, kind, flags, data);
    AG_NONES(2);
    node->parent0 = node->parent1 = (ag_node *)Py_None;
    node->local0 = node->local1 = 0.0;
    return (PyObject *)node;
}

AG_INLINE PyObject *ag_of_one(int kind, int flags, PyObject *given, double number, double out, double partial) {
    ag_node *x = (ag_node *)given, *node = ag_take();
    if (!AG_LIKELY(node)) return NULL;
    ag_begun(node, kind, (x->flags & AG_INHERITED) | flags, out);
    AG_NONES(1);
    Py_INCREF(given);
    node->parent0 = x;
    node->parent1 = (ag_node *)Py_None;
    node->local0 = x->flags & AG_CONSTANT ? 0.0 : partial;
    node->local1 = number;
    return ag_done(node);
}

AG_INLINE PyObject *ag_of_two(int kind, PyObject *first, PyObject *second, double out, double px, double py) {
    ag_node *x = (ag_node *)first, *y = (ag_node *)second, *node = ag_take();
    if (!AG_LIKELY(node)) return NULL;
    ag_begun(node, kind, x->flags & y->flags & AG_INHERITED, out);
    Py_INCREF(first);
    Py_INCREF(second);
    node->parent0 = x;
    node->parent1 = y;
    node->local0 = x->flags & AG_CONSTANT ? 0.0 : px;
    node->local1 = y->flags & AG_CONSTANT ? 0.0 : py;
    return ag_done(node);
}

#define ag_is_node(other) Py_IS_TYPE(other, ag->type)

/* NumPy's scalars but float64, whole numbers beyond the doubles: rare. None if it is no number. */
static AG_RARELY PyObject *ag_asked(PyObject *other) { return PyObject_CallOneArg(ag->foreign, other); }

static AG_RARELY int ag_takes_foreign(PyObject *other) {
    PyObject *answer = ag_asked(other);
    int taken = answer ? answer != Py_None : -1;
    Py_XDECREF(answer);
    return taken;
}

static AG_RARELY double ag_foreign_number(PyObject *other) {
    PyObject *answer = ag_asked(other);
    double number = answer ? PyFloat_AsDouble(answer) : -1.0;
    Py_XDECREF(answer);
    return number;
}

static AG_RARELY double ag_whole_number(PyObject *other) {
    double number = PyLong_AsDouble(other);
    if (number != -1.0 || !PyErr_Occurred()) return number;
    PyErr_Clear(); /* beyond the doubles */
    return ag_foreign_number(other);
}

AG_INLINE int ag_takes(PyObject *other) {
    if (AG_LIKELY(ag_is_node(other) || PyFloat_Check(other) || PyLong_Check(other))) return 1;
    return ag_takes_foreign(other);
}

AG_INLINE double ag_number(PyObject *other) {
    if (AG_LIKELY(ag_is_node(other))) return ((ag_node *)other)->data;
    if (PyFloat_Check(other)) return PyFloat_AS_DOUBLE(other);
    if (PyLong_Check(other)) return ag_whole_number(other);
    return ag_foreign_number(other);
}

#define ag_data(node) (((ag_node *)(node))->data)

AG_INLINE int ag_flags(PyObject *other) {
    return ag_is_node(other) ? ((ag_node *)other)->flags : AG_INHERITED;
}

/* A node and an operand. A number gets no node until somebody asks for the parents: it waits in the
   second local gradient. */
AG_INLINE PyObject *ag_binary(int kind, PyObject *x, PyObject *other, double out, double px, double py) {
    if (AG_LIKELY(ag_is_node(other))) return ag_of_two(kind, x, other, out, px, py);
    {
        double number = ag_number(other);
        if (number == -1.0 && PyErr_Occurred()) return NULL;
        return ag_of_one(kind, AG_NUMBER, x, number, out, px);
    }
}

/* A number and a node. */
AG_INLINE PyObject *ag_reflected(int kind, double number, PyObject *y, double out, double py) {
    return ag_of_one(kind, AG_NUMBER | AG_FIRST, y, number, out, py);
}

AG_INLINE PyObject *ag_unary(int kind, PyObject *x, double out, double partial) {
    return ag_of_one(kind, 0, x, 0.0, out, partial);
}

#endif
