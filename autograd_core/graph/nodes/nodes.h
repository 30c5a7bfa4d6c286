/* The compiled half of slabs.py, for slabs.pxd. */
#ifndef AG_NODES_H
#define AG_NODES_H

#include "belongings.h"
#include "making.h"
#include "node_fields.h"
#include "node_type.h"
#include "rows.h"
#include "slabs.h"

#endif
