"""A name is undefined where nothing binds it in the scopes that Python looks in."""

from __future__ import annotations

import pytest

from nbprod.modules.undefined import undefined

FINE = (
    "import numpy as np\n\n\ndef f(x):\n    return np.log(x) + len(x)\n",
    "def f():\n    return g()\n\n\ndef g():\n    return __name__\n",
    "def f():\n    global seen\n    seen = 1\n\n\ndef g():\n    return seen\n",
    "from x import *\n\n\ndef f():\n    return anything\n",
    "def f(rows):\n    n = 1\n    return [n * r for r in rows if (lambda a: a + n)(r)]\n",
    "class A:\n    size = 3\n\n    def f(self):\n        return self.size, A\n",
    "from __future__ import annotations\n\n\ndef f(x: int) -> int:\n    try:\n        return x\n    except ValueError as e:\n        return e\n",
)
UNDEFINED = (
    ("def f():\n    return encoder(1)\n\n\ndef g(encoder):\n    return encoder\n", ["encoder"]),
    ("def f():\n    x = 1\n    return x\n\n\ny = x\n", ["x"]),
    ("class A:\n    size = 3\n\n    def f(self):\n        return size\n", ["size"]),
    ("def f(rows):\n    return [r for r in rows] + r\n", ["r"]),
)


@pytest.mark.parametrize("text", FINE)
def test_what_some_scope_around_binds_is_defined(text: str) -> None:
    assert undefined(text) == []


@pytest.mark.parametrize(("text", "names"), UNDEFINED)
def test_what_only_another_function_binds_is_not(text: str, names: list[str]) -> None:
    assert undefined(text) == names


def test_a_text_that_is_no_python_is_told() -> None:
    with pytest.raises(SyntaxError):
        undefined("def f(:\n")
