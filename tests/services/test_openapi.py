"""The OpenAPI document speaks of the model's own columns."""

from __future__ import annotations

import dataclasses

import pytest

from tests.services.shop import start


def test_instances_have_the_columns_types_and_example_of_the_schema(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    instance = schemas["Instance"]
    assert instance["required"] == ["amount", "count", "city"]
    assert instance["properties"]["amount"]["type"] == ["number", "null"]
    assert instance["properties"]["count"]["type"] == "integer"
    assert instance["example"] == {"amount": 9.5, "count": 2, "city": "Oslo"}
    assert "Oslo, Rome" in instance["properties"]["city"]["description"]


def test_ranges_and_categories_bind_only_where_the_policy_rejects(shop, monkeypatch):
    amount, _, city, _ = shop.bundle.SCHEMA.columns
    assert "enum" not in shop.openapi._property(city)
    assert "maximum" not in shop.openapi._property(amount)
    policies = {"amount": "reject", "city": "reject"}
    monkeypatch.setattr(shop.config, "DOMAIN_POLICY", policies)
    assert shop.openapi._property(amount)["maximum"] == 100.0
    nullable = dataclasses.replace(city, nullable=True)
    assert shop.openapi._property(nullable)["enum"] == ["Oslo", "Rome", None]


@pytest.mark.parametrize(
    ("dtype", "text", "type_"),
    [
        ("int8", False, "integer"),
        ("Int64", False, "integer"),
        ("float32", False, "number"),
        ("bool", False, "boolean"),
        ("datetime64[ns]", False, "string"),
        ("object", True, "string"),
        ("object", False, ["string", "number", "boolean"]),
    ],
)
def test_types_follow_the_training_data(shop, dtype, text, type_):
    column = shop.schema.Column("x", dtype, False, True, text=text)
    assert shop.openapi._property(column)["type"] == type_


def test_the_document_follows_the_model(shop, tmp_path):
    registry = shop.registry.FileRegistry(tmp_path / "empty")
    app = shop.app.create_app(shop.settings.ServiceSettings(), registry)
    assert app.openapi()["components"]["schemas"]["Instance"] == {"type": "object"}


def test_a_key_is_documented_where_it_is_asked_for(shop, registry, client):
    assert "security" not in client.get("/openapi.json").json()
    with start(shop, registry, api_keys=("k",)) as locked:
        document = locked.get("/openapi.json", headers={"x-api-key": "k"}).json()
    assert document["security"] == [{"key": []}]
