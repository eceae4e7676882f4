/// The hot loops of flows over particles and their pairs.
#ifndef FLOW_KERNELS_H
#define FLOW_KERNELS_H

#include "AlignmentSum.h"
#include "MeshShapes.h"
#include "RadialSum.h"

#endif
