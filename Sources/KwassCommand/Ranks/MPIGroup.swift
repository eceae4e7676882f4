#if MPI
  import CMPI
  import KineticTransport
  import Synchronization

  /// One thread at a time calls MPI.
  private let calls = Mutex(())

  /// The ranks that `mpirun` has started. Numbers may be claimed on any thread, and all else comes from one.
  struct MPIGroup: ProcessGroup {
    let rank: Int
    let size: Int

    /// Joins the others, once in a process.
    init() throws(ProcessGroupError) {
      var (rank, size): (Int32, Int32) = (0, 1)
      let failure = kwass_mpi_begin(&rank, &size)
      guard failure == MPI_SUCCESS else {
        throw ProcessGroupError("MPI cannot be begun (its error \(failure)).")
      }
      (self.rank, self.size) = (Int(rank), Int(size))
    }

    func claim(_ round: Int) throws(ProcessGroupError) -> Int? {
      let (number, failure) = calls.withLock { _ in
        var number: Int64 = -1
        let failure = kwass_mpi_claim(Int32(clamping: round), &number)
        return (number, failure)
      }
      guard failure == MPI_SUCCESS else {
        throw ProcessGroupError("MPI could not deal out work (its error \(failure)).")
      }
      return number < 0 ? nil : Int(number)
    }

    func gather(_ bytes: [UInt8]) throws(ProcessGroupError) -> [[UInt8]] {
      var counts = [Int32](repeating: 0, count: size)
      // MPI counts in 32 bits; all ranks then find the same.
      let own = Int32(exactly: bytes.count) ?? -1
      var failure = kwass_mpi_gather_counts(own, &counts)
      guard failure == MPI_SUCCESS else {
        throw ProcessGroupError("MPI could not exchange numbers (its error \(failure)).")
      }
      let total = counts.reduce(0) { $0 + Int($1) }
      guard !counts.contains(where: { $0 < 0 }), let _ = Int32(exactly: total) else {
        throw ProcessGroupError("The ranks have more than 2 GB to exchange, which MPI cannot.")
      }
      var offsets: [Int32] = []
      var end: Int32 = 0
      for count in counts {
        offsets.append(end)
        end += count
      }
      var all = [UInt8](repeating: 0, count: max(1, total))
      failure = kwass_mpi_gather(bytes, own, &all, counts, offsets)
      guard failure == MPI_SUCCESS else {
        throw ProcessGroupError("MPI could not exchange results (its error \(failure)).")
      }
      return zip(offsets, counts).map { Array(all[Int($0)..<Int($0 + $1)]) }
    }

    func abort(_ status: Int32) { kwass_mpi_abort(status) }
  }
#endif
