#include "InstructionSet.h"

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

tk_instruction_set_id tk_widest_instruction_set(void) {
  static _Atomic int known = -1;
  int set = known;
  if (set < 0) {
    set = tk_has_instruction_set(tk_x86_64_v4)   ? tk_x86_64_v4
          : tk_has_instruction_set(tk_x86_64_v3) ? tk_x86_64_v3
                                                 : tk_portable;
    known = set;
  }
  return (tk_instruction_set_id)set;
}

const char *tk_instruction_set(void) {
  switch (tk_widest_instruction_set()) {
    case tk_x86_64_v4: return "x86-64-v4";
    case tk_x86_64_v3: return "x86-64-v3";
    default: return "portable";
  }
}
