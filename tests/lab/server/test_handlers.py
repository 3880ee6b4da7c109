from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError

PATH = "team/my work/houses.ipynb"


async def test_a_conversion_writes_the_project_beside_the_notebook(
    finished, notebook: Path
) -> None:
    state = await finished("convert", PATH)
    assert state["state"] == "done", state
    assert state["outcome"]["verdict"] == "UNVERIFIED"
    assert state["outcome"]["target"] == "team/my work/houses"
    assert (notebook.parent / "houses" / "src" / "houses" / "features.py").is_file()


async def test_every_listed_file_opens_under_the_path_given_for_it(
    finished, notebook: Path, jp_fetch
) -> None:
    files = (await finished("convert", PATH))["outcome"]["files"]
    opened = {file["path"]: file["open"] for file in files}
    assert opened["README.md"] == "team/my work/houses/README.md"
    response = await jp_fetch("api", "contents", *opened["README.md"].split("/"))
    assert json.loads(response.body)["type"] == "file"


async def test_hidden_files_are_listed_but_not_offered_to_open(finished, notebook: Path) -> None:
    files = (await finished("convert", PATH))["outcome"]["files"]
    hidden = [file for file in files if file["path"].startswith(".")]
    assert hidden
    assert all(file["open"] is None for file in hidden)


async def test_the_second_conversion_says_that_nothing_changed(finished, notebook: Path) -> None:
    await finished("convert", PATH)
    again = (await finished("convert", PATH))["outcome"]
    assert again["summary"] == "houses/ is up to date."


async def test_a_conflict_with_a_hand_edit_is_named(finished, notebook: Path) -> None:
    await finished("convert", PATH)
    features = notebook.parent / "houses" / "src" / "houses" / "features.py"
    features.write_text(features.read_text().replace("median", "mean"))
    notebook.write_text(notebook.read_text().replace("median", "max"))
    outcome = (await finished("convert", PATH))["outcome"]
    assert outcome["verdict"] == "CONFLICTS"
    assert outcome["tone"] == "bad"
    conflicts = [file["path"] for file in outcome["files"] if file["status"] == "conflict"]
    assert "src/houses/features.py" in conflicts


async def test_tag_gives_the_roles_by_cell_number(finished, notebook: Path) -> None:
    roles = {
        role["cell"]: role["role"] for role in (await finished("tag", PATH))["outcome"]["roles"]
    }
    assert roles[3] == "load"
    assert roles[5] == "preprocessing"
    assert roles[7] == "training"


async def test_check_names_the_cell_of_an_error_and_writes_nothing(
    finished, notebook: Path
) -> None:
    notebook.write_text(notebook.read_text().replace("model.fit(X, y)", "model.fit(X, y"))
    before = sorted(notebook.parent.iterdir())
    outcome = (await finished("check", PATH))["outcome"]
    assert outcome["verdict"] == "ERRORS"
    assert [finding["cell"] for finding in outcome["findings"]] == [7]
    assert sorted(notebook.parent.iterdir()) == before


async def test_verify_without_a_project_fails_with_one_readable_line(
    finished, notebook: Path
) -> None:
    state = await finished("verify", PATH)
    assert state["state"] == "failed"
    assert "nbprod convert" in state["error"]
    assert "Traceback" not in state["error"]
    assert "\n" not in state["error"]


async def test_an_unreadable_notebook_fails_with_one_readable_line(
    finished, notebook: Path
) -> None:
    notebook.write_text("{not json")
    state = await finished("convert", PATH)
    assert state["state"] == "failed"
    assert state["error"].startswith("houses.ipynb:1:2: is not valid JSON")
    assert "Traceback" not in state["error"]


async def test_a_read_only_folder_fails_readably_and_stays_as_it_is(
    finished, notebook: Path
) -> None:
    notebook.parent.chmod(0o555)
    if os.access(notebook.parent, os.W_OK):
        pytest.skip("root may write everywhere")
    try:
        state = await finished("convert", PATH)
    finally:
        notebook.parent.chmod(0o755)
    assert state["state"] == "failed"
    assert "cannot be written" in state["error"]
    assert not (notebook.parent / "houses").exists()


