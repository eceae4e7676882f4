#include "InstructionSet.h"

#include <stdlib.h>
#include <string.h>

bool tk_has_instruction_set(tk_instruction_set_id set) {
  switch (set) {
#ifdef TK_HAS_WIDE_BODIES
    case tk_x86_64_v4:
      __builtin_cpu_init();
      return __builtin_cpu_supports("x86-64-v4");
    case tk_x86_64_v3:
      __builtin_cpu_init();
      return __builtin_cpu_supports("x86-64-v3");
#endif
    case tk_portable: return true;
    default: return false;
  }
}

bool tk_instruction_set_named(const char *name, tk_instruction_set_id *set) {
  static const struct {
    const char *name;
    tk_instruction_set_id set;
  } names[] = {{"portable", tk_portable},
               {"avx2", tk_x86_64_v3},
               {"avx512", tk_x86_64_v4},
               {"x86-64-v3", tk_x86_64_v3},
               {"x86-64-v4", tk_x86_64_v4}};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    if (strcmp(name, names[k].name) == 0) {
      *set = names[k].set;
      return true;
    }
  }
  return false;
}

static tk_instruction_set_id widest(void) {
  return tk_has_instruction_set(tk_x86_64_v4)   ? tk_x86_64_v4
         : tk_has_instruction_set(tk_x86_64_v3) ? tk_x86_64_v3
                                                : tk_portable;
}

tk_instruction_set_id tk_chosen_instruction_set(void) {
  static _Atomic int known = -1;
  int set = known;
  if (set < 0) {
    const char *name = getenv(TK_INSTRUCTION_SET_VARIABLE);
    tk_instruction_set_id wanted;
    const bool is_usable = name != NULL && tk_instruction_set_named(name, &wanted) &&
                           tk_has_instruction_set(wanted);
    set = is_usable ? (int)wanted : (int)widest();
    known = set;
  }
  return (tk_instruction_set_id)set;
}

const char *tk_instruction_set(void) {
  switch (tk_chosen_instruction_set()) {
    case tk_x86_64_v4: return "x86-64-v4";
    case tk_x86_64_v3: return "x86-64-v3";
    default: return "portable";
  }
}
