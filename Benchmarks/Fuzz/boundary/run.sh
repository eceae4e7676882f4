#!/usr/bin/env bash
# Calls libkwass with wrong arguments: libFuzzer with the address sanitizer, in the library too, and the
# undefined-behaviour sanitizer in what calls it. First the test of the boundary runs against that library.
# Usage: run.sh SECONDS
# Starts from what earlier runs have found (Benchmarks/.build/fuzz-corpus/boundary). What crashes or hangs is kept
# there, and the status is 1.
set -euo pipefail
cd "$(dirname "$0")"
seconds=$1
root=$(cd ../../.. && pwd)
build=$root/Benchmarks/.build/fuzz-boundary
corpus=$root/Benchmarks/.build/fuzz-corpus/boundary
mkdir -p "$build" "$corpus"
library=$build/library/debug
[ -n "${KWASS_FUZZ_BUILT:-}" ] || swift build --package-path "$root" -c debug --sanitize=address \
  --product kwass-c --scratch-path "$build/library"
# The linker gold cannot export the sanitizer's own names.
compile() {
  clang -fuse-ld=bfd -std=c99 -g -O1 -Wall -Wextra -I"$root/Sources/CKwass/include" -L"$library" \
    -Wl,-rpath,"$library" "$@" -lkwass-c -lm -lpthread
}
compile -fsanitize=address "$root/Tests/Programs/boundary.c" -o "$build/boundary"
"$build/boundary"
compile -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined fuzz_boundary.c \
  -o "$build/fuzz-boundary"
# The registry of objects keeps what inputs leave behind until they are freed; memory of the runtime is no leak.
ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 nice "$build/fuzz-boundary" "$corpus" \
  -max_total_time="$seconds" -artifact_prefix="$corpus/../crash-boundary-" -max_len=600 -timeout=20 \
  -rss_limit_mb=3000 -print_final_stats=1 -verbosity=1 2>&1 | grep -v -e '^#' -e NEW -e REDUCE
