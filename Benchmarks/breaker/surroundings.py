"""What surrounds a command: limits, signals, full disks, pipes and names."""
import os
import resource
import signal
import subprocess
import threading

from judge import Case

MIB = 1 << 20


def limits(folder):
    writers = [["sample", "two-stream", "--count", "30000", "--seed", "1", "-o", f"big.{kind}"]
               for kind in ("csv", "npy", "npz", "h5")]
    readers = [["distance", f"large.{kind}", f"large.{kind}", *more] for kind in ("csv", "npy", "npz", "h5")
               for more in ([], ["--accuracy", ".1"])] + [
        ["info", "large.h5"], ["matrix", "a.csv", "b.csv", "c.csv"], ["series", "run"],
        ["distance", "a2.npz", "b2.npz", "--method", "sinkhorn", "--regularization", ".1"],
        ["distance", "a2.npz", "b2.npz", "--method", "glpk"],
        ["stability", "a.npz", "b.npz", "--system", "vlasov-poisson", "--epsilon", ".5", "--until", ".1"],
        ["evolve", "a2.npz", "--system", "vlasov-poisson", "--epsilon", ".5", "--mesh", "64,64",
         "--until", ".1", "-o", "out.npz"],
        ["info", "a.csv", "--phase-figure", "out.svg"]]
    for arguments in writers + readers:
        for size in (56, 60, 64, 70, 80, 96, 128, 200, 300):
            yield Case("limits", arguments, folder, limits=[(resource.RLIMIT_AS, size * MIB)])
        for count in range(3, 10):
            yield Case("limits", arguments, folder, limits=[(resource.RLIMIT_NOFILE, count)])
        yield Case("limits", arguments, folder, limits=[(resource.RLIMIT_CPU, 1)])
        for size in (64, 256, 1024):
            yield Case("limits", arguments, folder, limits=[(resource.RLIMIT_STACK, size << 10)])
    plans = [["distance", "large.npy", "b.npy", "--plan", f"plan.{kind}", "--accuracy", ".5"]
             for kind in ("csv", "npz")]
    for arguments in writers + plans + [["convert", "large.npz", "out.h5"], readers[-1], readers[-2]]:
        for size in (0, 1, 1024, 8192, 100_000, 300_000):
            yield Case("limits", arguments, folder, limits=[(resource.RLIMIT_FSIZE, size)])


def signals(folder, generator, rounds):
    commands = [["sample", "two-stream", "--count", "300000", "--seed", "1", "-o", f"target.{kind}"]
                for kind in ("csv", "npy", "npz", "h5")] + [
        ["info", "large.h5"], ["convert", "large.h5", "target.csv"],
        ["evolve", "large.npz", "--system", "vlasov-poisson", "--epsilon", ".5", "--until", "1", "--every",
         ".01", "--resume", "-o", "target.npz"]]
    for arguments in commands:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            for _ in range(rounds):
                yield Case("signals", arguments, folder, send=(number, generator.uniform(0.005, 0.4)))


def left_by_signals(kwass, folder):
    """What is left in the folder after all signals and one more run, in words."""
    subprocess.run([kwass, "sample", "two-stream", "--count", "10", "--seed", "1", "-o",
                    f"{folder}/after.csv"], capture_output=True, check=True)
    found = []
    for name in os.listdir(folder):
        if name.startswith(".kwass-") or name.endswith(".tmp"):
            found.append(f"after the signals {name} is left")
        if name.startswith("target."):
            done = subprocess.run([kwass, "info", f"{folder}/{name}"], capture_output=True)
            if done.returncode:
                found.append(f"after the signals {name} cannot be read: {done.stderr.decode()}")
    return found


def full_disks(folder):
    writers = [["sample", "two-stream", "--count", "100000", "--seed", "1", "-o", f"full/big.{kind}"]
               for kind in ("csv", "npy", "npz", "h5")] + [
        ["convert", "large.npz", "full/big.h5"],
        ["evolve", "large.npz", "--system", "free", "--until", "1", "-o", "full/series"],
        ["distance", "large.npy", "b.npy", "--plan", "full/plan.csv", "--accuracy", ".5"],
        ["info", "a.csv", "--phase-figure", "full/x.svg"]]
    os.makedirs(f"{folder}/full", exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", f"{folder}/full"],
                             capture_output=True).returncode == 0
    try:
        if mounted:
            for arguments in writers:
                yield Case("full disk", arguments, folder)
        else:
            print("No small file system can be mounted (that needs root): /dev/full stands for it.")
        for arguments in (["info", "a.csv"], ["distance", "a.csv", "b.csv", "--json"], ["--help"],
                          ["matrix", "a.csv", "b.csv"], ["series", "run"]):
            yield Case("full disk", arguments, folder, stdout="/dev/full")
        for kind in ("csv", "npz", "h5", "npy"):
            yield Case("full disk", ["convert", "a.csv", "/dev/full"], folder)
            os.symlink("/dev/full", f"{folder}/full-{kind}.{kind}")
            yield Case("full disk", ["convert", "a.csv", f"full-{kind}.{kind}"], folder)
    finally:
        if mounted:
            subprocess.run(["umount", f"{folder}/full"], check=True)


