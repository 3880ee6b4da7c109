"""What only reading the training data needs is imported where it is read, and apart from what serving needs."""

from __future__ import annotations

import ast

import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook.values import Cell, Notebook
from nbprod.render import render
from nbprod.render.environment import Environment

FIT = """from sklearn.linear_model import LinearRegression
model = LinearRegression().fit(df[['a']], df['y'])
model.predict(df[['a']])"""
SQL = """import pandas as pd
from sqlalchemy import create_engine
engine = create_engine('sqlite:///shop.db')
df = pd.read_sql('select * from t', engine)
"""


def built(text: str) -> Modules:
    return build(Notebook("n.ipynb", "n", (Cell(1, "code", text, text),)))


def test_the_library_of_a_database_is_imported_where_it_is_read() -> None:
    modules = built(SQL + FIT)
    head = [ast.unparse(n) for n in ast.parse(modules.files["data.py"]).body]
    assert not any("sqlalchemy" in line for line in head if "import" in line.split("\n")[0])
    assert "    from sqlalchemy import create_engine" in modules.files["data.py"]
    assert modules.train_only_imports == ("sqlalchemy",)


@pytest.mark.parametrize(
    ("read", "needed"),
    [
        ("pd.read_excel('shop.xlsx')", ("openpyxl",)),
        ("pd.read_excel('shop.xls')", ("xlrd",)),
        ("pd.read_csv('shop.csv')", ()),
    ],
)
def test_what_pandas_reads_with_is_needed_for_training(read: str, needed: tuple[str, ...]) -> None:
    modules = built(f"import pandas as pd\ndf = {read}\n{FIT}")
    assert modules.train_only_imports == needed
    assert set(needed) <= set(modules.imports)


def test_what_features_need_too_is_no_extra() -> None:
    text = (
        "import seaborn as sns\nimport scipy.stats\ndf = sns.load_dataset('tips')\n"
        "df['a'] = scipy.stats.norm.cdf(df['a'])\n"
    )
    modules = built(text + FIT)
    assert modules.train_only_imports == ("seaborn",)


def test_the_project_names_both_sets() -> None:
    pins = (("numpy", "2.4.0"), ("pandas", "2.3.0"), ("SQLAlchemy", "2.0.1"))
    tree = render(built(SQL + FIT), environment=Environment("3.11.0", pins, ()), data_dir="..")
    project = tree["pyproject.toml"]
    serving, _, rest = project.partition("[project.optional-dependencies]")
    assert "SQLAlchemy" not in serving
    assert '"pandas==2.3.0"' in serving
    assert '"SQLAlchemy==2.0.1"' in rest


RESAMPLED = """import pandas as pd
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline
from sklearn.linear_model import LogisticRegression
df = pd.read_csv('shop.csv')
X, y = df[['a', 'b']], df['y']
"""


def test_resampling_is_for_training_alone() -> None:
    text = "X, y = SMOTE().fit_resample(X, y)\nmodel = LogisticRegression().fit(X, y)\n"
    assert built(RESAMPLED + text).train_only_imports == ("imblearn",)


def test_a_model_that_holds_its_resampling_is_loaded_with_it() -> None:
    text = "model = make_pipeline(SMOTE(), LogisticRegression()).fit(X, y)\nmodel.predict(X)\n"
    modules = built(RESAMPLED + text)
    assert modules.train_only_imports == ()
    assert "imblearn" in modules.imports


def test_the_image_of_the_service_is_without_what_only_training_needs() -> None:
    text = "X, y = SMOTE().fit_resample(X, y)\nmodel = LogisticRegression().fit(X, y)\n"
    lock = ("imbalanced-learn==0.14.2", "pandas==2.3.0", "sklearn-compat==0.1.6")
    pins = (("imbalanced-learn", "0.14.2"), ("pandas", "2.3.0"))
    training = ("imbalanced-learn", "sklearn-compat")
    environment = Environment("3.11.0", pins, lock, training=training)
    tree = render(built(RESAMPLED + text), environment=environment, targets=["kubernetes"])
    serving = tree["requirements-serve.lock"].splitlines()[1:]
    assert serving == ["pandas==2.3.0"]
    stages = dict(part.split("\n", 1) for part in tree["Dockerfile"].split("\nFROM ")[1:])
    assert "requirements-serve.lock" in stages["start AS build"]
    assert "-r requirements.lock" in stages["build AS build-train"]
    assert stages["service"].strip() == "COPY --from=build /venv /venv"
    assert "image: n-train\n" in tree["deploy/kubernetes/retrain.yaml"]
    assert "image: n\n" in tree["deploy/kubernetes/deployment.yaml"]


def test_one_set_needs_one_image() -> None:
    text = "import pandas as pd\ndf = pd.read_csv('shop.csv')\n"
    tree = render(built(text + FIT), environment=Environment("3.11.0", (), ()))
    assert "requirements-serve.lock" not in tree
    assert "train" not in tree["Dockerfile"]


SEARCHED = """import pandas as pd
import optuna
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier
df = pd.read_csv('shop.csv')
X, y = df[['a', 'b']], df['y']
def objective(trial):
    tree = DecisionTreeClassifier(max_depth=trial.suggest_int('max_depth', 2, 6))
    return cross_val_score(tree, X, y).mean()
study = optuna.create_study(direction='maximize')
study.optimize(objective, n_trials=5)
model = DecisionTreeClassifier(**study.best_params).fit(X, y)
model.predict(X)
"""


def test_a_search_of_parameters_runs_when_the_model_is_fitted() -> None:
    modules = built(SEARCHED)
    text = modules.files["model.py"]
    assert (
        text.index("def objective")
        < text.index("study.optimize(objective")
        < text.index(".fit(X, y)")
    )
    assert modules.train_only_imports == ("optuna",)


def test_the_search_of_another_library_leaves_its_best_model() -> None:
    text = """import pandas as pd
from skopt import BayesSearchCV
from skopt.space import Integer
from sklearn.tree import DecisionTreeClassifier
df = pd.read_csv('shop.csv')
search = BayesSearchCV(DecisionTreeClassifier(), {'max_depth': Integer(2, 6)})
search.fit(df[['a', 'b']], df['y'])
search.predict(df[['a', 'b']])
"""
    modules = built(text)
    assert "return search.best_estimator_" in modules.files["model.py"]
    assert modules.train_only_imports == ("skopt",)
