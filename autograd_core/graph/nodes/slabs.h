/* Where nodes live, and how they are freed.

   Slabs of 64 KiB hold nodes of one size. A slab is handed out from its start and, once it is
   empty, from its start again: nodes that are made one after the other lie one after the other,
   step after step. One free list for all would shuffle them a little more at each step, until a
   sweep missed the cache at every node. Slabs come from the system sixteen at a time, and go back
   to it when all sixteen are empty. */
#ifndef AG_SLABS_H
#define AG_SLABS_H

#include "node_fields.h"

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

/* One for all modules: `node` makes it, and the others join. */
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

static ag_state *ag_begin(void) {
    ag = (ag_state *)PyMem_RawCalloc(1, sizeof *ag);
    if (!ag) return (ag_state *)PyErr_NoMemory();
    ag->empty.next = ag->empty.previous = &ag->empty;
    ag->roomy.next = ag->roomy.previous = &ag->roomy;
    return ag;
}

#define ag_join(state) (ag = (state))

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

/* What Cython's constructor calls; it writes None where it belongs. */
static PyObject *ag_alloc(PyTypeObject *type, Py_ssize_t Py_UNUSED(items)) {
    ag_node *node = ag_take();
    if (!node) return NULL;
    memset(node, 0, sizeof *node);
    AG_BEGIN(node, type);
    return (PyObject *)node;
}

static void ag_free(void *node) { ag_give((ag_node *)node); }

#endif