def pipes(folder):
    for arguments in (["info", "a.csv"], ["distance", "a.csv", "b.csv"], ["--help"], ["series", "run"],
                      ["matrix", "a.csv", "b.csv"], ["convert", "a.csv", "/dev/stdout"]):
        yield Case("pipes", arguments, folder, stdout="closed pipe")
        for closed in ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)):
            yield Case("pipes", arguments, folder, closed=closed)
    for kind in ("csv", "npy", "npz", "h5", "gkyl"):
        with open(f"{folder}/a.{kind}", "rb") as file:
            content = file.read()
        for number, arguments in enumerate (
                (["info"], ["distance", f"a.{kind}"], ["matrix", f"a.{kind}"], ["series"],
                 ["compare", "--tolerance", "9", f"a.{kind}"])):
            yield Case("pipes", arguments + ["/dev/stdin"], folder, stdin=content)
            yield Case("pipes", arguments + ["/dev/stdin"], folder, stdin=content[:len(content) // 2])
            yield Case("pipes", arguments + ["/dev/stdin"], folder, stdin=b"")
            yield Case("pipes", arguments + ["/dev/stdin"], folder, stdin=f"{folder}/a.{kind}")
            yield Case("pipes", arguments + ["/dev/stdin"], folder, closed=(0,))
            fifo = f"{folder}/fifo-{number}.{kind}"
            os.mkfifo(fifo)
            feed(fifo, content)
            yield Case("pipes", arguments + [fifo], folder)


def feed(path, content):
    """Writes to a pipe once it is opened, and gives up when nobody does."""

    def body():
        try:
            with open(path, "wb") as file:
                file.write(content)
        except OSError:
            pass

    threading.Thread(target=body, daemon=True).start()


def names(folder):
    with open(f"{folder}/a.csv", "rb") as file:
        content = file.read()
    odd = [b"\xff\xfe.csv", "ä ö.csv".encode(), b"new\nline.csv", b"a#7.csv", b"%T.csv", b"*.csv", b" ",
           b"a.b.c.csv", b"-x.csv", b"a.csv#", b"a.csv#x", b".csv", b"csv"]
    for name in odd:
        path = os.path.join(os.fsencode(folder), name)
        with open(path, "wb") as file:
            file.write(content)
        for arguments in (["info", path], ["distance", path, "a.csv", "--max", "9"],
                          ["convert", "a.csv", path + b".npz"], ["convert", path, "out.csv"],
                          ["series", path]):
            yield Case("names", arguments, folder)
        os.unlink(path)
    os.symlink("loop.csv", f"{folder}/loop.csv")
    os.makedirs(f"{folder}/dir.csv")
    os.makedirs(f"{folder}/empty")
    os.makedirs(f"{folder}/adios.bp")
    open(f"{folder}/empty.csv", "w", encoding="utf-8").close()
    for name in ("loop.csv", "dir.csv", "empty", "adios.bp", "empty.csv", "none.csv", "none/none.csv", "",
                 "/dev/null", "/dev/zero", "/dev/urandom", "/dev/full", "/proc/self/mem", "/proc/self/maps",
                 "/sys/kernel", "/dev/tty", "a.npz#7", "a.npz#-1", "a.npz#99999999999999999999", "x" * 5000,
                 "run/%T.npz", "run/s%06T.npz", "run/*", "run/s%T.npz#7"):
        for arguments in (["info", name], ["distance", name, "a.csv"], ["distance", "a.csv", name],
                          ["matrix", name, "a.csv"], ["series", name], ["scan", name],
                          ["convert", name, "out.csv"], ["convert", "a.csv", name + ".csv"],
                          ["compare", name, "a.csv", "--tolerance", "9"],
                          ["evolve", name, "--system", "free", "--until", "1", "-o", "out.csv"],
                          ["stability", name, "a.csv", "--system", "free", "--until", "1"],
                          ["evolve", "a.csv", "--system", "free", "--until", "1", "-o", name or "."],
                          ["distance", "a.csv", "b.csv", "--plan", name]):
            if arguments[-1].startswith(("/dev", "/proc", "/sys")) and arguments[0] != "info":
                continue
            yield Case("names", arguments, folder, seconds=60)
    for arguments in ([], ["x"], ["--"], ["distance"], ["distance", "--"], ["--json"],
                      ["distance", "a.csv", "b.csv", "c.csv"], ["info"] + ["a.csv"] * 3000,
                      [b"\xff"], ["distance", b"\xff", b"\xfe"]):
        yield Case("names", arguments, folder)
