"""Features that only look like functions of one row are refused or flagged by name; the others are left alone."""

from __future__ import annotations

import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook.values import Cell, Notebook

HEAD = "import pandas as pd\nimport numpy as np\ndf = pd.read_csv('shop.csv')"
TAIL = """from sklearn.tree import DecisionTreeRegressor
X = df[['a', 'b', 'f']]
y = df['y']
model = DecisionTreeRegressor(max_depth=6, random_state=0).fit(X, y)
model.predict(X)"""

FINE = {
    "arithmetic": "df['f'] = df['a'] * 2",
    "a learned median": "df['f'] = df['a'].fillna(df['a'].median())",
    "a pure function": "def half(v):\n    w = v / 2\n    return w\ndf['f'] = df['a'].apply(half)",
    "a local list": "def digits(v):\n    out = []\n    for d in str(v):\n        out.append(d)\n    return len(out)\ndf['f'] = df['a'].apply(digits)",
    "a cache": "cache = {}\ndef sq(v):\n    if v not in cache:\n        cache[v] = v * v\n    return cache[v]\ndf['f'] = df['a'].apply(sq)",
    "a cache that asks itself": "memo = {0: 0, 1: 1}\ndef fib(n):\n    if n not in memo:\n        memo[n] = memo[n - 1] + memo[n - 2]\n    return memo[n]\ndf['f'] = df['a'].apply(fib)",
    "a function of numpy called append": "df['f'] = df['a'].apply(lambda v: np.append([v], [1]).sum())",
    "a loop within a row": "def digits(v):\n    n = 0\n    while v > 0:\n        v //= 10\n        n += 1\n    return n\ndf['f'] = df['a'].apply(digits)",
    "a list of each row": "out = []\nfor v in df['a']:\n    w = v + 1\n    out.append(w * 2)\ndf['f'] = out",
    "a branch in a loop": "out = []\nfor v in df['a']:\n    if v > 3:\n        w = 1\n    else:\n        w = 0\n    out.append(w)\ndf['f'] = out",
    "a loop over words": "out = []\nfor v in df['k']:\n    n = 0\n    for word in v.split():\n        if word in ('x', 'y'):\n            n += len(word)\n    out.append(n)\ndf['f'] = out",
    "a resource in a loop": "import io\nout = []\nfor v in df['k']:\n    with io.StringIO(v) as text:\n        out.append(len(text.read()))\ndf['f'] = out",
    "a mask": "df['f'] = df['a'] + 0.0\ndf.loc[df['a'] > 50, 'f'] = 50",
    "a column by position": "df['f'] = 0.0\nX = df[['a', 'b', 'f']].values\nX[:, 0] = X[:, 0] / 2",
    "a slice of columns": "df['f'] = df.iloc[:, 0] + 1",
    "an option of a library": "pd.options.mode.chained_assignment = None\ndf['f'] = df['a'] + 1",
    "a name among the columns": "df['name'] = df['k']\ndf['f'] = df.apply(lambda r: len(r['name']), axis=1)",
    "a method named in a text": "df['f'] = df['a'].transform('abs')",
    "a statistic named in a text": "df['f'] = df['a'] - df['a'].agg('mean')",
    "statistics by keyword": "g = df.groupby('k').agg(m=('a', 'mean'))\ndf['f'] = df['k'].map(g['m'])",
    "a formula in a text": "df['f'] = df.eval('a * 2 + b')",
    "getattr with a name": "df['f'] = getattr(df['a'], 'abs')()",
    "pipe": "def twice(d):\n    d['f'] = d['a'] * 2\n    return d\ndf = df.pipe(twice)",
    "a seed": "import random\nrandom.seed(1)\nnp.random.seed(1)\ndf['f'] = df['a'] + 1",
    "the table in another order": "df = df.sort_values('a').reset_index(drop=True)\ndf['f'] = df['a'] + 1",
    "the table from its end": "df = df.iloc[::-1]\ndf['f'] = df['a'] + 1",
    "a loop over columns": "df['f'] = 0\nfor c in ['a', 'b']:\n    df[c] = df[c] + 1\nn = 0\nfor c in df.columns:\n    n += 1",
    "an outlier by its score": "from scipy.stats import zscore\ndf = df[np.abs(zscore(df['a'])) < 3]\ndf['f'] = df['a'] + 1",
    "a folder of the data": "import os\nfrom pathlib import Path\nhere = Path.cwd()\nfolder = os.path.join(here, os.getcwd())\ndf = pd.read_csv(os.path.join(folder, 'shop.csv'))\ndf['f'] = df['a'] + 1",
    "a list sorted for display": "names = df['k'].tolist()\nnames.sort()\nprint(names)\ndf['f'] = df['a'] + 1",
}
REFUSED = {
    "E-ROW-STATE": {
        "a global counter": "n = 0\ndef tick(v):\n    global n\n    n += 1\n    return v + n\ndf['f'] = df['a'].apply(tick)",
        "a list of what was seen": "seen = []\ndef tick(v):\n    seen.append(v)\n    return len(seen)\ndf['f'] = df['a'].apply(tick)",
        "the row before by key": "last = {}\ndef prev(row):\n    p = last.get(row['k'], 0)\n    last[row['k']] = row['a']\n    return p\ndf['f'] = df.apply(prev, axis=1)",
        "the first of its kind": "seen = set()\ndef first(v):\n    if v in seen:\n        return 0\n    seen.add(v)\n    return 1\ndf['f'] = df['k'].apply(first)",
        "a default that is kept": "def run(v, memo=[0]):\n    memo[0] += v\n    return memo[0]\ndf['f'] = df['a'].apply(run)",
        "an object that is called": "class Acc:\n    def __init__(self):\n        self.t = 0\n    def __call__(self, v):\n        self.t += v\n        return self.t\nacc = Acc()\ndf['f'] = df['a'].apply(acc)",
        "a method of an object": "class Acc:\n    def __init__(self):\n        self.t = 0\n    def add(self, v):\n        self.t += v\n        return self.t\nacc = Acc()\ndf['f'] = df['a'].apply(acc.add)",
        "an attribute of the function": "def step(v):\n    step.t = getattr(step, 't', 0) + v\n    return step.t\ndf['f'] = df['a'].apply(step)",
        "numbers by a dict that is asked first": "seen = {}\ndef number(k):\n    if k not in seen:\n        seen[k] = len(seen)\n    return seen[k]\ndf['f'] = df['k'].apply(number)",
        "a count where the key is absent": "memo = {}\nn = 0\ndef number(k):\n    global n\n    if k not in memo:\n        n += 1\n        memo[k] = n\n    return memo[k]\ndf['f'] = df['k'].apply(number)",
        "a while loop": "out, i = [], 0\nwhile i < len(df):\n    out.append(df['a'].iloc[max(i - 1, 0)])\n    i += 1\ndf['f'] = out",
        "a heap": "import heapq\nheap = []\ndef step(v):\n    heapq.heappush(heap, v)\n    return heap[0]\ndf['f'] = df['a'].apply(step)",
        "a sorted list": "from bisect import insort\nseen = []\ndef step(v):\n    insort(seen, v)\n    return len(seen)\ndf['f'] = df['a'].apply(step)",
        "a queue": "import queue\nq = queue.Queue()\nq.put(0)\ndef step(v):\n    q.put(v)\n    return q.get()\ndf['f'] = df['a'].apply(step)",
        "an attribute by setattr": "class Seen: pass\nseen = Seen()\nseen.n = 0\ndef step(v):\n    setattr(seen, 'n', seen.n + v)\n    return seen.n\ndf['f'] = df['a'].apply(step)",
        "how often a cache was asked": "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef double(v):\n    return v * 2\ndf['f'] = df['a'].apply(lambda v: double(v) + double.cache_info().misses)",
        "an iterator": "it = iter(range(10000))\ndf['f'] = df['a'].map(lambda v: next(it))",
        "a count in a comprehension": "from itertools import count\nc = count()\ndf['f'] = [v + next(c) for v in df['a']]",
        "a sum in a comprehension": "t = 0\ndf['f'] = [(t := t + v) for v in df['a']]",
        "the row before in a loop": "out = []\np = 0\nfor v in df['a']:\n    out.append(v - p)\n    p = v\ndf['f'] = out",
        "what earlier rows left in a list": "out = []\nold = []\nfor v in df['a']:\n    n = 0\n    for w in old:\n        n += 1\n    old = old + [v]\n    out.append(n)\ndf['f'] = out",
        "the row before of iterrows": "out = []\np = 0\nfor i, r in df.iterrows():\n    out.append(r['a'] - p)\n    p = r['a']\ndf['f'] = out",
    },
    "E-CROSS-ROW": {
        "a rank by its name": "df['f'] = df['a'].transform('rank')",
        "a sum by its name": "df['f'] = df['a'].agg('cumsum')",
        "a rank within groups by its name": "df['f'] = df.groupby('k')['a'].transform('rank')",
        "a lag within groups by its name": "df['f'] = df.groupby('k')['a'].transform('shift')",
        "a function of numpy": "df['f'] = df['a'].transform(np.cumsum)",
        "a method of the class": "df['f'] = pd.Series.rank(df['a'])",
        "getattr": "df['f'] = getattr(df['a'], 'rank')()",
        "accumulate": "from itertools import accumulate\ndf['f'] = list(accumulate(df['a']))",
        "an accumulating ufunc": "df['f'] = np.maximum.accumulate(df['a'].values)",
        "a score among some": "from scipy import stats\ndf['f'] = stats.zscore(df['a'], ddof=1)",
        "a scaling function": "from sklearn.preprocessing import scale\ndf['f'] = scale(df['a'])",
        "distances among the rows": "from sklearn.metrics import pairwise_distances\ndf['f'] = pairwise_distances(df[['a','b']]).mean(axis=1)",
        "the values from the end": "df['f'] = df['a'].values[::-1]",
        "iloc from the end": "df['f'] = df['a'].iloc[::-1].values",
        "a lag in a piped function": "def lag(d):\n    return d.assign(f=d['a'].shift().fillna(0))\ndf = df.pipe(lag)",
        "a rank in a piped lambda": "df = df.pipe(lambda d: d.assign(f=d['a'].rank()))",
        "a counting loop": "df['f'] = 0.0\nfor i in range(1, len(df)):\n    df.loc[i, 'f'] = df.loc[i - 1, 'a']",
        "a row by number": "df['f'] = df['a'].astype(float)\ndf.iloc[0, -1] = -1",
        "a row by label": "df['f'] = df['a'].astype(float)\ndf.at[3, 'f'] = -1",
        "some rows by label": "df['f'] = df['a'].astype(float)\ndf.loc[5:9, 'f'] = -1",
        "an item of an array": "v = df['a'].values.copy().astype(float)\nv[0] = -99\ndf['f'] = v",
        "an array shifted in place": "v = df['a'].values.copy().astype(float)\nv[1:] = v[:-1]\ndf['f'] = v",
        "an array sorted in place": "v = df['a'].values.copy()\nv.sort()\ndf['f'] = v",
        "a list turned round in place": "v = df['a'].tolist()\nv.reverse()\ndf['f'] = v",
        "an array shuffled in place": "v = df['a'].values.copy()\nnp.random.shuffle(v)\ndf['f'] = v",
        "the number of a row": "df['f'] = [i for i, v in enumerate(df['a'])]",
        "the label of a row": "df['f'] = df.apply(lambda r: r.name, axis=1)",
        "the label in a tuple": "df['f'] = [t.Index for t in df.itertuples()]",
        "the label as a column": "df = df.reset_index()\ndf['f'] = df['index'] % 5",
    },
    "E-RANDOM": {
        "a generator": "rng = np.random.default_rng(0)\ndf['f'] = rng.normal(size=len(df))",
        "a generator in a lambda": "rng = np.random.RandomState(0)\ndf['f'] = df['a'].apply(lambda v: v + rng.rand())",
        "a uuid": "import uuid\ndf['f'] = df['a'].apply(lambda v: uuid.uuid4().int % 97)",
        "the system": "import os\ndf['f'] = df['a'].apply(lambda v: os.urandom(1)[0])",
        "secrets": "import secrets\ndf['f'] = [secrets.randbelow(9) for v in df['a']]",
    },
    "E-DYNAMIC-CODE": {
        "exec": "exec(\"df['f'] = df['a'].rank()\")",
        "a statistic in a formula": "df = df.eval('f = a - a.mean()')",
        "a rank in a formula": "df['f'] = df.eval('a.rank()')",
        "a method by a variable": "how = input()\ndf['f'] = getattr(df['a'], how)()",
        "a bound method": "rank = df['a'].rank\ndf['f'] = rank()",
        "a method that is replaced": "pd.Series.median = lambda self: 3.0\ndf['f'] = df['a'].fillna(df['a'].median())",
        "a function that is replaced": "np.log1p = np.cumsum\ndf['f'] = np.log1p(df['a'].values)",
        "setattr on a library": "setattr(pd.Series, 'abs', lambda self: self.cumsum())\ndf['f'] = df['a'].abs()",
    },
}
FLAGGED = {
    "W-CLOCK": {
        "a year": "import datetime\ndf['f'] = datetime.datetime.utcnow().year - df['b']",
        "local time": "import time\ndf['f'] = time.localtime().tm_year - df['b']",
        "now in a text": "df['f'] = pd.Timestamp('now').year - df['b']",
        "today in a text": "df['f'] = pd.to_datetime('today').year - df['b']",
        "a date of numpy": "df['f'] = (np.datetime64('today') - pd.to_datetime(df['b'])).dt.days",
        "in a lambda": "from datetime import datetime\ndf['f'] = df['b'].apply(lambda v: datetime.now().year - v)",
    },
    "W-OUTSIDE": {
        "a variable of the environment": "import os\ndf['f'] = df['a'] * float(os.environ.get('RATE', '2'))",
        "a file for each row": "df['f'] = df['k'].apply(lambda k: float(open('rates.txt').read()))",
        "a network": "import urllib.request\ndef rate(v):\n    return v * float(urllib.request.urlopen('http://localhost').read())\ndf['f'] = df['a'].apply(rate)",
        "the machine": "import socket\ndf['f'] = df['a'] + len(socket.gethostname())",
    },
}


