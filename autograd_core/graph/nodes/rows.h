/* Rows of nodes that hold no references: what a sweep goes through. Its root keeps them. */
#ifndef AG_ROWS_H
#define AG_ROWS_H

#include "belongings.h"

typedef struct {
    ag_node **items;
    Py_ssize_t count, room;
} ag_row;

static AG_RARELY int ag_grow(ag_row *row) {
    Py_ssize_t room = row->room ? 2 * row->room : 1024;
    ag_node **items = (ag_node **)PyMem_RawRealloc(row->items, room * sizeof(ag_node *));
    if (!items) {
        PyErr_NoMemory();
        return -1;
    }
    row->items = items;
    row->room = room;
    return 0;
}

AG_INLINE int ag_put(ag_row *row, ag_node *node) {
    if (!AG_LIKELY(row->count < row->room) && ag_grow(row) < 0) return -1;
    row->items[row->count++] = node;
    return 0;
}

/* A row is kept for the next sweep unless it is large. */
#define AG_KEPT_ROWS 4
static ag_row *ag_rows[AG_KEPT_ROWS];
static int ag_kept;

static ag_row *ag_new_row(void) {
    ag_row *row;
    if (ag_kept > 0) {
        row = ag_rows[--ag_kept];
        row->count = 0;
        return row;
    }
    row = (ag_row *)PyMem_RawCalloc(1, sizeof *row);
    if (!row) PyErr_NoMemory();
    return row;
}

static void ag_drop(ag_row *row) {
    if (ag_kept < AG_KEPT_ROWS && row->room <= 1 << 20) {
        ag_rows[ag_kept++] = row;
        return;
    }
    PyMem_RawFree(row->items);
    PyMem_RawFree(row);
}

#define ag_put_place(row, place) ag_put(row, (ag_node *)(intptr_t)(place))
#define ag_pop(row) ((row)->items[--(row)->count])
#define ag_pop_place(row) ((Py_ssize_t)(intptr_t)ag_pop(row))
#define ag_at(row, index) ((row)->items[index])
#define ag_size(row) ((row)->count)
#define ag_present(node) ((PyObject *)(node) != Py_None)
#define ag_count(node) PyTuple_GET_SIZE(AG_OPERANDS(node))
#define ag_operand(node, index) ((ag_node *)PyTuple_GET_ITEM(AG_OPERANDS(node), index))
#define ag_local(node, index) (ag_locals(node)[index])
#define ag_borrowed(object) ((ag_node *)(object))

/* The node at a place of the row, when the row is gone through backwards. */
AG_INLINE ag_node *ag_visit(ag_row *row, Py_ssize_t index) {
    AG_PREFETCH(&row->items[index >= 8 ? index - 8 : 0]->grad);
    return row->items[index];
}

AG_INLINE PyObject *ag_shown(ag_node *node) {
    Py_INCREF((PyObject *)node);
    return (PyObject *)node;
}

#endif
