#include "InstructionSet.h"

#include <math.h>

// Where the processor has a fused multiply-add it is faster and more accurate; no result of these
// kernels is promised to the last bit.
#pragma clang fp contract(fast)

#define BODY "LogSumExpBody.h"
#include "EachInstructionSet.h"

double tk_log2_sum_exp2_on(tk_instruction_set_id set, const tk_exponents *exponents,
                           double guess) {
  switch (set) {
#ifdef TK_HAS_WIDE_BODIES
    case tk_x86_64_v4: return log2_sum_exp2_v4(exponents, guess);
    case tk_x86_64_v3: return log2_sum_exp2_v3(exponents, guess);
#endif
    default: return log2_sum_exp2_portable(exponents, guess);
  }
}

void tk_exp2_on(tk_instruction_set_id set, const tk_exponents *exponents, double shift,
                double *terms) {
  switch (set) {
#ifdef TK_HAS_WIDE_BODIES
    case tk_x86_64_v4: exp2_v4(exponents, shift, terms); return;
    case tk_x86_64_v3: exp2_v3(exponents, shift, terms); return;
#endif
    default: exp2_portable(exponents, shift, terms);
  }
}

double tk_log2_sum_exp2(const tk_exponents *exponents, double guess) {
  return tk_log2_sum_exp2_on(tk_widest_instruction_set(), exponents, guess);
}

double tk_sum_exp2(const tk_exponents *exponents, double shift) {
  switch (tk_widest_instruction_set()) {
#ifdef TK_HAS_WIDE_BODIES
    case tk_x86_64_v4: return sum_exp2_v4(exponents, shift);
    case tk_x86_64_v3: return sum_exp2_v3(exponents, shift);
#endif
    default: return sum_exp2_portable(exponents, shift);
  }
}

void tk_exp2(const tk_exponents *exponents, double shift, double *terms) {
  tk_exp2_on(tk_widest_instruction_set(), exponents, shift, terms);
}

double tk_dot(const double *first, const double *second, ptrdiff_t count) {
  // Eight sums, so that the loop can use vector registers without changing its order.
  double lanes[8] = {0};
  ptrdiff_t j = 0;
  for (; j + 8 <= count; j += 8) {
    for (int lane = 0; lane < 8; lane++) lanes[lane] += first[j + lane] * second[j + lane];
  }
  for (; j < count; j++) lanes[0] += first[j] * second[j];
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
         + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}
