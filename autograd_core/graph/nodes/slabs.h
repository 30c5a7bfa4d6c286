/* Where nodes live and how one is made: the compiled half of slabs.py, for slabs.pxd.

   Slabs of 64 KiB hold nodes of one size. A slab is handed out from its start and, once it is
   empty, from its start again: nodes that are made one after the other lie one after the other,
   step after step. One free list for all would shuffle them a little more at each step, until a
   sweep missed the cache at every node. Slabs come from the system sixteen at a time, and go back
   to it when all sixteen are empty.

   Everything here runs under the interpreter's lock: Cython's modules ask for it on free-threaded
   builds too. Those builds and Windows are written as their manuals say, and untried. */
#ifndef AG_SLABS_H
#define AG_SLABS_H

#include <math.h>
#include <stdint.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <sys/mman.h>
#endif

#if defined(_MSC_VER)
#define AG_RARELY __declspec(noinline)
#define AG_INLINE static __forceinline
#define AG_LIKELY(condition) (condition)
#define AG_PREFETCH(address) ((void)0)
#else
#define AG_RARELY __attribute__((noinline))
#define AG_INLINE static inline __attribute__((always_inline))
#define AG_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define AG_PREFETCH(address) __builtin_prefetch(address, 1)
#endif

/* The fields of Node, as node.pxd has them; `ag_adopt` looks whether it is so. */
typedef struct ag_node {
    PyObject ob_base;
    struct ag_node *parent0, *parent1;
    union {
        long long mark;
        struct ag_node *next; /* of those that wait to be freed */
    };
    int kind, flags;
    union {
        double local0;
        PyObject *name; /* of a leaf that has one */
    };
    double local1, grad, data;
    PyObject *attributes; /* a dictionary, or nothing */
} ag_node;

/* A node of many operands; what the others have no room for follows. */
typedef struct {
    ag_node node;
    PyObject *operands;
    double locals[1];
} ag_many;

enum {
    AG_CONSTANT = 1,
    AG_INHERITED = 11,
    AG_MANY = 32,
    AG_NAMED = 64,
    AG_NUMBER = 128,
    AG_FIRST = 256,
};

/* In Python 3.11 None counts who points at it. */
#if PY_VERSION_HEX < 0x030C0000
#define AG_NONES(count) (Py_None->ob_refcnt += (count))
#else
#define AG_NONES(count) ((void)0)
#endif

/* Whether this was the last that pointed at a node, which then has to be freed. */
#ifdef Py_GIL_DISABLED
#define AG_WAS_LAST(node) \
    (Py_REFCNT((PyObject *)(node)) == 1 ? 1 : (Py_DECREF((PyObject *)(node)), 0))
#define AG_BEGIN(node, type) PyObject_Init((PyObject *)(node), type)
#else
#define AG_WAS_LAST(node) (--(node)->ob_base.ob_refcnt == 0)
#define AG_BEGIN(node, type) \
    (*(Py_ssize_t *)&(node)->ob_base.ob_refcnt = 1, (node)->ob_base.ob_type = (type))
#endif

/* ---- Slabs. */

#define AG_SLAB ((size_t)65536)
#define AG_PER_BLOCK 16
#define AG_KEPT_BLOCKS 16 /* empty ones, for the next graph */

typedef struct ag_block {
    void *from_system;
    int empty; /* of its slabs */
} ag_block;

typedef struct ag_slab {
    struct ag_slab *next, *previous; /* among the empty ones, or those with room again */
    ag_node *free;
    char *rest;
    ag_block *block;
    unsigned live;
    int listed;
} ag_slab;

typedef PyObject *(*ag_operation)(PyObject *, PyObject *);

/* One for all modules: `making` makes it, and the others join. */
typedef struct {
    ag_slab *current, empty, roomy;
    int empty_blocks;
    int *modes;
    PyTypeObject *type;
    PyObject *(*finished)(PyObject *);
    PyObject *foreign;
    ag_operation usual[4], quick[4];
} ag_state;

static ag_state *ag;

#define AG_START(slab) ((char *)(slab) + 128)
#define AG_LAST(slab) ((char *)(slab) + AG_SLAB - sizeof(ag_node))
#define AG_SLAB_OF(node) ((ag_slab *)((uintptr_t)(node) & ~(uintptr_t)(AG_SLAB - 1)))

