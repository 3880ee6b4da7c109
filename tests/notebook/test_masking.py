from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbprod.notebook.masking import mask

KEPT = [
    pytest.param("x = 1\ny = x % 2", id="modulo is Python"),
    pytest.param("x = (a\n  % b)", id="modulo at the start of a continuation line"),
    pytest.param('s = """\n%matplotlib inline\n!ls\n"""', id="escapes inside a string"),
    pytest.param("s = '50%'  # %time", id="percent in strings and comments"),
    pytest.param("x = 1 \\\n  % 3", id="modulo behind a backslash"),
    pytest.param("await thing()", id="top-level await"),
    pytest.param("p = '\\d'", id="invalid escape only warns"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("source", KEPT)
def test_python_is_returned_unchanged(source: str) -> None:
    masked = mask(source, 1)
    assert masked.code == source
    assert masked.findings == ()


MASKED = [
    ("%matplotlib inline\nx = 1", "\nx = 1"),
    ("  # all of it\n  x = 1\n  if x:\n    y = 2", "# all of it\nx = 1\nif x:\n  y = 2"),
    ("\n\tx = 1\n\n\ty = 2\nz = 3", "\nx = 1\n\ny = 2\nz = 3"),
    ("  %matplotlib inline\n  x = 1", "\nx = 1"),
    ("if x:\n    !ls\ny = 1", "if x:\n    pass\ny = 1"),
    ("%time x = f(1)", "x = f(1)"),
    ("%time -n 3 f()", "f()"),
    ("%timeit f()", ""),
    ("x = %time f()", "x = f()"),
    ("%%time\nx = f()", "\nx = f()"),
    ("\n%%time\n%%capture out\nx = f()", "\n\n\nx = f()"),
    ("%%bash\nls | wc\nx = 1", "\n\n"),
    ("%%html\n<b>x</b>", "\n"),
    ("df?", ""),
    ("df.head??", ""),
    ("?df.head", ""),
    ("x = 1\ndf['a']?\ny = 2", "x = 1\n\ny = 2"),
    ("files = !ls *.csv", "files = get_ipython().getoutput('ls *.csv')"),
    ("x = %env HOME", "x = get_ipython().run_line_magic('env', 'HOME')"),
    ("a, b = !ls", "a, b = get_ipython().getoutput('ls')"),
    ("!pip install a \\\n  b\nx = 1", "\n\nx = 1"),
    ("pip install pandas\nx = 1", "\nx = 1"),
    ("x = (1,\n  2)\n%who\ny = '''\n%who\n'''", "x = (1,\n  2)\n\ny = '''\n%who\n'''"),
    ("%pylab inline", "import numpy as np; import matplotlib.pyplot as plt"),
    ("s = \"it's\"\n!ls 'a", 's = "it\'s"\n'),
]


@pytest.mark.parametrize(("source", "expected"), MASKED)
def test_what_is_not_python_is_masked_line_for_line(source: str, expected: str) -> None:
    masked = mask(source, 1)
    assert masked.code == expected
    ast.parse(masked.code)


INSTALLED = [
    ("!pip install -q xgboost==2.0 shap", ("xgboost==2.0", "shap")),
    ("%pip install 'scikit-learn>=1.2,<2'", ("scikit-learn>=1.2,<2",)),
    ("!{sys.executable} -m pip install lightgbm --upgrade", ("lightgbm",)),
    ("!pip install -r requirements.txt catboost", ("catboost",)),
    ("!conda install -y -c conda-forge numpy=1.26", ("numpy==1.26",)),
    ("!apt-get install -y graphviz && pip install graphviz", ("graphviz",)),
    ("!pip install git+https://example.org/x.git ./local", ()),
    ("!pip install x$(touch /tmp/y) `id` a;b", ()),
    ("!pip install --upgrade pip", ()),
]


@pytest.mark.parametrize(("source", "expected"), INSTALLED)
def test_installs_become_requirements(source: str, expected: tuple[str, ...]) -> None:
    assert mask(source, 1).requirements == expected


def test_findings_name_the_line_and_quote_it() -> None:
    found = mask("x = 1\n%cd data\n%frobnicate 3", 7).findings
    assert [(f.code, str(f.origin), f.source) for f in found] == [
        ("W-CWD", "cell 7:2", "%cd data"),
        ("W-MAGIC", "cell 7:3", "%frobnicate 3"),
    ]


PIECES = st.sampled_from(
    ["x = 1", "%time y = 2", "!ls \\", "  more", "z = (", ")", '"""', "'''", "%%bash", "%who", "df?", "if x:",
     "    !ls", "    pass", "'", "\\", "", "# c", "a = !ls", "pip install b", "\t%x", "f'{x!r}'", "[", "é = 1"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12))
def test_every_line_keeps_its_number(lines: list[str]) -> None:
    source = "\n".join(lines)
    masked = mask(source, 1)
    assert masked.code.count("\n") == source.count("\n")
    assert all(1 <= f.origin.line <= source.count("\n") + 1 for f in masked.findings if f.origin)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="%!?\\\n ='\"([])#xif:\t{}`", max_size=40))
def test_any_text_is_masked_without_an_exception(source: str) -> None:
    assert mask(source, 1).code.count("\n") == source.count("\n")
