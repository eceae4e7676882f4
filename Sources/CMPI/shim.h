// The calls to MPI that the program makes. What mpi.h states as macros, Swift does not see.
#ifndef CMPI_SHIM_H
#define CMPI_SHIM_H

#include <mpi.h>
#include <stdlib.h>
#include <time.h>

/// So many rounds of work can be dealt out.
enum { KWASS_MPI_ROUNDS = 1024 };

/// For each round the next number, which rank 0 has.
typedef struct {
  MPI_Win window;
  long long *numbers;
} kwass_mpi_counters;

static inline kwass_mpi_counters *kwass_mpi_shared_counters(void) {
  static kwass_mpi_counters counters = {MPI_WIN_NULL, NULL};
  return &counters;
}

static void kwass_mpi_end(void) {
  int is_over = 0;
  MPI_Finalized(&is_over);
  if (is_over) return;
  kwass_mpi_counters *counters = kwass_mpi_shared_counters();
  if (counters->window != MPI_WIN_NULL) {
    MPI_Win_unlock_all(counters->window);
    MPI_Win_free(&counters->window);
  }
  MPI_Finalize();
}

/// Joins the other ranks, which any thread may call while no other one does; leaves them where the process exits.
static inline int kwass_mpi_begin(int *rank, int *size) {
  int level = MPI_THREAD_SINGLE;
  int failure = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
  if (failure != MPI_SUCCESS) return failure;
  atexit(kwass_mpi_end);
  failure = MPI_Comm_rank(MPI_COMM_WORLD, rank);
  if (failure != MPI_SUCCESS) return failure;
  failure = MPI_Comm_size(MPI_COMM_WORLD, size);
  if (failure != MPI_SUCCESS) return failure;
  int own = level >= MPI_THREAD_SERIALIZED, all = 0;
  failure = MPI_Allreduce(&own, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  if (failure != MPI_SUCCESS || !all) return failure;
  kwass_mpi_counters *counters = kwass_mpi_shared_counters();
  const int count = *rank == 0 ? KWASS_MPI_ROUNDS : 0;
  failure = MPI_Win_allocate(
      (MPI_Aint)(count * sizeof(long long)), sizeof(long long), MPI_INFO_NULL, MPI_COMM_WORLD,
      &counters->numbers, &counters->window);
  if (failure != MPI_SUCCESS) return failure;
  MPI_Win_lock_all(0, counters->window);
  for (int round = 0; round < count; ++round) counters->numbers[round] = 0;
  MPI_Win_sync(counters->window);
  return MPI_Barrier(MPI_COMM_WORLD);
}

/// The next number of a round, from 0 on; negative where there are no counters.
static inline int kwass_mpi_claim(int round, long long *number) {
  kwass_mpi_counters *counters = kwass_mpi_shared_counters();
  const long long one = 1;
  *number = -1;
  if (counters->window == MPI_WIN_NULL || round < 0 || round >= KWASS_MPI_ROUNDS) return MPI_SUCCESS;
  int failure = MPI_Fetch_and_op(&one, number, MPI_LONG_LONG, 0, round, MPI_SUM, counters->window);
  return failure != MPI_SUCCESS ? failure : MPI_Win_flush(0, counters->window);
}

/// Waits for others without taking a processor from them: what comes soon is awaited busily.
static inline int kwass_mpi_await(MPI_Request *request) {
  int is_done = 0;
  for (long turn = 0;; ++turn) {
    int failure = MPI_Test(request, &is_done, MPI_STATUS_IGNORE);
    if (failure != MPI_SUCCESS || is_done) return failure;
    if (turn < 2000) continue;
    const long pause = turn < 4000 ? 20000 : 1000000;
    const struct timespec rest = {0, pause};
    nanosleep(&rest, NULL);
  }
}

/// Puts a number of each rank where all have it.
static inline int kwass_mpi_gather_counts(int count, int *counts) {
  MPI_Request request;
  int failure =
      MPI_Iallgather(&count, 1, MPI_INT, counts, 1, MPI_INT, MPI_COMM_WORLD, &request);
  return failure != MPI_SUCCESS ? failure : kwass_mpi_await(&request);
}

/// Puts bytes of each rank where all have them, at the given offsets.
static inline int kwass_mpi_gather(
    const void *bytes, int count, void *all, const int *counts, const int *offsets) {
  MPI_Request request;
  int failure = MPI_Iallgatherv(
      bytes, count, MPI_BYTE, all, counts, offsets, MPI_BYTE, MPI_COMM_WORLD, &request);
  return failure != MPI_SUCCESS ? failure : kwass_mpi_await(&request);
}

/// Ends all ranks.
static inline void kwass_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

#endif