static void ag_unlist(ag_slab *slab) {
    slab->next->previous = slab->previous;
    slab->previous->next = slab->next;
}

static void ag_list(ag_slab *slab, ag_slab *list) {
    slab->next = list->next;
    slab->previous = list;
    list->next->previous = slab;
    list->next = slab;
}

/* Sixteen slabs more; the first of them also holds what there is to know of the block. */
static int ag_new_block(void) {
    size_t size = (AG_PER_BLOCK + 1) * AG_SLAB;
    ag_block *block = (ag_block *)PyMem_RawMalloc(sizeof *block);
    char *memory = NULL;
    int place;
    if (block) {
#ifdef _WIN32
        memory = (char *)VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
#else
        memory = (char *)mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
        if (memory == (char *)MAP_FAILED) memory = NULL;
#endif
    }
    if (!memory) {
        PyMem_RawFree(block);
        PyErr_NoMemory();
        return -1;
    }
    block->from_system = memory;
    block->empty = AG_PER_BLOCK;
    memory = (char *)(((uintptr_t)memory + AG_SLAB - 1) & ~(uintptr_t)(AG_SLAB - 1));
    for (place = AG_PER_BLOCK - 1; place >= 0; place--) { /* the lowest is taken first */
        ag_slab *slab = (ag_slab *)(memory + place * AG_SLAB);
        slab->block = block;
        slab->free = NULL;
        slab->rest = AG_START(slab);
        slab->live = 0;
        slab->listed = 1;
        ag_list(slab, &ag->empty);
    }
    ag->empty_blocks++;
    return 0;
}

static AG_RARELY int ag_next_slab(void) {
    ag_slab *slab = ag->empty.next;
    if (slab == &ag->empty) {
        slab = ag->roomy.next;
        if (slab == &ag->roomy) {
            if (ag_new_block() < 0) return -1;
            slab = ag->empty.next;
        }
    }
    ag_unlist(slab);
    slab->listed = 0;
    if (slab->live == 0 && slab->block->empty-- == AG_PER_BLOCK) ag->empty_blocks--;
    ag->current = slab;
    return 0;
}

/* The slab holds no node any more. */
static AG_RARELY void ag_emptied(ag_slab *slab) {
    ag_block *block = slab->block;
    slab->free = NULL;
    slab->rest = AG_START(slab);
    if (slab == ag->current) return;
    if (slab->listed) ag_unlist(slab);
    slab->listed = 1;
    ag_list(slab, &ag->empty);
    if (++block->empty < AG_PER_BLOCK) return;
    if (++ag->empty_blocks > AG_KEPT_BLOCKS) {
        char *memory = (char *)block->from_system;
        char *first = (char *)(((uintptr_t)memory + AG_SLAB - 1) & ~(uintptr_t)(AG_SLAB - 1));
        int place;
        for (place = 0; place < AG_PER_BLOCK; place++) ag_unlist((ag_slab *)(first + place * AG_SLAB));
#ifdef _WIN32
        VirtualFree(memory, 0, MEM_RELEASE);
#else
        munmap(memory, (AG_PER_BLOCK + 1) * AG_SLAB);
#endif
        PyMem_RawFree(block);
        ag->empty_blocks--;
    }
}

/* A full slab has room again. */
static AG_RARELY void ag_has_room(ag_slab *slab) {
    slab->listed = 1;
    ag_list(slab, &ag->roomy);
}

AG_INLINE ag_node *ag_take(void) {
    for (;;) {
        ag_slab *slab = ag->current;
        if (AG_LIKELY(slab)) {
            ag_node *node = (ag_node *)slab->rest;
            if (AG_LIKELY((char *)node <= AG_LAST(slab))) {
                slab->rest += sizeof(ag_node);
                slab->live++;
                return node;
            }
            node = slab->free;
            if (node) {
                slab->free = node->parent0;
                slab->live++;
                return node;
            }
        }
        if (ag_next_slab() < 0) return NULL;
    }
}

AG_INLINE void ag_give(ag_node *node) {
    ag_slab *slab = AG_SLAB_OF(node);
    node->parent0 = slab->free;
    slab->free = node;
    if (!AG_LIKELY(--slab->live)) ag_emptied(slab);
    else if (!AG_LIKELY(slab->listed || slab == ag->current)) ag_has_room(slab);
}

