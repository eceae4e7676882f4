/// Chooses among the bodies of the kernels; shared by the files of this target, not public.
#ifndef TRANSPORT_KERNELS_INSTRUCTION_SET_H
#define TRANSPORT_KERNELS_INSTRUCTION_SET_H

#include "TransportKernels.h"

#if defined(__x86_64__) && defined(__clang__)
#define TK_HAS_WIDE_BODIES 1
#endif

#endif
