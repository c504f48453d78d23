"""The description of the API for programs is a promise: a change of it is reviewed."""

import json
from typing import Any

import pytest

from tests.house import goldens
from tests.house.addresses import addresses
from unionhome.config.api import api

OPERATIONS = [each for each in addresses() if each.pattern.startswith("api/")]


def schema() -> dict[str, Any]:
    """The description as it is served."""
    return dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))


def test_the_description_is_the_golden_one() -> None:
    goldens.check_json("openapi.json", schema())


def test_every_operation_is_described() -> None:
    described = {(path, method.upper()) for path, methods in schema()["paths"].items() for method in methods}
    assert len(described) == sum(len(each.methods) for each in OPERATIONS)
    for methods in schema()["paths"].values():
        for operation in methods.values():
            assert operation["summary"] and operation["operationId"] and operation["tags"], operation
            assert operation["security"], f"{operation['operationId']} asks for no token"


def test_names_of_operations_are_their_own() -> None:
    names = [operation["operationId"] for methods in schema()["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_the_description_is_served(client: Any) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["paths"].keys() == schema()["paths"].keys()
