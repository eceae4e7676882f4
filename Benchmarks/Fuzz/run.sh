#!/usr/bin/env bash
# Feeds the readers with damaged files: libFuzzer with the address sanitizer.
# Usage: run.sh SECONDS [csv|npy|npz|arrays|gkyl|h5|libhdf5 ...]
# Each reader runs for that long on one core, from the fixtures of the tests and from what earlier runs
# have found (Benchmarks/.build/fuzz-corpus). What crashes or hangs is kept there, and the status is 1.
set -euo pipefail
cd "$(dirname "$0")"
seconds=$1
shift
readers=("$@")
[ ${#readers[@]} -gt 0 ] || readers=(csv npy npz arrays gkyl h5)

build=../.build/fuzz
corpus=../.build/fuzz-corpus
# A product built before is taken as it is, so that runs in small pieces do not wait for the compiler.
if [ -z "${KWASS_FUZZ_BUILT:-}" ]; then
  # Of two options the compiler of Swift takes the last, so that one names both sanitizers.
  swift build -c release --sanitize=fuzzer --sanitize=address -Xswiftc -sanitize=address,fuzzer \
    --scratch-path "$build"
fi
mkdir -p "$corpus"
python3 seeds.py ../../Tests/Fixtures "$corpus"

status=0
for reader in "${readers[@]}"; do
  echo "== $reader"
  # Swift does not give back all memory at the end, which is no leak; its own report of a crash would
  # keep that of the sanitizer from the screen.
  KWASS_FUZZ=$reader SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 \
    nice "$build/release/fuzz-readers" "$corpus/$reader" -max_total_time="$seconds" \
    -artifact_prefix="$corpus/crash-$reader-" -rss_limit_mb=3000 -malloc_limit_mb=1000 -timeout=45 \
    -print_final_stats=1 -verbosity=1 2>&1 | grep -v -e '^#' -e NEW -e REDUCE -e '# Uses' \
    | tee "$corpus/$reader.log" || status=1
  if grep -q 'no interesting inputs were found' "$corpus/$reader.log"; then
    echo "run.sh: the code does not say what an input reaches, so that inputs are not chosen by it" >&2
    status=1
  fi
done
exit $status
