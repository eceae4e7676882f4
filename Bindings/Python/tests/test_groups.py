"""Calls that several processes share, with threads in the place of processes."""

import threading

import numpy as np
import pytest

import kwass


class Communicator:
    """What one of several threads sees of the others, as a communicator of mpi4py."""

    def __init__(self, rank, shared):
        self.rank, self.size, self._shared = rank, len(shared["parts"]), shared
        self.calls = 0

    def allgather(self, value):
        self.calls += 1
        parts, barrier = self._shared["parts"], self._shared["barrier"]
        parts[self.rank] = value
        barrier.wait()
        found = list(parts)
        barrier.wait()
        return found


def run(count, body):
    """What a function of a communicator gives or raises in each of some threads."""
    shared = {"parts": [None] * count, "barrier": threading.Barrier(count, timeout=60)}
    found = [None] * count

    def work(rank):
        try:
            found[rank] = body(Communicator(rank, shared))
        except BaseException as error:
            found[rank] = error
            # Nobody waits for a thread that has ended.
            if not isinstance(error, kwass.KwassError):
                shared["barrier"].abort()

    threads = [threading.Thread(target=work, args=(rank,)) for rank in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("count", [1, 2, 3])
def test_sinkhorn_gives_the_bits_of_one(clouds, count):
    def solved(group=None):
        result = kwass.sinkhorn(*clouds, tolerance=0.05, group=group)
        parts = kwass.divergence(*clouds, regularization=0.1, group=group)
        moved = kwass.unbalanced(*clouds, regularization=0.1, strength=1, group=group)
        return [
            result.lower, result.upper, *result.potentials.x, parts.divergence,
            *parts.gradient().x.ravel(), moved.cost]

    alone = solved()
    groups = []

    def body(group):
        groups.append(group)
        return solved(group)

    for found in run(count, body):
        assert np.array_equal(found, alone)
    # One process has nobody to tell anything.
    assert all((group.calls > 10) == (count > 1) for group in groups)


@pytest.mark.parametrize("count", [2, 4])
def test_a_matrix_is_shared_by_pairs(count):
    measures = np.random.default_rng(3).normal(size=(4, 30, 2))
    alone = kwass.matrix(measures)
    for found in run(count, lambda group: kwass.matrix(measures, group=group)):
        for ours, theirs in zip(found, alone):
            assert np.array_equal(ours, theirs)


def test_an_error_of_a_communicator_comes_out(clouds):
    class Torn(Exception):
        pass

    def body(group):
        gather = group.allgather

        def allgather(value):
            if group.rank == 1 and group.calls == 7:
                raise Torn("cut")
            return gather(value)

        group.allgather = allgather
        return kwass.sinkhorn(*clouds, regularization=0.1, group=group)

    broken, torn = run(2, body)
    assert isinstance(torn, Torn)
    assert isinstance(broken, threading.BrokenBarrierError)


def test_processes_with_other_arguments_are_refused(clouds):
    x, y = clouds
    for body in (
        lambda group: kwass.sinkhorn(x + group.rank, y, regularization=0.1, group=group),
        lambda group: kwass.sinkhorn(x, y, regularization=0.1 + 0.1 * group.rank, group=group),
        lambda group: kwass.sinkhorn(x, y[: 80 - group.rank], regularization=0.1, group=group),
        lambda group: kwass.matrix([x, y + group.rank], group=group),
    ):
        for found in run(2, body):
            assert isinstance(found, kwass.GroupError), found


def test_one_that_stops_stops_all(clouds):
    def body(group):
        progress = (lambda stage, fraction: False) if group.rank == 1 else None
        return kwass.sinkhorn(*clouds, tolerance=1e-9, progress=progress, group=group)

    for found in run(3, body):
        assert isinstance(found, kwass.StoppedError), found
        assert 0 <= found.result.lower <= found.result.upper


def test_what_is_no_communicator_is_refused(clouds):
    for group in (2, "world", object()):
        with pytest.raises(ValueError, match="it must be a communicator of mpi4py"):
            kwass.sinkhorn(*clouds, regularization=0.1, group=group)
