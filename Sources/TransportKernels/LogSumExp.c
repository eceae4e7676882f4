#include "LogSumExp.h"

#include <math.h>

// Where the processor has a fused multiply-add it is faster and more accurate; no result of these
// kernels is promised to the last bit.
#pragma clang fp contract(fast)

#define BODY "LogSumExpBody.h"
#include "EachInstructionSet.h"

double tk_log2_sum_exp2_on(instruction_set set, const tk_exponents *exponents,
                           double guess) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4: return log2_sum_exp2_v4(exponents, guess);
    case instruction_set_x86_64_v3: return log2_sum_exp2_v3(exponents, guess);
#endif
    default: return log2_sum_exp2_portable(exponents, guess);
  }
}

void tk_exp2_on(instruction_set set, const tk_exponents *exponents, double shift,
                double *terms) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4: exp2_v4(exponents, shift, terms); return;
    case instruction_set_x86_64_v3: exp2_v3(exponents, shift, terms); return;
#endif
    default: exp2_portable(exponents, shift, terms);
  }
}

tk_sums tk_sums_with_costs_on(instruction_set set, const tk_exponents *exponents,
                              double shift) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4: return sums_with_costs_v4(exponents, shift);
    case instruction_set_x86_64_v3: return sums_with_costs_v3(exponents, shift);
#endif
    default: return sums_with_costs_portable(exponents, shift);
  }
}

tk_sums tk_sums_with_costs(const tk_exponents *exponents, double shift) {
  return tk_sums_with_costs_on(chosen_instruction_set(), exponents, shift);
}

double tk_log2_sum_exp2(const tk_exponents *exponents, double guess) {
  return tk_log2_sum_exp2_on(chosen_instruction_set(), exponents, guess);
}

double tk_sum_exp2(const tk_exponents *exponents, double shift) {
  switch (chosen_instruction_set()) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4: return sum_exp2_v4(exponents, shift);
    case instruction_set_x86_64_v3: return sum_exp2_v3(exponents, shift);
#endif
    default: return sum_exp2_portable(exponents, shift);
  }
}

void tk_exp2(const tk_exponents *exponents, double shift, double *terms) {
  tk_exp2_on(chosen_instruction_set(), exponents, shift, terms);
}
