/// The instruction sets for which hot loops have bodies. Each loop has one body, compiled once for every
/// instruction set (`EachInstructionSet.h`) and chosen when the program starts.
#ifndef INSTRUCTION_SETS_INSTRUCTION_SET_H
#define INSTRUCTION_SETS_INSTRUCTION_SET_H

#include <stdbool.h>

#if defined(__x86_64__) && defined(__clang__)
#define HAS_WIDE_BODIES 1
#endif

/// The instruction sets for which kernels can have bodies, from narrow to wide.
typedef enum {
  instruction_set_portable = 0,
  instruction_set_x86_64_v3,
  instruction_set_x86_64_v4
} instruction_set;

/// Whether this processor and this build have the bodies of an instruction set.
bool has_instruction_set(instruction_set set);

/// The environment variable that chooses among the instruction sets, for the whole process and once.
#define INSTRUCTION_SET_VARIABLE "KWASS_INSTRUCTION_SET"

/// Finds the instruction set of a name: "portable", "avx2" (or "x86-64-v3"), "avx512" (or "x86-64-v4").
bool instruction_set_named(const char *name, instruction_set *set);

/// The instruction set whose bodies are in use: the one that the variable names, where this processor and
/// this build have it, else the widest that they have.
instruction_set chosen_instruction_set(void);

/// The name of the instruction set whose bodies are in use: "x86-64-v4", "x86-64-v3" or "portable".
const char *instruction_set_name(void);

#endif
