from __future__ import annotations

import subprocess
import sys

import pytest

USES = """
import sys
import assistant
{first}
import rasa.core.agent
import tensorflow as tf
inner = [name for name in sys.modules if name.startswith("tensorflow.python")]
print(hasattr(tf, "__version__"), len(inner))
"""


def _run(first: str = "", **environment: str) -> str:
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", USES.format(first=first)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), **environment},
    )
    return result.stdout.strip()


def test_rasa_is_imported_without_tensorflow() -> None:
    assert _run() == "False 0"


def test_an_office_with_neural_components_gets_the_real_one() -> None:
    version, modules = _run(MOTCUA_TENSORFLOW="1").split()
    assert version == "True"
    assert int(modules) > 100


@pytest.mark.parametrize(
    "use",
    [
        "class Layer(tf.keras.layers.Layer): ...",
        "@tf.function\ndef twice(x): return 2 * x\nassert twice(2) == 4",
        "import tensorflow.keras.backend as K\nassert K.anything.at_all",
        "from typing import Optional\nhint: Optional[tf.Tensor] = None",
        "from matplotlib.figure import Figure\nFigure().subplots().plot([1, 2], [3, 4])",
    ],
)
def test_what_modules_do_while_they_are_imported_works(use: str) -> None:
    assert _run(f"import tensorflow as tf\n{use}") == "False 0"
