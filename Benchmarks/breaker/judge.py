"""Runs one command line under limits, and judges how it ended."""
import glob
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import time

TRACE = re.compile(rb"Fatal error|Program crashed|Current stack trace|Backtrace took|AddressSanitizer")
# A word of its own, as a number is printed; not a part of a name, nor a family of options.
NOT_A_NUMBER = re.compile(r"(?<![\w./-])[-+]?(nan|inf|infinity)(?![\w./])", re.IGNORECASE)
BRACKET = re.compile(r"^bracket\s+\[([^,]+), ([^\]]+)\]", re.MULTILINE)


class Case:
    """A command line with what surrounds it.

    limits: pairs of a resource and its value. stdin: bytes to pipe in, or a path. send: a signal and the
    seconds after which it comes. statuses: those that are right; None for any that the others allow.
    """

    def __init__(self, group, arguments, folder, limits=(), stdin=None, stdout=None, send=None,
                 refused=False, closed=(), gate=None, seconds=30, environment=None):
        self.group, self.arguments, self.folder = group, arguments, folder
        self.limits, self.stdin, self.stdout, self.send = limits, stdin, stdout, send
        self.refused, self.closed, self.gate, self.seconds = refused, closed, gate, seconds
        self.environment = environment or {}

    def __str__(self):
        words = " ".join(shlex.quote(os.fsdecode(word)[:120]) for word in self.arguments)
        parts = [f"cd {self.folder};"]
        names = {resource.RLIMIT_AS: "v", resource.RLIMIT_FSIZE: "f", resource.RLIMIT_NOFILE: "n",
                 resource.RLIMIT_CPU: "t", resource.RLIMIT_STACK: "s"}
        for kind, value in self.limits:
            shown = value // 1024 if names[kind] in "vsf" else value
            parts.append(f"ulimit -{names[kind]} {shown};")
        parts.append(f"kwass {words}")
        if isinstance(self.stdin, bytes):
            parts.append("< (pipe)")
        elif self.stdin:
            parts.append(f"< {self.stdin}")
        if self.stdout:
            parts.append(f"> {self.stdout}")
        parts += [f"{number}>&-" for number in self.closed]
        if self.send:
            parts.append(f"# signal {self.send[0].name} after {self.send[1]:.3f} s")
        return " ".join(parts)


def run(kwass, case):
    """Returns the status (negative for a signal), None for a hang, with output and errors."""

    def prepare():
        for kind, value in case.limits:
            resource.setrlimit(kind, (value, value))
        for number in case.closed:
            os.close(number)

    stdin = subprocess.DEVNULL
    if isinstance(case.stdin, bytes):
        stdin = subprocess.PIPE
    elif case.stdin:
        stdin = open(case.stdin, "rb")
    stdout, reader = subprocess.PIPE, None
    if case.stdout == "closed pipe":
        reader, stdout = os.pipe()
        os.close(reader)
    elif case.stdout:
        stdout = open(case.stdout, "wb")
    environment = {**os.environ, "SWIFT_BACKTRACE": "color=no,interactive=no", **case.environment}
    child = subprocess.Popen(
        [os.fsencode(kwass)] + [os.fsencode(word) for word in case.arguments], cwd=case.folder,
        stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, preexec_fn=prepare, env=environment)
    if case.stdout == "closed pipe":
        os.close(stdout)
    if case.send:
        time.sleep(case.send[1])
        child.send_signal(case.send[0])
    try:
        output, errors = child.communicate(
            case.stdin if isinstance(case.stdin, bytes) else None, timeout=case.seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        output, errors = child.communicate()
        return None, output or b"", errors or b""
    return child.returncode, output or b"", errors or b""


def faults(case, status, output, errors):
    """What is wrong with how a case ended, in words; empty when nothing is."""
    found = []
    text = output.decode("utf-8", "replace")
    if status is None:
        return [f"hangs ({case.seconds} s)"]
    expected_death = (case.send and status == -case.send[0]) or (
        case.stdout == "closed pipe" and status == -signal.SIGPIPE) or (
        status in (-signal.SIGXCPU, -signal.SIGKILL)
        and any(kind == resource.RLIMIT_CPU for kind, _ in case.limits))
    if (status < 0 or status > 128) and not expected_death:
        found.append(f"ends with {status}")
    if TRACE.search(errors):
        found.append("prints the trace of a trap")
    if status == 0 and NOT_A_NUMBER.search(text):
        found.append(f"prints {NOT_A_NUMBER.search(text).group(0)} with status 0")
    if case.refused and status in (0, 1):
        found.append(f"accepts what is no number (status {status})")
    if status >= 64 and 2 not in case.closed and b"kwass:" not in errors:
        found.append(f"ends with {status} and says nothing")
    if case.gate is not None and status == 0:
        upper = upper_end(text)
        if upper is not None and not upper <= case.gate:
            found.append(f"passes a gate of {case.gate} with an upper end of {upper}")
    if not case.send:
        left = [name for pattern in (".kwass-*", "*.tmp")
                for name in glob.glob(os.path.join(case.folder, "**", pattern), recursive=True)]
        if left:
            found.append(f"leaves {left[0]}")
            for name in left:
                os.unlink(name)
    return found


def upper_end(text):
    """The upper end of the bracket that was printed; None where there is none."""
    try:
        parsed = json.loads(text)
        bracket = parsed.get("bracket") or parsed.get("bounds")
        if isinstance(bracket, dict):
            return float(bracket["upper"])
        return float(bracket[1]) if bracket else None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        match = BRACKET.search(text)
        return float(match.group(2)) if match else None
