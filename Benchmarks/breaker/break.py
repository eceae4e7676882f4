#!/usr/bin/env python3
"""Breaks kwass from outside: limits, signals, full disks, pipes, damaged files, extreme options.

Usage: break.py KWASS [--only GROUP ...] [--rounds N] [--seed N] [--jobs N] [--report FILE]

A case fails when the command ends above 128 (but for the signal that it was sent), hangs, prints nan or inf
as a result with status 0, prints the trace of a trap, leaves a temporary file, accepts what is no number,
fails without a sentence, or passes a gate with a bracket that does not prove it. The status is 1 when any
case fails. Options are those that `kwass COMMAND --help` lists.
"""
import argparse
import collections
import concurrent.futures
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import files
import options
import surroundings
from judge import faults, run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kwass")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=12, help="damaged files of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--report", help="a file for the command lines that failed")
    chosen = parser.parse_args()
    kwass = os.path.abspath(chosen.kwass)
    base = tempfile.mkdtemp(prefix="kwass-breaker-")
    # A program that is rebuilt meanwhile would fail without being at fault.
    program = shutil.copy(kwass, os.path.join(base, "kwass"))
    groups = {
        "options": lambda folder: options.cases(program, folder),
        "no-number": lambda folder: files.not_numbers(program, folder),
        "damaged": lambda folder: files.damaged(
            folder, random.Random(chosen.seed), chosen.rounds),
        "names": surroundings.names,
        "limits": surroundings.limits,
        "pipes": surroundings.pipes,
        "full-disk": surroundings.full_disks,
        "signals": lambda folder: surroundings.signals(
            folder, random.Random(chosen.seed), max(1, chosen.rounds // 3)),
    }
    failures, counts = [], collections.Counter()
    start = time.monotonic()
    try:
        for name in chosen.only or groups:
            # Each worker has a folder of its own, so that leftovers can be told.
            for worker in range(chosen.jobs):
                folder = os.path.join(base, f"{name}-{worker}")
                prepare(program, folder)
            jobs = 1 if name in ("full-disk", "pipes") else chosen.jobs
            with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
                shards = [pool.submit(shard, program, groups[name], os.path.join(base, f"{name}-{worker}"),
                                      worker, jobs) for worker in range(jobs)]
                for done in shards:
                    count, found = done.result()
                    counts[name] += count
                    failures += found
            if name == "signals":
                for worker in range(jobs):
                    for fault in surroundings.left_by_signals(program, os.path.join(base, f"{name}-{worker}")):
                        failures.append((name, "", fault))
            print(f"{name}: {counts[name]} cases, "
                  f"{sum(1 for group, _, _ in failures if group == name)} failures, "
                  f"{time.monotonic() - start:.0f} s", flush=True)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    if chosen.report:
        with open(chosen.report, "w", encoding="utf-8") as file:
            file.writelines(f"{fault}\t{line.replace(base, '.')}\n" for _, line, fault in failures)
    print(f"{sum(counts.values())} cases, {len(failures)} failures")
    return 1 if failures else 0


def prepare(kwass, folder):
    os.makedirs(folder)
    files.prepare(kwass, folder)
    for kind in ("csv", "npy", "npz", "h5"):
        subprocess.run([kwass, "sample", "two-stream", "--count", "20000", "--seed", "1", "-o",
                        f"{folder}/large.{kind}"], check=True, capture_output=True)


def shard(kwass, cases, folder, worker, jobs):
    """Runs every case of a group whose turn it is; the generator makes the files of all of them."""
    found, count = [], 0
    for case in itertools.islice(cases(folder), worker, None, jobs):
        count += 1
        for fault in faults(case, *run(kwass, case)):
            group, place = os.path.basename(folder).rsplit("-", 1)[0], os.path.dirname(folder)
            found.append((group, str(case), fault))
            print(f"- {fault}: {str(case).replace(place, '.')}", flush=True)
    return count, found


if __name__ == "__main__":
    sys.exit(main())
