/* The fields of a node, its flags, and how who points at it is counted.

   Everything in these headers runs under the interpreter's lock: Cython's modules ask for it on
   free-threaded builds too. Those builds and Windows are written as their manuals say, and untried. */
#ifndef AG_NODE_FIELDS_H
#define AG_NODE_FIELDS_H

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

#endif
