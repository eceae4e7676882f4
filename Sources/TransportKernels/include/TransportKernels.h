/// The hot loops of transport over pairs of points.
#ifndef TRANSPORT_KERNELS_H
#define TRANSPORT_KERNELS_H

#include "BlockCost.h"
#include "BoxBounds.h"
#include "LogSumExp.h"
#include "NearestTarget.h"

#endif