async def test_a_folder_that_somebody_else_made_stays_as_it_is(finished, notebook: Path) -> None:
    (notebook.parent / "houses").mkdir()
    (notebook.parent / "houses" / "thesis.txt").write_text("mine")
    state = await finished("convert", PATH)
    assert state["state"] == "failed"
    assert "was not written by nbprod" in state["error"]
    assert [path.name for path in (notebook.parent / "houses").iterdir()] == ["thesis.txt"]


async def test_a_file_that_hides_a_library_in_the_notebooks_folder_is_not_imported(
    finished, notebook: Path
) -> None:
    (notebook.parent / "click.py").write_text("raise SystemExit('imported from the folder')")
    assert (await finished("check", PATH))["state"] == "done"


async def test_a_name_that_looks_like_an_option_is_a_name(finished, notebook: Path) -> None:
    notebook.rename(notebook.with_name("--help.ipynb"))
    assert (await finished("tag", "team/my work/--help.ipynb"))["state"] == "done"


async def test_a_name_outside_latin_1_is_answered(call) -> None:
    status, answer = await call("POST", body={"action": "check", "path": "日本/ノート.ipynb"})
    assert status == 404
    assert "日本/ノート.ipynb" in answer["message"]


async def test_two_notebooks_are_converted_at_the_same_time(finished, notebook: Path) -> None:
    other = notebook.with_name("flats.ipynb")
    other.write_bytes(notebook.read_bytes())
    both = await asyncio.gather(
        finished("convert", PATH), finished("convert", "team/my work/flats.ipynb")
    )
    assert [state["state"] for state in both] == ["done", "done"]
    assert (notebook.parent / "houses" / "pyproject.toml").is_file()
    assert (notebook.parent / "flats" / "pyproject.toml").is_file()


async def test_the_same_notebook_is_not_converted_twice_at_the_same_time(
    call, notebook: Path
) -> None:
    _, first = await call("POST", body={"action": "convert", "path": PATH})
    status, answer = await call("POST", body={"action": "convert", "path": PATH})
    assert status == 409
    assert answer["message"].startswith("houses.ipynb: convert is going on")
    await call("DELETE", first["id"])


async def test_cancelling_stops_the_run_and_leaves_no_project(call, notebook: Path) -> None:
    _, started = await call("POST", body={"action": "convert", "path": PATH})
    status, ended = await call("DELETE", started["id"])
    assert status == 200
    assert ended["state"] == "cancelled"
    assert ended["error"] == "cancelled; nothing was changed"
    names = {path.name for path in notebook.parent.iterdir()}
    assert names <= {"houses.csv", "houses.ipynb", ".nbprod.lock"}


