#include "InstructionSet.h"

#include <stdlib.h>
#include <string.h>

bool has_instruction_set(instruction_set set) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4:
      __builtin_cpu_init();
      return __builtin_cpu_supports("x86-64-v4");
    case instruction_set_x86_64_v3:
      __builtin_cpu_init();
      return __builtin_cpu_supports("x86-64-v3");
#endif
    case instruction_set_portable: return true;
    default: return false;
  }
}

bool instruction_set_named(const char *name, instruction_set *set) {
  static const struct {
    const char *name;
    instruction_set set;
  } names[] = {{"portable", instruction_set_portable},
               {"avx2", instruction_set_x86_64_v3},
               {"avx512", instruction_set_x86_64_v4},
               {"x86-64-v3", instruction_set_x86_64_v3},
               {"x86-64-v4", instruction_set_x86_64_v4}};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    if (strcmp(name, names[k].name) == 0) {
      *set = names[k].set;
      return true;
    }
  }
  return false;
}

static instruction_set widest(void) {
  return has_instruction_set(instruction_set_x86_64_v4)   ? instruction_set_x86_64_v4
         : has_instruction_set(instruction_set_x86_64_v3) ? instruction_set_x86_64_v3
                                                : instruction_set_portable;
}

instruction_set chosen_instruction_set(void) {
  static _Atomic int known = -1;
  int set = known;
  if (set < 0) {
    const char *name = getenv(INSTRUCTION_SET_VARIABLE);
    instruction_set wanted;
    const bool is_usable = name != NULL && instruction_set_named(name, &wanted) &&
                           has_instruction_set(wanted);
    set = is_usable ? (int)wanted : (int)widest();
    known = set;
  }
  return (instruction_set)set;
}

const char *instruction_set_name(void) {
  switch (chosen_instruction_set()) {
    case instruction_set_x86_64_v4: return "x86-64-v4";
    case instruction_set_x86_64_v3: return "x86-64-v3";
    default: return "portable";
  }
}
