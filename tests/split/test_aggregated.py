"""The table of groups that a model is fitted on stands for the data of the model."""

from __future__ import annotations

import ast

from nbprod.flow.interpret import interpret
from nbprod.flow.program import stamp
from nbprod.split.aggregated import Aggregated, aggregated
from nbprod.split.sinks import candidates

HEAD = "import pandas as pd\nimport numpy as np\nfrom sklearn.cluster import KMeans\ndf = pd.read_csv('sales.csv')\n"


def tables(text: str) -> list[Aggregated]:
    tree = ast.parse(HEAD + text)
    stamp(tree, 1)
    return list(aggregated(interpret(tree.body)))


def made(text: str) -> list[str]:
    """Return the statements that make the table of the last fit."""
    return [ast.unparse(s) for s in tables(text)[0].table.statements]


def test_what_the_table_depends_on_makes_it_and_nothing_else() -> None:
    text = "df['v'] = df.n * df.p\ndf.head()\nother = df.p.max()\nt = df.groupby('c')[['v']].sum()\nKMeans(2).fit(t)\n"
    assert made(text) == [
        "df = pd.read_csv('sales.csv')",
        "df['v'] = df.n * df.p",
        "t = df.groupby('c')[['v']].sum()",
    ]


def test_names_given_to_the_columns_belong_to_the_table() -> None:
    text = "t = df.groupby('c').agg({'v': 'sum'})\nprint(t)\nt.columns = ['a']\nt = t.reset_index()\nt['b'] = t.a + 1\nKMeans(2).fit(t)\n"
    assert made(text)[-2:] == ["t.columns = ['a']", "t = t.reset_index()"]


def test_several_tables_of_groups_count_from_where_they_are_one() -> None:
    text = "a = df.groupby('c').v.sum()\nb = df.groupby('c').v.max()\nt = pd.concat([a, b], axis=1)\nx = np.log(t)\nKMeans(2).fit(x)\n"
    assert made(text)[-1] == "t = pd.concat([a, b], axis=1)"


def test_columns_added_one_by_one_count_from_the_last_one() -> None:
    text = "t = pd.DataFrame()\nt['a'] = df.groupby('c').v.sum()\nt['b'] = df.groupby('c').v.max()\nKMeans(2).fit(t)\n"
    assert made(text)[-1] == "t['b'] = df.groupby('c').v.max()"


def test_the_program_with_the_table_fits_on_its_rows() -> None:
    text = "t = df.groupby('c')[['v']].sum()\nx = np.log(t)\nm = KMeans(2)\nm.fit(x)\n"
    (found,) = tables(text)
    flow = interpret(found.body)
    (sink,) = candidates(flow)
    assert flow.val(sink.x).sources == {"t"}
    assert "a request is one row of t" in found.finding.message


def test_labels_that_are_computed_with_become_a_column() -> None:
    text = "t = df.set_index('day')[['v']].resample('D').sum()\nt['m'] = t.index.month\nKMeans(2).fit(t)\n"
    (found,) = tables(text)
    assert found.table.returned == "t.reset_index()"
    assert "t = t.set_index('day')" in [ast.unparse(s) for s in found.body]


def test_two_tables_that_stay_two_are_none() -> None:
    assert (
        tables("a = df.groupby('c').v.sum()\nb = df.groupby('c').v.max()\nKMeans(2).fit(a, b)\n")
        == []
    )


def test_rows_that_were_read_need_no_table() -> None:
    assert tables("t = df[['a']] * 2\nKMeans(2).fit(t)\n") == []


def test_what_is_no_table_of_pandas_is_none() -> None:
    other = "from keras.preprocessing.sequence import TimeseriesGenerator\n"
    text = f"{other}s = df.groupby('c').v.sum().values\ng = TimeseriesGenerator(s, s, length=3)\nm.fit(g)\n"
    assert tables(text) == []
    assert tables("a = df.groupby('c')[['v']].sum().values\nKMeans(2).fit(a)\n") == []
    assert tables("a = nowhere(df.shape)\nKMeans(2).fit(a)\n") == []
