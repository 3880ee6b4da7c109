"""`POST /predict`: what is answered, what is refused, and how."""

from __future__ import annotations

import dataclasses
import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.services.shop import ROW, publish, start, wait_for

PARQUET = "application/vnd.apache.parquet"
ARROW = "application/vnd.apache.arrow.stream"

FRAME = pd.DataFrame(
    {"city": ["Oslo", "Rome"], "extra": [1, 2], "count": [1, 2], "amount": [None, 2.5]}
)


def post(client, body, media_type="application/json"):
    return client.post("/predict", content=body, headers={"content-type": media_type})


def instances(**changes):
    return json.dumps({"instances": [{**ROW, **changes}]}).encode()


def parquet(frame=FRAME, **options):
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), stream, **options)
    return stream.getvalue()


def arrow(table=None, **options):
    table = table or pa.Table.from_pandas(FRAME, preserve_index=False)
    stream = io.BytesIO()
    with pa.ipc.new_stream(
        stream, table.schema, options=pa.ipc.IpcWriteOptions(**options)
    ) as writer:
        writer.write_table(table)
    return stream.getvalue()


def dictionary_encoded():
    table = pa.Table.from_pandas(FRAME, preserve_index=False)
    return table.set_column(0, "city", table["city"].dictionary_encode())


def test_the_answer_holds_predictions_probabilities_classes_warnings_and_the_version(client):
    assert post(client, instances()).json() == {
        "predictions": [1],
        "probabilities": [[0.25, 0.75]],
        "classes": [0, 1],
        "warnings": [[]],
        "model_version": "v0001",
    }


def test_a_model_without_probabilities_answers_without_them(shop, tmp_path):
    registry = shop.registry.FileRegistry(tmp_path / "other")
    publish(shop, registry, 5)
    with start(shop, registry) as client:
        answer = post(client, instances()).json()
    assert answer == {"predictions": [5], "warnings": [[]], "model_version": "v0001"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"amount": 7}, id="an integer for a float"),
        pytest.param({"amount": None}, id="a null"),
        pytest.param({"other": [1, {"deep": None}]}, id="an extra column"),
        pytest.param({"city": "Århus \U0001f600"}, id="any text"),
    ],
)
def test_rows_are_taken_with(client, changes):
    assert post(client, instances(**changes)).status_code == 200


def test_the_order_of_the_columns_does_not_matter(client):
    row = dict(reversed(ROW.items()))
    assert post(client, json.dumps({"instances": [row]})).status_code == 200


def test_extra_columns_are_counted(client):
    post(client, instances(other=1))
    before = extra_columns(client)
    post(client, instances(other=1))
    post(client, instances())
    assert extra_columns(client) == before + 1


