"""The C library: its structs, constants and functions, as `include/kwass.h` declares them."""

from __future__ import annotations

import ctypes
import os
from ctypes import (
    CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_int32, c_int64, c_uint32, c_uint64,
    c_void_p)

# Statuses
OK = 0
STOPPED = 1
TIME_LIMIT = 2
NOT_REACHED = 3
ERROR_ARGUMENT = -1
ERROR_DATA = -2
ERROR_METRIC = -3
ERROR_UNSUITABLE = -4
ERROR_NOT_CONVERGED = -5
ERROR_MEMORY = -6
ERROR_RANGE = -7
ERROR_BUSY = -8
ERROR_OBJECT = -9
ERROR_NOT_AVAILABLE = -10
ERROR_GROUP = -11

# Types of numbers
DOUBLE = 0
FLOAT = 1

# Forms, spaces and nonlinearities of a metric
SPLIT = 0
JOINT = 1
SPACE_AUTOMATIC = 0
SPACE_PHASE = 1
SPACE_POSITION = 2
SPACE_VELOCITY = 3
LINEAR = 0
LOGARITHMIC = 1
EXTENDED_LOGARITHMIC = 2
POWER = 3
FUNCTION = 4
FULL = 0
HALVED = 1

# Methods and their options
AUTOMATIC = 0
NETWORK_SIMPLEX = 1
LINE = 2
CIRCLE = 3
SINKHORN = 4
UNBALANCED = 5
REGULARIZATION_AUTOMATIC = 0
REGULARIZATION_ABSOLUTE = 1
REGULARIZATION_RELATIVE = 2
KULLBACK_LEIBLER = 0
TOTAL_VARIATION = 1
MOVED_MASS = 2
WANT_PLAN = 1
WANT_GRADIENT = 2
WANT_DIVERGENCE = 4

# Answers of the progress function
GO_ON = 0
STOP = 1
ABANDON = 2

# Where the work ended
ENDED_OPTIMAL = 0
ENDED_TOLERANCE = 1
ENDED_DECIDED = 2
ENDED_APPROXIMATE = 3
ENDED_STOPPED = 4
ENDED_TIME_LIMIT = 5
ENDED_NOT_REACHED = 6

# Sides
SOURCE = 0
TARGET = 1

ScalarFunction = CFUNCTYPE(c_double, c_void_p, c_double)
ProgressFunction = CFUNCTYPE(c_int32, c_void_p, c_char_p, c_double)
ShareFunction = CFUNCTYPE(c_int32, c_void_p, c_void_p, POINTER(c_int64))


class Array(Structure):
    """`kwass_array`."""

    _fields_ = [
        ("data", c_void_p), ("point_stride", c_int64), ("axis_stride", c_int64), ("type", c_int32),
        ("dimension", c_int32)]


class Particles(Structure):
    """`kwass_particles`."""

    _fields_ = [
        ("size", c_uint64), ("count", c_int64), ("positions", Array), ("velocities", Array),
        ("weights", Array), ("box", c_void_p)]


class Grid(Structure):
    """`kwass_grid`."""

    _fields_ = [
        ("size", c_uint64), ("position_axes", c_int32), ("velocity_axes", c_int32),
        ("counts", POINTER(c_int64)), ("nodes", POINTER(c_void_p)), ("masses", c_void_p),
        ("mass_strides", POINTER(c_int64)), ("type", c_int32), ("reserved", c_int32),
        ("box", c_void_p)]


class Metric(Structure):
    """`kwass_metric`."""

    _fields_ = [
        ("size", c_uint64), ("exponent", c_double), ("form", c_int32), ("space", c_int32),
        ("position_weight", c_double), ("velocity_weight", c_double), ("shear", c_double),
        ("nonlinearity", c_int32), ("convention", c_int32), ("epsilon", c_double),
        ("power", c_double), ("function", ScalarFunction), ("function_context", c_void_p),
        ("function_bound", c_double)]


class Group(Structure):
    """`kwass_group`."""

    _fields_ = [
        ("size", c_uint64), ("rank", c_int32), ("count", c_int32), ("context", c_void_p),
        ("share", ShareFunction)]


