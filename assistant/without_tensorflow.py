"""Lets Rasa be imported without TensorFlow, which nothing of ours uses.

Rasa's modules import TensorFlow for its neural components even when a model has none of them. That
costs half of the memory of a serving process and half of its start. :func:`hide_tensorflow` puts
empty modules in its place: classes may be derived from what they hold and names may be looked up
while modules are imported. A ``config.yml`` with neural components needs the real thing: set
``MOTCUA_TENSORFLOW=1`` in the environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

HIDDEN: Final = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras")
"""Packages that are replaced, with everything below them."""


class _Nothing(type):
    """Makes classes whose every unknown attribute is such a class again."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _Nothing(name, (), {"__module__": cls.__module__})
        setattr(cls, name, made)
        return made

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Passes a decorated function through; anything else makes an empty object."""
        if len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]
        return super().__call__()

    def __getitem__(cls, _item: object) -> Any:
        return cls


def _no(*_args: object) -> bool:
    """Answers ``tf.is_tensor`` and the like, by which other libraries know their arguments."""
    return False


class _Empty(ModuleType):
    """A module that has whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("is_"):
            return _no
        made = _Nothing(name, (), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in HIDDEN:
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leaves the module empty."""


def hide_tensorflow() -> bool:
    """Keeps TensorFlow from being loaded by this process.

    Returns:
        Whether it is hidden now; False where it had been loaded before, or was asked for.
    """
    if os.environ.get("MOTCUA_TENSORFLOW", "").lower() in {"1", "true", "yes"}:
        return False
    if "tensorflow" in sys.modules:
        return isinstance(sys.modules["tensorflow"], _Empty)
    sys.meta_path.insert(0, _Finder())
    return True
