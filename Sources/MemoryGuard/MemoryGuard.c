// For RTLD_NEXT.
#define _GNU_SOURCE

#include "MemoryGuard.h"

#include <stdlib.h>
#include <sys/resource.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

static int exit_status;
static void (*before_exit)(void);

void memory_guard_arm(int status, void (*before)(void)) {
  before_exit = before;
  exit_status = status;
}

int memory_is_limited(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

void memory_return_large_blocks(void) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

// The sanitizers have allocators of their own, and other C libraries no second name for theirs.
#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void end(const char *text) {
  // Several threads may find at once that there is no more; one of them tells it.
  static atomic_flag ends = ATOMIC_FLAG_INIT;
  while (atomic_flag_test_and_set(&ends)) pause();
  if (before_exit) before_exit();
  ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
  (void)ignored;
  _exit(exit_status);
}

static void *granted(void *memory, size_t size) {
  if (memory || !size || !exit_status) return memory;
  char text[256];
  struct rlimit limit;
  snprintf(text, sizeof text,
           "kwass: %zu more bytes of memory were needed than the system grants", size);
  size_t used = strlen(text);
  if (memory_is_limited() && getrlimit(RLIMIT_AS, &limit) == 0)
    snprintf(text + used, sizeof text - used, "; this process may use %llu.\n",
             (unsigned long long)limit.rlim_cur);
  else
    snprintf(text + used, sizeof text - used, ".\n");
  end(text);
  return NULL;
}

// The names under which the C library keeps its own allocator, for programs that replace `malloc`.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) { return granted(__libc_malloc(size), size); }

void *calloc(size_t count, size_t size) {
  return granted(__libc_calloc(count, size), count && size ? count * size : 0);
}

void *realloc(void *memory, size_t size) { return granted(__libc_realloc(memory, size), size); }

void *aligned_alloc(size_t alignment, size_t size) {
  return granted(__libc_memalign(alignment, size), size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) || !alignment || alignment & (alignment - 1)) return EINVAL;
  void *found = granted(__libc_memalign(alignment, size), size);
  if (found || !size) *memory = found;
  return found || !size ? 0 : ENOMEM;
}

// Dispatch has an allocator of its own, which crashes. The C library's does not pass here.
void *mmap(void *place, size_t size, int rights, int flags, int file, off_t offset) {
  typedef void *(*mapper)(void *, size_t, int, int, int, off_t);
  mapper map = (mapper)dlsym(RTLD_NEXT, "mmap");
  void *memory = map ? map(place, size, rights, flags, file, offset) : MAP_FAILED;
  if (memory == MAP_FAILED && errno == ENOMEM && flags & MAP_ANONYMOUS && rights & PROT_WRITE)
    granted(NULL, size);
  return memory;
}

// Dispatch waits for ever for a thread that cannot be had.
int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  typedef int (*creator)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  creator create = (creator)dlsym(RTLD_NEXT, "pthread_create");
  int outcome = create ? create(thread, attributes, body, argument) : ENOSYS;
  if (outcome && exit_status)
    end("kwass: no further thread can be started; the memory or the number of processes that this "
        "process may have is too small.\n");
  return outcome;
}

#endif
