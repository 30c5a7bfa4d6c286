/* The limit: what a type written by hand in C for the demo step alone reaches.

   It has the engine's fields and semantics for + - * and relu (numbers without nodes, constants,
   leaves that accumulate, the engine's order, freeing in a loop) in the engine's slabs, and nothing
   else: no modes, no names, no other operation. `limit` compiles it. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>
#include "nodes.h"

enum { LEAF, ADD, SUB, MUL, NEG, RELU };

static PyTypeObject type;
static int modes_on;
static long long next_mark = 1;

static ag_node *fresh(int kind, int flags, double data) {
    ag_node *node = ag_take();
    return node ? ag_begun(node, kind, flags, data) : NULL;
}

static void dealloc(PyObject *object) {
    ag_node *node = (ag_node *)object, *waiting = NULL;
    for (;;) {
        ag_node *first = node->parent0, *second = node->parent1;
        ag_give(node);
        if (second) AG_LET_GO(second);
        if (first) AG_LET_GO(first);
        if (!waiting) return;
        node = waiting;
        waiting = node->next;
    }
}

static inline int number(PyObject *object, double *data) {
    if (PyFloat_CheckExact(object)) *data = PyFloat_AS_DOUBLE(object);
    else if (PyLong_CheckExact(object)) *data = PyLong_AsDouble(object);
    else return 0;
    return 1;
}

static inline PyObject *of_one(int kind, ag_node *x, int flags, double data, double local, double number) {
    ag_node *node = fresh(kind, (x->flags & AG_INHERITED) | flags, data);
    if (!node) return NULL;
    Py_INCREF((PyObject *)x);
    node->parent0 = x;
    node->parent1 = NULL;
    node->local0 = local;
    node->local1 = number;
    return ag_done(node);
}

AG_INLINE PyObject *binary(PyObject *left, PyObject *right, const int kind) {
    ag_node *x = Py_IS_TYPE(left, &type) ? (ag_node *)left : NULL;
    ag_node *y = Py_IS_TYPE(right, &type) ? (ag_node *)right : NULL, *node;
    double a, b, out, by_x, by_y;
    if (x) a = x->data;
    else if (!number(left, &a)) Py_RETURN_NOTIMPLEMENTED;
    if (y) b = y->data;
    else if (!number(right, &b)) Py_RETURN_NOTIMPLEMENTED;
    out = kind == ADD ? a + b : kind == SUB ? a - b : a * b;
    by_x = kind == MUL ? b : 1.0;
    by_y = kind == MUL ? a : kind == SUB ? -1.0 : 1.0;
    if (!y) return of_one(kind, x, AG_NUMBER, out, by_x, b);
    if (!x) return of_one(kind, y, AG_NUMBER | AG_FIRST, out, by_y, a);
    node = fresh(kind, x->flags & y->flags & AG_INHERITED, out);
    if (!node) return NULL;
    Py_INCREF(left);
    Py_INCREF(right);
    node->parent0 = x;
    node->parent1 = y;
    node->local0 = x->flags & AG_CONSTANT ? 0.0 : by_x;
    node->local1 = y->flags & AG_CONSTANT ? 0.0 : by_y;
    return ag_done(node);
}

static PyObject *add(PyObject *left, PyObject *right) { return binary(left, right, ADD); }
static PyObject *subtract(PyObject *left, PyObject *right) { return binary(left, right, SUB); }
static PyObject *multiply(PyObject *left, PyObject *right) { return binary(left, right, MUL); }

static PyObject *negative(PyObject *object) {
    ag_node *x = (ag_node *)object;
    return of_one(NEG, x, 0, -x->data, -1.0, 0.0);
}

static PyObject *relu(PyObject *object, PyObject *Py_UNUSED(nothing)) {
    ag_node *x = (ag_node *)object;
    double data = x->data;
    return of_one(RELU, x, 0, data <= 0 ? 0.0 : data, data > 0 ? 1.0 : data <= 0 ? 0.0 : data, 0.0);
}

/* Whether the way leads on to a parent; one that is a leaf is met at once. */
AG_INLINE int leads_on(ag_node *parent, long long base, long long *mark, ag_row *order) {
    if (!parent || parent->mark >= base || parent->flags & AG_CONSTANT) return 0;
    if (parent->kind != LEAF) return 1;
    parent->mark = (*mark)++;
    ag_put(order, parent);
    return 0;
}

