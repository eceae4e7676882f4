"""Every option of every command, as `kwass COMMAND --help` lists them, with extreme values."""
import re
import subprocess

from judge import Case

EXTREMES = ["0", "-0", "-1", "nan", "inf", "-inf", "1e-300", "1e300", "1e-17", "1e19", "1e-12", "0.5",
            "9223372036854775807", "9223372036854775808", "18446744073709551616", "", " ", "x", "0x10",
            "1,2", ",", "1" * 400, ",".join(["1"] * 5000)]
FILES = ["", "/dev/full", ".", "none/out.csv", "none/out.npz", "x" * 300 + ".csv", "out.xyz", "/dev/null",
         b"out-\xff.csv", "out.csv", "out.npz", "out.h5", "out.svg", "-"]
# Command lines to which options are added; a later option of the same name replaces that here.
BASES = {
    "distance": [["a.csv", "b.csv"], ["a2.npz", "b2.npz"],
                 ["a2.npz", "b2.npz", "--method", "sinkhorn", "--regularization", "0.5"],
                 ["ids.h5", "ids.h5", "--phi", "log"]],
    "info": [["a.csv", "a2.h5"]],
    "convert": [["a.csv", "out.npz"], ["grid.npz", "out.csv"]],
    "series": [["run"]],
    "matrix": [["a.csv", "b.csv", "c.csv"]],
    "compare": [["a.csv", "b.csv", "--tolerance", "9"]],
    "evolve": [
        ["a.npz", "--system", "vlasov-poisson", "--epsilon", ".5", "--until", ".1", "-o", "out.npz"],
        ["a.npz", "--system", "vlasov", "--kernel", "cos:.1", "--until", ".1", "-o", "out"],
        ["a2.npz", "--system", "vlasov-poisson", "--epsilon", ".5", "--mesh", "8,8", "--until", ".1",
         "-o", "out.npz"],
        ["grid.npz", "--representation", "grid", "--system", "vlasov-poisson", "--epsilon", ".5",
         "--until", ".1", "-o", "out.npz"],
        ["a.npz", "--system", "incompressible-euler", "--step", ".01", "--until", ".1", "-o", "out.npz"]],
    "stability": [
        ["a.npz", "b.npz", "--system", "vlasov-poisson", "--epsilon", ".5", "--until", ".1"],
        ["a.npz", "b.npz", "--system", "vlasov", "--kernel", "cos:.1", "--until", ".1"]],
    "scan": [["plan.txt"]],
}
SCAN_KEYS = ["count", "seed", "epsilon", "theta", "mode", "until", "samples", "steps", "mesh", "current",
             "limit"]


def help_of(kwass, command):
    return subprocess.run([kwass, "help", command], capture_output=True, text=True).stdout


def options(text):
    """The options of a help text: name, and what stands for the value (empty for none)."""
    found = []
    for line in text[text.find("\nOptions:"):].splitlines():
        match = re.match(r"  (-{1,2}[\w-]+)(?: (\S+))?(?:  |$)", line)
        if match and match.group(1) not in ("--help", "--version"):
            found.append((match.group(1), match.group(2) or ""))
    return found


def values(kind):
    """Values to try for what a help text says stands for one."""
    if not kind:
        return []
    if re.search("FILE|DIR", kind):
        return FILES
    if "|" in kind:
        names = [name for name in kind.split("|") if name.islower()]
        tries = [f"{name.split(':')[0]}:{value}" for name in names if ":" in name
                 for value in EXTREMES[:12]]
        return names + tries + ["", "x"] + (EXTREMES if len(names) < len(kind.split("|")) else [])
    if "=" in kind:
        return [f"x={value},v={other}" for value in EXTREMES[:17] for other in ("1", value)] + \
            ["", "x", "x=", "x=1,x=1", "v=1", "x1=1,x2=2", "x=1,v=1,z=1"]
    if kind == "NAME":
        return ["free", "vlasov", "vlasov-poisson", "incompressible-euler", "isothermal-euler", "cucker-smale",
                "motsch-tadmor", "s-model", "w-model", "electrons", "", "x"] + EXTREMES[:4]
    if kind == "NAME:NUMBERS":
        return [f"{name}:{numbers}" for name in ("cos", "quadratic", "gaussian", "coulomb", "x")
                for value in EXTREMES[:17] for numbers in (value, f"{value},1", f"1,{value}")]
    if ":" in kind:
        return [f"{value}:{other}" for value in EXTREMES[:17] for other in ("1", "-1", value)] + [":"]
    if "," in kind:
        places = kind.replace(",...", "").count(",") + 1
        return EXTREMES + [",".join([value] * count) for value in EXTREMES[:17]
                           for count in {2, 3, places}] + ["x,y", "y", "x,x", "1,free", "free"]
    return EXTREMES


def cases(kwass, folder):
    for command, bases in BASES.items():
        known = options(help_of(kwass, command))
        if not known:
            raise SystemExit(f"break.py: `kwass {command} --help` lists no options")
        for base in bases:
            for name, kind in known:
                gate = name in ("--max", "--tolerance") and command in ("distance", "compare")
                for value in values(kind):
                    limit = None
                    if gate and name == ("--max" if command == "distance" else "--tolerance"):
                        try:
                            limit = float(value)
                        except ValueError:
                            pass
                    yield Case("options", [command] + without(base, name) + [name, value], folder,
                               gate=limit)
                if not kind:
                    yield Case("options", [command] + base + [name], folder)
    text = help_of(kwass, "sample")
    families = re.findall(r"^  ([a-z][a-z-]+)  ", text, re.MULTILINE)
    for family in families:
        base = ["sample", family, "--count", "20", "--seed", "1", "-o", "out.csv"]
        names = options(text) + [(name, "N") for name in
                                 sorted(set(re.findall(r"^ +(--[\w-]+)  +[a-zé]", text, re.MULTILINE)))]
        for name, kind in names:
            for value in values(kind):
                yield Case("options", without(base, name) + [name, value], folder)
    yield from scans(folder)
    # Gates where numbers leave the range of doubles.
    for option in ("--free-flow", "--lambda", "--p"):
        for value in ("1e300", "1e154", "1e-300", "1e19"):
            for command, gate in (("distance", "--max"), ("compare", "--tolerance")):
                for limit in ("0", "1e-3", "1", "1e9", "1e308"):
                    yield Case("gates", [command, "a.csv", "b.csv", gate, limit, option, value], folder,
                               gate=float(limit))
    for value in EXTREMES[:17]:
        yield Case("gates", ["distance", "a2.npz", "b2.npz", "--max", "0.3", "--accuracy", value], folder,
                   gate=0.3)


def without(base, name):
    """The command line without an option, which is not to be given twice."""
    if name not in base:
        return list(base)
    place = base.index(name)
    return base[:place] + base[place + 2:]


def scans(folder):
    for key in SCAN_KEYS:
        for value in EXTREMES:
            lines = {"epsilon": "0.5", "theta": "1e-2", "count": "16", "until": "0.1", "samples": "2",
                     "mesh": "16", key: value.replace(",", " ")}
            path = f"{folder}/scan-{abs(hash((key, value)))}.txt"
            with open(path, "w", encoding="utf-8") as file:
                file.write("".join(f"{name} {text}\n" for name, text in lines.items()))
            yield Case("options", ["scan", path], folder)