def extra_columns(client):
    lines = client.get("/metrics").text.splitlines()
    return float(next(x for x in lines if x.startswith("model_extra_columns_total ")).split()[1])


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        pytest.param(FRAME.to_csv(index=False).encode(), "text/csv", id="csv"),
        pytest.param(FRAME.to_csv(index=False).encode("utf-8-sig"), "text/csv; a=b", id="csv, bom"),
        pytest.param(parquet(), PARQUET, id="parquet"),
        pytest.param(parquet(), "application/x-parquet", id="parquet, older name"),
        pytest.param(arrow(), ARROW, id="arrow"),
        pytest.param(arrow(dictionary_encoded()), ARROW, id="arrow, dictionary"),
    ],
)
def test_batch_formats_answer_like_json(client, body, media_type):
    rows = json.loads(FRAME.to_json(orient="records"))
    expected = post(client, json.dumps({"instances": rows})).json()
    assert len(expected["predictions"]) == 2
    assert post(client, body, media_type).json() == expected


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="nothing"),
        pytest.param(b"nonsense", 400, id="no JSON"),
        pytest.param(b"\xff\xfe", 400, id="no UTF-8"),
        pytest.param(b'{"instances":[{"city":"\\ud800"}]}', 400, id="half a surrogate pair"),
        pytest.param(instances().replace(b"9.5", b"NaN"), 400, id="NaN"),
        pytest.param(instances().replace(b"9.5", b"1e400"), 422, id="1e400"),
        pytest.param(instances().replace(b"9.5", b"9" * 400), 422, id="400 digits"),
        pytest.param(b'{"instances":[{"a":' + b"[" * 200_000, 400, id="200 000 brackets"),
        pytest.param(b"[]", 422, id="a list"),
        pytest.param(b"{}", 422, id="no instances"),
        pytest.param(b'{"instances":[]}', 422, id="zero instances"),
        pytest.param(b'{"instances":[null]}', 422, id="a null row"),
        pytest.param(b'{"instances":[{}]}', 422, id="an empty row"),
        pytest.param(instances(count="2"), 422, id="a text for an integer"),
        pytest.param(instances(count=2**70), 422, id="an integer that fits nowhere"),
        pytest.param(instances(amount=True), 422, id="a truth for a number"),
        pytest.param(instances(city=None), 422, id="a null where none is allowed"),
        pytest.param(instances(amount=1e300), 422, id="what the model cannot score"),
        pytest.param(instances(count=7), 422, id="what the preprocessing cannot handle"),
    ],
)
def test_bad_bodies_are_refused_as_problems(client, body, status):
    response = post(client, body)
    assert (response.status_code, response.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
    assert response.json()["status"] == status


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        pytest.param(b"<a/>", "application/xml", 415, id="another format"),
        pytest.param(b"", "text/csv", 422, id="empty csv"),
        pytest.param(b"x,y\n1,2\n", "text/csv", 422, id="csv of other columns"),
        pytest.param(b"city,city\nOslo,Rome\n", "text/csv", 422, id="a column twice"),
        pytest.param(b"\x00\xff\n", "text/csv", 400, id="csv of bytes"),
        pytest.param(b"," * 20_000, "text/csv", 413, id="csv of too many columns"),
        pytest.param(b"PAR1" + bytes(50) + b"PAR1", PARQUET, 400, id="no parquet"),
        pytest.param(b"x" * 50, ARROW, 400, id="no arrow"),
        pytest.param(arrow()[:-200], ARROW, 400, id="half an arrow stream"),
        pytest.param(arrow(compression="zstd"), ARROW, 415, id="compressed arrow"),
        pytest.param(
            arrow(dictionary_encoded(), compression="lz4"), ARROW, 415, id="compressed dictionary"
        ),
        pytest.param(parquet(compression="zstd"), PARQUET, 415, id="parquet of unbounded ratio"),
        pytest.param(
            arrow(pa.table({"city": [["nested"]]})), ARROW, 422, id="arrow of a nested type"
        ),
    ],
)
def test_bad_batches_are_refused_as_problems(client, body, media_type, status):
    response = post(client, body, media_type)
    assert (response.status_code, response.json()["status"]) == (status, status), response.text


def test_shared_prefixes_cannot_unfold_into_gigabytes(shop, registry):
    frame = pd.DataFrame({"city": ["x" * 100_000] * 2_000})
    body = parquet(frame, use_dictionary=False, column_encoding={"city": "DELTA_BYTE_ARRAY"})
    assert len(body) < 10_000
    with start(shop, registry, max_buffered=10_000_000) as client:
        assert post(client, body, PARQUET).status_code == 413


def test_a_problem_names_column_row_and_reason_and_no_value(client):
    rows = [ROW, {**ROW, "count": "my secret"}]
    response = post(client, json.dumps({"instances": rows}))
    assert response.json()["errors"] == [
        {"column": "count", "row": 1, "reason": "must be an integer"}
    ]
    assert "secret" not in response.text


def test_limits_of_rows_and_bytes_are_413(shop, registry):
    with start(shop, registry, max_rows=2, max_body=1000) as client:
        rows = [ROW] * 3
        assert post(client, json.dumps({"instances": rows})).status_code == 413
        assert post(client, parquet(pd.DataFrame(rows)), PARQUET).status_code == 413
        assert post(client, pd.DataFrame(rows).to_csv(), "text/csv").status_code == 413
        assert post(client, b" " * 1001).status_code == 413
        assert post(client, iter([b" " * 600] * 2)).status_code == 413
        assert post(client, json.dumps({"instances": rows[:2]})).status_code == 200


def test_our_own_fault_is_a_500_without_detail_and_logged_without_the_value(
    client, caplog, monkeypatch
):
    model = client.app.state.inference.live.current.bundle.model
    monkeypatch.setitem(model, "worn", True)
    response = post(client, instances())
    assert response.status_code == 500
    assert response.json()["detail"].endswith(response.headers["x-request-id"])
    assert "secret" not in response.text + caplog.text
    assert any(getattr(r, "fields", {}).get("error") == "ValueError" for r in caplog.records)


