"""The examples of the docstrings, and that everything public has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import kwass

MODULES = ["kwass"] + [f"kwass.{module.name}" for module in pkgutil.iter_modules(kwass.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert results.failed == 0


def test_everything_public_has_a_docstring():
    public = [getattr(kwass, name) for name in kwass.__all__ if name != "__version__"]
    for thing in public:
        assert inspect.getdoc(thing), thing
        if inspect.isclass(thing):
            for name, member in vars(thing).items():
                if not name.startswith("_") and (callable(member) or isinstance(member, property)):
                    assert inspect.getdoc(member), f"{thing.__name__}.{name}"