class Options(Structure):
    """`kwass_options`."""

    _fields_ = [
        ("size", c_uint64), ("method", c_int32), ("threads", c_int32), ("tolerance", c_double),
        ("threshold", c_double), ("time_limit", c_double), ("regularization_kind", c_int32),
        ("relaxation", c_int32), ("regularization", c_double), ("strength", c_double),
        ("marginal_tolerance", c_double), ("maximum_iterations", c_int64),
        ("maximum_plan_entries", c_int64), ("wants", c_uint32), ("reserved", c_uint32),
        ("progress", ProgressFunction), ("progress_context", c_void_p), ("group", POINTER(Group))]


class Summary(Structure):
    """`kwass_summary`."""

    _fields_ = [
        ("size", c_uint64), ("distance", c_double), ("lower", c_double), ("upper", c_double),
        ("cost", c_double), ("cost_lower", c_double), ("cost_upper", c_double),
        ("position_part", c_double), ("velocity_part", c_double), ("exponent", c_double),
        ("regularization", c_double), ("transport_cost", c_double), ("entropic_cost", c_double),
        ("dual_cost", c_double), ("divergence", c_double), ("divergence_error", c_double),
        ("marginal_error", c_double), ("moved_mass", c_double), ("fixed_point_factor", c_double),
        ("fixed_point_residual", c_double), ("seconds", c_double), ("iterations", c_int64),
        ("source_count", c_int64), ("target_count", c_int64), ("plan_count", c_int64),
        ("position_axes", c_int32), ("velocity_axes", c_int32), ("ending", c_int32),
        ("is_warm", c_int32), ("method", c_char_p), ("reason", c_char_p), ("metric", c_char_p)]


# Each function with its result and its arguments. Objects are void pointers.
_PROTOTYPES = {
    "version": (c_char_p,),
    "licenses": (c_char_p,),
    "last_message": (c_char_p,),
    "metric_init": (c_int32, POINTER(Metric), c_uint64),
    "metric_set_twisted": (c_int32, POINTER(Metric), c_double, c_double, c_double, c_double),
    "group_init": (c_int32, POINTER(Group), c_uint64),
    "options_init": (c_int32, POINTER(Options), c_uint64),
    "measure_from_particles": (c_int32, POINTER(Particles), POINTER(c_void_p)),
    "measure_from_grid": (c_int32, POINTER(Grid), POINTER(c_void_p)),
    "measure_shape": (
        c_int32, c_void_p, POINTER(c_int64), POINTER(c_int32), POINTER(c_int32),
        POINTER(c_double)),
    "measure_free": (c_int32, c_void_p),
    "distance": (
        c_int32, c_void_p, c_void_p, POINTER(Metric), POINTER(Options), POINTER(c_void_p)),
    "bounds": (
        c_int32, c_void_p, c_void_p, POINTER(Metric), POINTER(Options), POINTER(c_double),
        POINTER(c_double)),
    "matrix": (
        c_int32, POINTER(c_void_p), c_int64, POINTER(Metric), POINTER(Options), c_void_p, c_void_p,
        c_void_p),
    "solver_create": (c_int32, POINTER(Metric), POINTER(Options), POINTER(c_void_p)),
    "solver_distance": (c_int32, c_void_p, c_void_p, c_void_p, POINTER(c_void_p)),
    "solver_reset": (c_int32, c_void_p),
    "solver_free": (c_int32, c_void_p),
    "result_summary": (c_int32, c_void_p, POINTER(Summary), c_uint64),
    "result_plan": (
        c_int32, c_void_p, POINTER(c_void_p), POINTER(c_void_p), POINTER(c_void_p),
        POINTER(c_int64)),
    "result_potentials": (c_int32, c_void_p, POINTER(c_void_p), POINTER(c_void_p)),
    "result_marginals": (c_int32, c_void_p, POINTER(c_void_p), POINTER(c_void_p)),
    "result_gradient": (
        c_int32, c_void_p, c_int32, POINTER(c_void_p), POINTER(c_void_p), POINTER(c_void_p)),
    "result_free": (c_int32, c_void_p),
}


def _load() -> ctypes.CDLL:
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libkwass.so.1")
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"kwass cannot load its library {path}: {error}. The package is built by `pip install .`, "
            "which needs a Swift toolchain, or comes as a wheel for Linux on x86-64.") from error
    for name, (result, *arguments) in _PROTOTYPES.items():
        function = getattr(library, "kwass_" + name)
        function.restype, function.argtypes = result, arguments
    return library


library = _load()


def last_message() -> str:
    """What the last call of this thread that failed has to say."""
    return library.kwass_last_message().decode()
