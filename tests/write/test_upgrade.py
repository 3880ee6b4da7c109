"""A project that an older nbprod wrote, with other templates, meets this one: a merge like any other."""

from __future__ import annotations

from pathlib import Path

import nbprod
from nbprod.pipeline import analyse, render_project
from nbprod.write import write

APP = "src/houses/service/app.py"


def written_by_an_older_nbprod(houses: Path) -> Path:
    """Write the project as if the templates had been others: a file more, a file less, another first line."""
    tree = dict(render_project(analyse(houses)))
    del tree["compose.yaml"]
    tree["src/houses/old_helper.py"] = '"""Not generated any more."""\n'
    tree[APP] = '"""The service, as it was."""\n' + tree[APP].split("\n", 1)[1]
    project = houses.parent / "houses"
    write(tree, project)
    return project


def test_an_upgrade_brings_new_text_and_keeps_what_a_person_wrote(houses: Path) -> None:
    project = written_by_an_older_nbprod(houses)
    app, mine = project / APP, project / "src/houses/mine.py"
    app.write_text(app.read_text() + "\n# mine, at the end\n")
    mine.write_text("x = 1\n")
    (project / "Dockerfile").unlink()
    result = nbprod.convert(houses)
    statuses = {change.path: change.status for change in result.changes}
    assert statuses[APP] == "merged"
    assert "as it was" not in app.read_text()
    assert app.read_text().endswith("# mine, at the end\n")
    assert statuses["compose.yaml"] == "added"
    assert statuses["src/houses/old_helper.py"] == "removed"
    assert statuses["Dockerfile"] == "respected"
    assert mine.read_text() == "x = 1\n"
    assert result.conflicts == ()
    assert {change.status for change in nbprod.convert(houses).changes} <= {
        "unchanged", "kept", "respected",
    }  # fmt: skip


def test_a_line_that_an_upgrade_and_a_person_changed_is_a_conflict_with_both_versions(
    houses: Path,
) -> None:
    project = written_by_an_older_nbprod(houses)
    app = project / APP
    app.write_text(app.read_text().replace("as it was", "as I like it"))
    (conflict,) = nbprod.convert(houses).conflicts
    assert conflict.path == APP
    text = app.read_text()
    assert text.startswith("<<<<<<<")
    assert "as I like it" in text
    assert render_project(analyse(houses))[APP].split("\n", 1)[0] in text