static long long put_in_order(ag_node *root, ag_row *order, ag_row *stack) {
    long long base = next_mark, mark = base;
    ag_node *node = root;
    for (;;) {
        ag_node *parent = node->parent0;
        if (!leads_on(parent, base, &mark, order)) {
            parent = parent ? node->parent1 : NULL;
            if (!leads_on(parent, base, &mark, order)) {
                node->mark = mark++;
                ag_put(order, node);
                if (!stack->count) break;
                node = ag_pop(stack);
                continue;
            }
        }
        ag_put(stack, node);
        node = parent;
    }
    next_mark = mark;
    return base;
}

static PyObject *backward(PyObject *object, PyObject *Py_UNUSED(nothing)) {
    ag_row *order = ag_new_row(), *stack = ag_new_row();
    long long base = put_in_order((ag_node *)object, order, stack);
    Py_ssize_t place = order->count - 1;
    double *cotangents = (double *)PyMem_Calloc(order->count, sizeof(double));
    if (!cotangents) return PyErr_NoMemory();
    cotangents[place] = 1.0;
    for (; place >= 0; place--) {
        ag_node *node = ag_visit(order, place), *parent;
        double cotangent = cotangents[place];
        int finite;
        if (node->kind == LEAF) node->grad += cotangent;
        else node->grad = cotangent;
        if (cotangent == 0) continue;
        finite = cotangent - cotangent == 0;
        parent = node->parent0;
        if (!parent) continue;
        if (!(parent->flags & AG_CONSTANT) && (finite || node->local0 != 0))
            cotangents[parent->mark - base] += cotangent * node->local0;
        parent = node->parent1;
        if (parent && !(parent->flags & AG_CONSTANT) && (finite || node->local1 != 0))
            cotangents[parent->mark - base] += cotangent * node->local1;
    }
    PyMem_Free(cotangents);
    ag_drop(order);
    ag_drop(stack);
    Py_RETURN_NONE;
}

static PyObject *new_leaf(PyTypeObject *Py_UNUSED(kind), PyObject *given, PyObject *Py_UNUSED(names)) {
    double data;
    ag_node *node;
    if (!PyArg_ParseTuple(given, "d", &data) || !(node = fresh(LEAF, AG_INHERITED & ~AG_CONSTANT, data)))
        return NULL;
    node->parent0 = node->parent1 = NULL;
    return (PyObject *)node;
}

static PyMemberDef members[] = {
    {"data", T_DOUBLE, offsetof(ag_node, data)}, {"grad", T_DOUBLE, offsetof(ag_node, grad)}, {NULL}};
static PyMethodDef methods[] = {
    {"relu", relu, METH_NOARGS}, {"backward", backward, METH_NOARGS}, {NULL}};
static PyNumberMethods numbers = {
    .nb_add = add, .nb_subtract = subtract, .nb_multiply = multiply, .nb_negative = negative};
static PyTypeObject type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "limit.Value",
    .tp_basicsize = sizeof(ag_node),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = new_leaf,
    .tp_dealloc = dealloc,
    .tp_as_number = &numbers,
    .tp_members = members,
    .tp_methods = methods,
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "limit_in_c", NULL, -1, NULL};

PyMODINIT_FUNC PyInit_limit_in_c(void) {
    PyObject *module;
    if (!ag_begin() || PyType_Ready(&type) < 0) return NULL;
    ag->type = &type;
    ag->modes = &modes_on;
    module = PyModule_Create(&definition);
    if (module) PyModule_AddObjectRef(module, "Value", (PyObject *)&type);
    return module;
}
