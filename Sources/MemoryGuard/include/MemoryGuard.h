#pragma once

/// Ends the process in a sentence when an allocation, whose bytes it names, or a thread is refused.
///
/// Nothing in a Swift program can go on without the memory that it asked for; without this it would
/// end in a trap, or wait for the thread without end.
///
/// - Parameters:
///   - status: the exit status.
///   - before: called before the process ends; may not allocate.
void memory_guard_arm(int status, void (*before)(void));

/// Whether the process has a limit on its memory (`ulimit -v`).
int memory_is_limited(void);

/// Has the C library give large blocks back to the system as soon as they are freed.
///
/// By itself it keeps ever larger ones once some have been freed, in a heap with gaps: a fifth of what a
/// solve of a million points needs.
void memory_return_large_blocks(void);