/* ---- Freeing. A node's parents go with it, theirs too, and so on: in a loop, for
   `for _ in range(10**7): x = x + 1` and then `del x` would overflow the stack. Python's own remedy
   writes into the collector's header, which a node does not have. */

#define AG_LET_GO(parent) \
    do { \
        ag_node *ag_parent = (parent); \
        if (AG_WAS_LAST(ag_parent)) { \
            ag_parent->next = waiting; \
            waiting = ag_parent; \
        } \
    } while (0)

/* A node with more than parents, and the nodes that wait with what this adds to them. */
static AG_RARELY ag_node *ag_free_rest(ag_node *node, ag_node *waiting) {
    if (node->attributes) {
        PyObject *attributes = node->attributes;
        node->attributes = NULL;
        Py_DECREF(attributes);
    }
    if (node->flags & AG_NAMED) Py_DECREF(node->name);
    if (node->flags & AG_MANY) {
        PyObject *operands = ((ag_many *)node)->operands;
        if (Py_REFCNT(operands) == 1) { /* nobody else's: they wait in line too */
            Py_ssize_t index, count = PyTuple_GET_SIZE(operands);
            for (index = 0; index < count; index++) {
                ag_node *parent = (ag_node *)PyTuple_GET_ITEM(operands, index);
                PyTuple_SET_ITEM(operands, index, NULL);
                AG_LET_GO(parent);
            }
        }
        Py_DECREF(operands);
    }
    return waiting;
}

static void ag_dealloc(PyObject *object) {
    ag_node *node = (ag_node *)object, *waiting = NULL;
    for (;;) {
        ag_node *first = node->parent0, *second = node->parent1;
        int many = node->flags & AG_MANY;
        if (!AG_LIKELY(!(node->attributes || node->flags & (AG_MANY | AG_NAMED))))
            waiting = ag_free_rest(node, waiting);
        if (many) PyMem_Free(node);
        else ag_give(node);
        if ((PyObject *)second != Py_None) AG_LET_GO(second);
        else AG_NONES(-1);
        if ((PyObject *)first != Py_None) AG_LET_GO(first);
        else AG_NONES(-1);
        if (!waiting) return;
        node = waiting;
        waiting = node->next;
    }
}

/* ---- Making. */

static ag_state *ag_begin(void) {
    ag = (ag_state *)PyMem_RawCalloc(1, sizeof *ag);
    if (!ag) return (ag_state *)PyErr_NoMemory();
    ag->empty.next = ag->empty.previous = &ag->empty;
    ag->roomy.next = ag->roomy.previous = &ag->roomy;
    return ag;
}

#define ag_join(state) (ag = (state))

/* What Cython's constructor calls; it writes None where it belongs. */
static PyObject *ag_alloc(PyTypeObject *type, Py_ssize_t Py_UNUSED(items)) {
    ag_node *node = ag_take();
    if (!node) return NULL;
    memset(node, 0, sizeof *node);
    AG_BEGIN(node, type);
    return (PyObject *)node;
}

static void ag_free(void *node) { ag_give((ag_node *)node); }

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

/* ---- Operands: nodes and numbers. */

#define ag_is_node(other) Py_IS_TYPE(other, ag->type)

/* NumPy's scalars, bool, whole numbers beyond the doubles: rare. None if it is no number. */
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
    if (AG_LIKELY(ag_is_node(other) || PyFloat_CheckExact(other) || PyLong_CheckExact(other))) return 1;
    return ag_takes_foreign(other);
}

AG_INLINE double ag_number(PyObject *other) {
    if (AG_LIKELY(ag_is_node(other))) return ((ag_node *)other)->data;
    if (PyFloat_CheckExact(other)) return PyFloat_AS_DOUBLE(other);
    if (PyLong_CheckExact(other)) return ag_whole_number(other);
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

/* ---- What a node may have besides. */

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

/* ---- The type. */

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
        PyErr_SetString(PyExc_SystemError, "slabs.h and node.pxd disagree about a node's fields");
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

/* ---- Rows of nodes that hold no references: what a sweep goes through. Its root keeps them. */

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
