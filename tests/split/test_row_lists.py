"""A list that grows in a loop over rows gets exactly one value a round, whatever way the round takes."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.interpret import interpret
from nbprod.split.row_lists import uneven

EVEN = [
    "made.append(v)",
    "if v:\n        made.append(1)\n    else:\n        made.append(2)",
    "try:\n        made.append(int(v))\n    except ValueError:\n        made.append(0)",
    "if v:\n        made.append(1)\n        continue\n    made.append(2)",
    "own = []\n    own.append(v)\n    own.append(v)\n    made.append(len(own))",
]
UNEVEN = [
    "if v:\n        made.append(v)",
    "if not v:\n        continue\n    made.append(v)",
    "made.append(v)\n    made.append(v)",
    "for w in v.split():\n        made.append(w)",
    "try:\n        made.append(int(v))\n    except ValueError:\n        pass",
]


def found(body: str) -> list[str]:
    text = (
        f"import pandas as pd\ndf = pd.read_csv('a.csv')\nmade = []\nfor v in df['a']:\n    {body}"
    )
    flow = interpret(ast.parse(text).body)
    return [f.code for f in uneven(flow, flow.body)]


@pytest.mark.parametrize("body", EVEN)
def test_one_value_a_round(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize("body", UNEVEN)
def test_none_or_several_are_refused(body: str) -> None:
    assert found(body) == ["E-EXPAND"]
