#!/usr/bin/env python3
"""Changes single lines of the readers and of other code at the border, and counts which changes tests notice.

Usage: mutate.py CLONE [--count N] [--seed N] [--filter TESTS ...] [--seconds S] [--report FILE]

CLONE is a copy of the package that is changed and spoilt; commit or copy what is to be kept. All changes are
built at once: each changed line chooses by the environment variable KWASS_MUTANT between what it says and
what the change makes of it. So the package is built a few times (a change that does not compile is left out),
and the tests run once for each change, group after group until one notices it. A change is noticed when the
tests fail, crash, or take longer than the time for which they are given. The changes:

  comparison  < for <=, == for != and so on      guard     a guard that always passes
  off by one  a range one longer or shorter      constant  a number that is one larger
"""
import argparse
import os
import random
import re
import signal
import subprocess
import sys

FOLDERS = ["Sources/Snapshots", "Sources/KwassCommand/HDF5", "Sources/KwassCommand/Arguments",
           "Sources/KwassCommand/Snapshots", "Sources/KwassCommand/ExitCode.swift"]
OTHER = {"<=": "<", "<": "<=", ">=": ">", ">": ">=", "==": "!=", "!=": "=="}
PLAIN = re.compile(r"^[^\"`{}]*$")
FORBIDDEN = re.compile(r"\b(let|var|case|try|await|is|as)\b|\$0|\?\?|->|#|<[A-Z]")
CONDITION = re.compile(r"^(\s*(?:guard|if|while|\} else if) )([^{]+?)( else \{.*| \{.*)$")
MUTANT = """import Foundation

/// The change that is in force.
private let number = ProcessInfo.processInfo.environment["KWASS_MUTANT"].flatMap { Int($0) } ?? -1

/// Whether a change is in force.
func mutant(_ wanted: Int) -> Bool { number == wanted }
"""


def changes(line):
    """The changes of a line: pairs of a kind and a line with a place for the number of the change."""
    found = []
    match = CONDITION.match(line)
    if match and PLAIN.match(match.group(2)):
        before, condition, after = match.groups()
        clauses = condition.split(", ")
        for place, clause in enumerate(clauses):
            if clause == "true" or FORBIDDEN.search(clause) or clause.count("(") != clause.count(")"):
                continue
            variants = [("guard", "true" if "guard" in before else "false")]
            operator = re.search(r" (<=|>=|==|!=|<|>) ", clause)
            if operator and clause.count(operator.group(0)) == 1 and "&&" not in clause \
                    and "||" not in clause:
                variants.append(("comparison", clause.replace(
                    operator.group(0), f" {OTHER[operator.group(1)]} ")))
            for kind, variant in variants:
                changed = clauses[:place] + [f"(mutant(@) ? ({variant}) : ({clause}))"] + clauses[place + 1:]
                found.append((kind, before + ", ".join(changed) + after))
    match = re.match(r"^(\s*for \w+ in .*?\.\.<)([\w.]+)( .*\{)$", line)
    if match:
        for step in ("+ 1", "- 1"):
            found.append(("off by one", f"{match.group(1)}(mutant(@) ? {match.group(2)} {step} : "
                                        f"{match.group(2)}){match.group(3)}"))
    match = re.match(r"^(\s*(?:private )?(?:static )?let \w+(?:: Int)? = )(\d[\d_]*)$", line)
    if match:
        found.append(("constant", f"{match.group(1)}(mutant(@) ? {match.group(2)} + 1 : {match.group(2)})"))
    match = re.match(r"^(\s*return )([\w.]+ (<=|>=|==|!=|<|>) [\w.]+)$", line)
    if match:
        found.append(("comparison", f"{match.group(1)}mutant(@) ? "
                                    f"{match.group(2).replace(match.group(3), OTHER[match.group(3)])} : "
                                    f"{match.group(2)}"))
    return found


def sources(clone):
    for folder in FOLDERS:
        path = os.path.join(clone, folder)
        if path.endswith(".swift"):
            yield path
        for root, _, names in os.walk(path):
            yield from (os.path.join(root, name) for name in sorted(names) if name.endswith(".swift"))