def built(code: str) -> Modules:
    sources = (HEAD, code, TAIL)
    cells = tuple(Cell(number, "code", text, text) for number, text in enumerate(sources, 1))
    return build(Notebook("n.ipynb", "n", cells))


def rows(table: dict[str, dict[str, str]]) -> list[object]:
    return [
        pytest.param(code, text, id=name)
        for code, cases in table.items()
        for name, text in cases.items()
    ]


@pytest.mark.parametrize("code", FINE.values(), ids=FINE)
def test_is_left_alone(code: str) -> None:
    found = [f for f in built(code).findings if f.code != "I-MODEL-CHOSEN"]

    assert [(f.code, f.message) for f in found] == []


@pytest.mark.parametrize(("expected", "code"), rows(REFUSED))
def test_is_refused_by_name(expected: str, code: str) -> None:
    found = [f for f in built(code).findings if f.code.startswith("E-")]

    assert {f.code for f in found} == {expected}
    assert all(f.origin is not None and f.origin.cell == 2 and f.advice for f in found)


@pytest.mark.parametrize(("expected", "code"), rows(FLAGGED))
def test_is_flagged_by_name(expected: str, code: str) -> None:
    modules = built(code)
    found = [f for f in modules.findings if f.code[:2] in ("E-", "W-")]

    assert {f.code for f in found} == {expected}
    assert all(f.origin is not None and f.origin.cell == 2 for f in found)
    if expected == "W-OUTSIDE":
        assert modules.assumptions, "what is outside can only be assumed"