def test_values_outside_the_domain_are_scored_with_a_warning_and_counted(client):
    answer = post(client, instances(amount=-5)).json()
    reason = "outside the training range 0 to 100"
    assert answer["warnings"] == [[{"column": "amount", "reason": reason, "policy": "flag"}]]
    assert 'model_domain_warnings_total{column="amount"}' in client.get("/metrics").text


@pytest.mark.parametrize(
    ("policy", "status", "prediction"),
    [("flag", 200, [1]), ("clip", 200, [1]), ("reject", 422, None)],
)
def test_the_policy_of_a_column_decides(shop, client, monkeypatch, policy, status, prediction):
    monkeypatch.setitem(shop.config.DOMAIN_POLICY, "amount", policy)
    response = post(client, instances(amount=-5))
    assert (response.status_code, response.json().get("predictions")) == (status, prediction)
    if status == 200:
        assert response.json()["warnings"][0][0]["policy"] == policy


def test_columns_with_numbers_for_names_are_found_in_batches(shop):
    column = shop.schema.Column("0", "float64", False, True, numbered=True)
    schema = shop.schema.RawSchema((column,))
    frame = shop.tables.read_csv(b"0,1\n1.5,2\n", schema, shop.settings.ServiceSettings())
    assert schema.coerce(frame)[0].tolist() == [1.5]


def test_clipped_numbers_keep_the_type_of_their_column(shop, monkeypatch):
    monkeypatch.setitem(shop.config.DOMAIN_POLICY, "amount", "clip")
    monkeypatch.setitem(shop.config.DOMAIN_POLICY, "count", "clip")
    schema = shop.bundle.SCHEMA
    frame = schema.frame([{**ROW, "amount": 1e9, "count": -3}, {**ROW, "amount": None}])
    clipped = schema.clipped(frame)
    assert clipped["amount"].iloc[0] == 100.0
    assert clipped["amount"].isna().tolist() == [False, True]
    assert clipped["count"].tolist() == [0, 2]
    assert clipped.dtypes.equals(frame.dtypes)
    assert frame["amount"].iloc[0] == 1e9
    assert [w["column"] for w in schema.warnings(frame)[0]] == ["amount", "count"]


def test_rows_that_depend_on_each_other_are_scored_one_request_at_a_time(shop, registry, caplog):
    with start(shop, registry) as client:
        batcher = client.app.state.inference._batcher
        assert batcher._batch_rows() == 64
        registry.promote(publish(shop, registry, 2, independent=False))
        wait_for(lambda: "v0002" in client.get("/readyz").text)
        assert batcher._batch_rows() == 1
    assert "rows depend on each other: one request at a time" in caplog.messages


def test_logged_rows_carry_the_id_of_their_request(shop, registry, tmp_path, monkeypatch):
    log = shop.request_log.RequestLog(tmp_path, 1.0)
    asked = [
        shop.scoring.Asked([ROW, ROW], "first"),
        shop.scoring.Asked([ROW], "second"),
        shop.scoring.Asked(shop.bundle.SCHEMA.frame([ROW]), "third"),
    ]
    reference = shop.profile.Profile.learn(shop.bundle.SCHEMA.frame([ROW] * 10), np.ones(10))
    monitor = shop.monitoring.Monitor(reference, "v0001", tmp_path, log)
    loaded = shop.live_model.open_version(registry, "v0001")
    scored = shop.scoring.score_batch(dataclasses.replace(loaded, monitor=monitor), asked)
    assert [len(one.answers.predictions) for one in scored] == [2, 1, 1]
    monitor.flush()
    ids = shop.request_log.read_log(tmp_path)["(request_id)"].tolist()
    assert ids == ["first", "first", "second", "third"]


def test_a_request_is_logged_under_the_id_of_its_answer(shop, registry, tmp_path, monkeypatch):
    seen = []
    score = shop.scoring.score_alone
    monkeypatch.setattr(
        shop.scoring,
        "score_alone",
        lambda loaded, asked: seen.append(asked) or score(loaded, asked),
    )
    with start(shop, registry) as client:
        response = client.post(
            "/predict", json={"instances": [ROW]}, headers={"x-request-id": "abc-1"}
        )
    assert response.headers["x-request-id"] == "abc-1"
    assert [asked.request_id for asked in seen] == ["abc-1"]