def apply(chosen, originals):
    """Writes the sources with all changes, of which a line bears at most one."""
    for path, lines in originals.items():
        lines = list(lines)
        for number, (place, index, _, changed) in chosen.items():
            if place == path:
                lines[index] = changed.replace("@", str(number))
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))


def build(clone, chosen, originals):
    """Builds with all changes, without those that do not compile."""
    while chosen:
        apply(chosen, originals)
        done = subprocess.run(
            ["swift", "build", "-c", "release", "-Xswiftc", "-enable-testing", "--build-tests"], cwd=clone,
            capture_output=True, text=True)
        if done.returncode == 0:
            return
        bad = {(os.path.realpath(path), int(line) - 1) for path, line in
               re.findall(r"^(/[^:\n]+):(\d+):\d+: error", done.stdout + done.stderr, re.MULTILINE)}
        wrong = [number for number, (path, index, _, _) in chosen.items()
                 if (os.path.realpath(path), index) in bad]
        # The compiler may complain of another line than that which it no longer understands.
        for path, line in bad if not wrong else ():
            near = [(abs(index - line), number) for number, (place, index, _, _) in chosen.items()
                    if os.path.realpath(place) == path]
            wrong += [min(near)[1]] if near and min(near)[1] not in wrong else []
        if not wrong:
            sys.exit(f"mutate.py: the package does not build:\n{(done.stdout + done.stderr)[-3000:]}")
        print(f"{len(wrong)} changes do not compile and are left out", flush=True)
        for number in wrong:
            del chosen[number]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("clone")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--filter", nargs="+", default=["SnapshotsTests", "KwassCommandTests"])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--report")
    options = parser.parse_args()
    originals, candidates = {}, []
    for path in sources(options.clone):
        with open(path, encoding="utf-8") as file:
            originals[path] = file.read().split("\n")
        for index, line in enumerate(originals[path]):
            found = changes(line)
            if found:
                candidates.append((path, index, found))
    generator = random.Random(options.seed)
    generator.shuffle(candidates)
    # Some will not compile.
    chosen = {}
    for number, (path, index, found) in enumerate(candidates[:options.count * 5 // 4]):
        kind, changed = generator.choice(found)
        chosen[number] = (path, index, kind, changed)
    for module in {path[len(options.clone):].lstrip("/").split("/")[1] for path in originals}:
        with open(os.path.join(options.clone, "Sources", module, "Mutant.swift"), "w",
                  encoding="utf-8") as file:
            file.write(MUTANT)
    build(options.clone, chosen, originals)
    chosen = dict(list(chosen.items())[:options.count])

    def succeeds(tests, number):
        environment = {**os.environ, "KWASS_MUTANT": str(number), "SWIFT_BACKTRACE": "enable=no"}
        process = subprocess.Popen(
            ["swift", "test", "-c", "release", "--skip-build", "--filter", tests], cwd=options.clone,
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            return process.wait(timeout=options.seconds) == 0
        except subprocess.TimeoutExpired:
            # The tests run in a process of their own, which would go on.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return False

    def passes(number):
        return all(succeeds(tests, number) for tests in options.filter)

    if not passes(-1):
        sys.exit("mutate.py: the tests fail without any change")
    survivors = []
    for done, (number, (path, index, kind, changed)) in enumerate(chosen.items(), 1):
        if passes(number):
            place = f"{os.path.relpath(path, options.clone)}:{index + 1}"
            survivors.append(f"{place}: {kind}: {changed.replace('@', str(number)).strip()}")
            print(f"not noticed: {survivors[-1]}", flush=True)
        if done % 10 == 0:
            print(f"{done - len(survivors)} of {done} noticed", flush=True)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} changes were noticed")
    if options.report:
        with open(options.report, "w", encoding="utf-8") as file:
            file.write("\n".join(survivors) + "\n")


if __name__ == "__main__":
    main()
