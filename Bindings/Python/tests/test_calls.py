"""Progress, Ctrl-C, threads and processes."""

import concurrent.futures
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import kwass


@pytest.fixture(scope="module")
def large():
    """Clouds that take many seconds, however fast the machine."""
    return np.random.default_rng(2).normal(size=(2, 200000, 3))


def test_progress_is_told(large):
    told = []
    with pytest.raises(kwass.StoppedError) as caught:
        kwass.distance(
            *large, p=1,
            progress=lambda stage, fraction: told.append((stage, fraction)) or len(told) < 20)
    assert len(told) == 20
    assert all(isinstance(stage, str) and stage for stage, _ in told)
    assert all(fraction is None or 0 <= fraction <= 1 for _, fraction in told)
    assert caught.value.result.ending == "stopped"


def test_an_exception_of_progress_comes_out(large):
    class Own(Exception):
        pass

    def fails(stage, fraction):
        raise Own(stage)

    with pytest.raises(Own) as caught:
        kwass.distance(*large, p=1, progress=fails)
    assert caught.value.__suppress_context__
    with pytest.raises(Own):
        kwass.matrix([large[0][:100], large[1][:100]], progress=fails)
    solver = kwass.Solver(p=1, progress=fails)
    with pytest.raises(Own):
        solver.distance(large[0][:2000], large[1][:2000])


def test_a_bar_of_tqdm_is_moved(clouds):
    tqdm = pytest.importorskip("tqdm", reason="tqdm is not installed")
    bar = tqdm.tqdm(total=100, disable=False, file=open(os.devnull, "w"))
    kwass.matrix([clouds[0] + shift for shift in range(5)], progress=bar)
    assert 0 <= bar.n <= 100
    bar.close()


def test_a_bar_of_its_own_is_shown(clouds, capsys):
    pytest.importorskip("tqdm", reason="tqdm is not installed")
    kwass.distance(*clouds, progress=True)
    shown = capsys.readouterr().err
    # A bar that is closed ends its line.
    assert "%|" in shown and shown.endswith("\n")


def run_and_interrupt(body, seconds=0.7):
    """Runs a program, sends it SIGINT once it works, and returns what it prints and how late."""
    program = textwrap.dedent("""
        import signal, sys, threading, time
        import numpy as np
        import kwass
        # A job in the background may have been started with interrupts ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        x, y = np.random.default_rng(2).normal(size=(2, 200000, 3))
    """) + textwrap.dedent(body)
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    line = process.stdout.readline().strip()
    late = time.monotonic() - start
    process.stdout.read()
    errors = process.stderr.read()
    process.wait(timeout=60)
    return line, late, errors


def test_control_c_interrupts():
    line, late, errors = run_and_interrupt("""
        print("ready")
        try:
            kwass.distance(x, y, p=1)
        except KeyboardInterrupt:
            print("interrupted", signal.getsignal(signal.SIGINT) is signal.default_int_handler)
    """)
    assert line == "interrupted True", errors
    assert "Exception ignored" not in errors
    # A fifth of a second on a machine that does nothing else.
    assert late < 1


def test_a_handler_of_the_caller_is_called():
    line, late, errors = run_and_interrupt("""
        seen = []
        signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
        print("ready")
        start = time.monotonic()
        try:
            kwass.distance(x, y, p=1, time_limit=3)
        except kwass.TimeLimitError:
            print("went on", seen == [signal.SIGINT], time.monotonic() - start > 2)
    """)
    assert line == "went on True True", errors


def test_control_c_interrupts_a_matrix():
    line, late, errors = run_and_interrupt("""
        print("ready")
        try:
            kwass.matrix([x, y, x + 1], p=1)
        except KeyboardInterrupt:
            print("interrupted")
    """)
    assert line == "interrupted", errors
    assert late < 1


def solve(seed):
    x, y = np.random.default_rng(seed).normal(size=(2, 300, 3))
    result = kwass.distance(x, y, p=1)
    return result.distance, result.lower, result.upper, result.potentials.x.tobytes()


@pytest.fixture(scope="module")
def alone():
    return [solve(seed) for seed in range(8)]


def test_threads_give_the_same_bits(alone):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(solve, range(8))) == alone
    for threads in (1, 2, 3):
        x, y = np.random.default_rng(0).normal(size=(2, 300, 3))
        assert kwass.distance(x, y, p=1, threads=threads).distance == alone[0][0]


@pytest.mark.parametrize("kind", ["fork", "spawn"])
def test_processes_give_the_same_bits(kind, alone):
    with multiprocessing.get_context(kind).Pool(2) as pool:
        assert pool.map(solve, range(8)) == alone


def test_the_interpreter_goes_on_during_a_call(large):
    # The count goes on while the library works, since it does not hold the lock of the interpreter.
    counted, done = [0], threading.Event()

    def count():
        while not done.is_set():
            counted[0] += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    before = counted[0]
    try:
        with pytest.raises(kwass.TimeLimitError):
            kwass.distance(*large, p=1, time_limit=0.5)
    finally:
        done.set()
        counter.join()
    assert counted[0] - before > 20


def test_a_solver_works_for_one_call_at_a_time(large):
    solver = kwass.Solver(p=1, time_limit=1)
    outcome = []

    def work():
        try:
            solver.distance(*large)
        except kwass.TimeLimitError as error:
            outcome.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.3)
    with pytest.raises(kwass.BusyError):
        solver.distance([0.0], [1.0])
    worker.join()
    assert len(outcome) == 1
    assert solver.distance([0.0], [1.0]).distance == 1
