/// Sums of exponentials of costs, the inner loop of entropic transport.
///
/// Everything is in powers of two: 2^x has an exact argument reduction, and whoever needs e^x
/// multiplies the arguments by log2(e) once.
#ifndef TRANSPORT_KERNELS_LOG_SUM_EXP_H
#define TRANSPORT_KERNELS_LOG_SUM_EXP_H

#include "BlockCost.h"

/// The exponents `offsets[j] - scale * cost_j` of a row of pairs, 0 <= j < count.
///
/// Offsets are finite or -INFINITY (which makes the power 0). The scale is nonnegative and finite.
typedef struct {
  /// The cost of the pairs of `point` with `targets` (laid out as in `tk_costs`); NULL when the
  /// costs are given one by one.
  const tk_block_cost *cost;
  const double *point;
  const double *targets;
  ptrdiff_t stride;
  /// The costs themselves when `cost` is NULL, otherwise not read.
  const double *costs;
  ptrdiff_t count;
  double scale;
  const double *offsets;
} tk_exponents;

/// log2 of the sum over j of 2^exponent_j; -INFINITY when there is no term above zero.
///
/// The costs are computed on the way and never stored. With a guess within about 300 of the answer
/// one sweep over the pairs is enough; with any other guess, NAN included, the largest exponent is
/// found first. The guess does not change the answer beyond rounding, which is at most a few units
/// in the last place of the largest |offset| and scale * cost that matter.
double tk_log2_sum_exp2(const tk_exponents *exponents, double guess);

/// The sum over j of 2^(shift + exponent_j), each term as in `tk_exp2`.
double tk_sum_exp2(const tk_exponents *exponents, double shift);

/// A sum of masses and of their costs.
typedef struct {
  double mass;
  double cost;
} tk_sums;

/// The sums over j of the terms 2^(shift + exponent_j), each to a few units in the last place of the
/// largest |offset| and scale * cost that matter, and of the terms times cost_j as `tk_costs` has it.
tk_sums tk_sums_with_costs(const tk_exponents *exponents, double shift);

/// Writes the terms 2^(shift + exponent_j). Terms below 2^-1020 become 0; exponents above 1020
/// are taken for 1020.
void tk_exp2(const tk_exponents *exponents, double shift, double *terms);

/// `tk_log2_sum_exp2` with the body of one instruction set, which the machine must have.
double tk_log2_sum_exp2_on(instruction_set set, const tk_exponents *exponents,
                           double guess);

/// `tk_sums_with_costs` with the body of one instruction set, which the machine must have.
tk_sums tk_sums_with_costs_on(instruction_set set, const tk_exponents *exponents,
                              double shift);

/// `tk_exp2` with the body of one instruction set, which the machine must have.
void tk_exp2_on(instruction_set set, const tk_exponents *exponents, double shift,
                double *terms);

#endif