async def test_verify_is_cancelled_at_once_where_the_server_ignores_interrupts(
    finished, call, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbprod.lab.run._GRACE", 3600.0)  # nothing but the interrupt ends it
    notebook.write_text(notebook.read_text().replace("df.head()", "__import__('time').sleep(3600)"))
    assert (await finished("convert", PATH))["state"] == "done"
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in a server started with nohup and &
    try:
        _, state = await call("POST", body={"action": "verify", "path": PATH})
        while not state["progress"] and state["state"] == "running":
            _, state = await call("GET", state["id"], seen=str(state["revision"]))
    finally:
        signal.signal(signal.SIGINT, before)
    certificate = (notebook.parent / "houses/verdict.json").read_bytes()
    async with asyncio.timeout(300):
        _, ended = await call("DELETE", state["id"])
    assert ended["state"] == "cancelled"
    assert (notebook.parent / "houses/verdict.json").read_bytes() == certificate


async def test_the_server_answers_while_a_run_is_going_on(
    finished, call, jp_fetch, notebook: Path
) -> None:
    notebook.write_text(notebook.read_text().replace("df.head()", "__import__('time').sleep(3600)"))
    assert (await finished("convert", PATH))["state"] == "done"
    _, started = await call("POST", body={"action": "verify", "path": PATH})
    response = await jp_fetch("api", "status")
    assert response.code == 200
    _, ended = await call("DELETE", started["id"])
    assert ended["state"] == "cancelled"  # so it had not ended before the server answered


@pytest.mark.parametrize(
    "path",
    [
        "../outside.ipynb",
        "team/../../outside.ipynb",
        "/../outside.ipynb",
        "team/my work/../../../outside.ipynb",
        "outside.ipynb\0",
        "missing.ipynb",
    ],
)
async def test_a_path_outside_the_root_or_without_a_file_is_not_found(
    call, jp_root_dir: Path, houses: Path, path: str
) -> None:
    (jp_root_dir.parent / "outside.ipynb").write_bytes(houses.read_bytes())
    status, answer = await call("POST", body={"action": "convert", "path": path})
    assert status == 404, answer
    assert not (jp_root_dir.parent / "outside").exists()


async def test_a_hidden_notebook_is_not_served(call, notebook: Path) -> None:
    notebook.rename(notebook.with_name(".houses.ipynb"))
    status, _ = await call("POST", body={"action": "check", "path": "team/my work/.houses.ipynb"})
    assert status == 404


async def test_a_folder_is_refused_as_such(call, notebook: Path) -> None:
    status, answer = await call("POST", body={"action": "check", "path": "team"})
    assert status == 400
    assert "is a folder" in answer["message"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"action": "convert"},
        {"action": "convert", "path": 3},
        {"action": "rm", "path": PATH},
    ],
)
async def test_a_malformed_request_is_refused(call, body: object) -> None:
    status, answer = await call("POST", body=body)
    assert status == 400
    assert "convert, verify, check, tag" in answer["message"]


async def test_an_unknown_run_is_not_found(call) -> None:
    assert (await call("GET", "0123456789abcdef"))[0] == 404
    assert (await call("DELETE", "0123456789abcdef"))[0] == 404


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
async def test_without_the_token_nothing_is_answered(jp_fetch, notebook: Path, method: str) -> None:
    parts = ("nbprod", "runs") if method == "POST" else ("nbprod", "runs", "0123456789abcdef")
    body = json.dumps({"action": "convert", "path": PATH}) if method == "POST" else None
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(*parts, method=method, body=body, headers={"Authorization": ""})
    assert caught.value.code == 403
    assert not (notebook.parent / "houses").exists()


@pytest.mark.parametrize(
    ("forbidden", "refused"),
    [
        (("write", "contents"), {"convert"}),
        (("execute", "kernels"), {"verify"}),
        (("read", "contents"), {"check", "tag"}),
        (("write", "nbprod"), {"convert", "verify", "check", "tag"}),
    ],
)
async def test_what_the_authorizer_forbids_elsewhere_is_forbidden_here(
    call, jp_serverapp, notebook: Path, forbidden: tuple[str, str], refused: set[str]
) -> None:
    authorizer = jp_serverapp.web_app.settings["authorizer"]
    authorizer.is_authorized = lambda handler, user, action, kind: (action, kind) != forbidden
    path = "team/my work/missing.ipynb"  # what is allowed gets as far as looking for the file
    for action in ("convert", "verify", "check", "tag"):
        status, _ = await call("POST", body={"action": action, "path": path})
        assert status == (403 if action in refused else 404), action


async def test_a_stopping_server_cancels_its_runs(call, jp_serverapp, notebook: Path) -> None:
    _, started = await call("POST", body={"action": "convert", "path": PATH})
    (app,) = jp_serverapp.extension_manager.extension_apps["nbprod.lab"]
    assert app.current_activity() == {"runs": [started["id"]]}
    await app.stop_extension()
    assert app.current_activity() is None
    assert not (notebook.parent / "houses").exists()
