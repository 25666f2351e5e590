"""What names and tables tell about actions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.connectors.gmail_table import GMAIL
from workflows_app.connectors.composio.catalogue import Catalogue, is_local, is_slug
from workflows_app.connectors.composio.input_files import requested_files


@pytest.mark.parametrize(
    ("action", "toolkit"),
    [
        ("GMAIL_SEND_EMAIL", "gmail"),
        ("GITHUB_CREATE_AN_ISSUE", "github"),
        ("BROWSER_TOOL_NAVIGATE", "browser_tool"),
        ("GOOGLE_MAPS_NEARBY_SEARCH", "google_maps"),
        ("GOOGLEDRIVE_LIST_FILES", "googledrive"),
        ("COMPOSIO_SEARCH_NEWS", "composio_search"),
        ("COMPOSIO_MULTI_EXECUTE_TOOL", "composio"),
    ],
)
def test_a_name_tells_its_toolkit(action: str, toolkit: str) -> None:
    assert Catalogue().toolkit_of(action) == toolkit


def test_a_table_knows_better_than_the_name() -> None:
    table = {"slug": "odd_one", "tools": [{"slug": "ODD_ONE_RUN"}, {"slug": "OTHER_RUN"}]}

    catalogue = Catalogue.from_tables([table])

    assert catalogue.toolkit_of("ODD_ONE_RUN") == "odd_one"
    assert catalogue.toolkit_of("OTHER_RUN") == "odd_one"
    assert catalogue.toolkit_of("ODD_ONE_UNLISTED") == "odd_one"


@pytest.mark.parametrize(
    ("toolkit", "action", "fits"),
    [
        ("github", "GITHUB_CREATE_AN_ISSUE", True),
        ("brand_new", "BRAND_NEW_THING", True),
        ("brand", "BRAND_NEW_THING", True),
        ("gmail", "GITHUB_CREATE_AN_ISSUE", False),
        ("google", "GOOGLE_MAPS_NEARBY", False),
        ("git", "GITHUB_CREATE_AN_ISSUE", False),
        ("", "GITHUB_CREATE_AN_ISSUE", False),
        ("gmail_send", "GMAIL_SEND_EMAIL", False),
    ],
)
def test_an_account_serves_the_actions_of_its_own_toolkit(
    toolkit: str, action: str, fits: bool
) -> None:
    assert Catalogue.from_tables([GMAIL]).covers(toolkit, action=action) is fits


@pytest.mark.parametrize(
    "name",
    ["", "GMAIL", "gmail_send_email", "GMAIL_", "_GMAIL", "GMAIL__X", "GMAIL_/../X", "GMAIL_É",
     "GMAIL_X\n", "GMAIL_X?y=1", "GMAIL_" + "X" * 200],
)  # fmt: skip
def test_what_cannot_be_part_of_an_address_is_no_action(name: str) -> None:
    assert not is_slug(name)


def test_local_actions_are_known_by_name() -> None:
    refused = ["SHELLTOOL_EXEC_COMMAND", "FILETOOL_GIT_CLONE", "GIT_GITHUB_CLONE_CMD"]
    allowed = ["BROWSER_TOOL_NAVIGATE", "GITHUB_CREATE_AN_ISSUE", "SQLTOOLS_X"]

    assert all(is_local(action) for action in refused)
    assert not any(is_local(action) for action in allowed)


def test_tables_are_read_from_a_directory(tmp_path: Path) -> None:
    (tmp_path / "gmail.json").write_text(json.dumps(GMAIL))
    (tmp_path / "_meta.json").write_text("{}")

    catalogue = Catalogue.from_directory(tmp_path)

    assert [entry.action for entry in catalogue] == ["GMAIL_SEND_EMAIL"]
    assert list(Catalogue.from_directory(tmp_path / "missing")) == []


def test_an_entry_describes_the_data_and_not_the_envelope() -> None:
    entry = Catalogue.from_tables([GMAIL]).get("GMAIL_SEND_EMAIL")

    assert entry is not None
    assert set(entry.output_schema["properties"]) == {"id"}


def test_nullable_is_told_in_the_words_of_json_schema() -> None:
    entry = Catalogue.from_tables([GMAIL]).get("GMAIL_SEND_EMAIL")

    assert entry is not None
    assert entry.input_schema["properties"]["body"]["type"] == ["string", "null"]
    assert entry.output_schema["properties"]["id"] == {"type": ["string", "null"]}


@pytest.mark.parametrize("table", [{}, [], {"slug": "x", "tools": [1]}, {"slug": "x", "tools": 1}])
def test_a_table_of_another_shape_is_named(table: object) -> None:
    with pytest.raises(ValueError, match="is not a table of actions"):
        Catalogue.from_tables([table])  # type: ignore[list-item]


FILE = {"type": "string", "file_uploadable": True}


@pytest.mark.parametrize(
    ("schema", "value", "found"),
    [
        ({"properties": {"a": FILE}}, {"a": "/etc/passwd"}, ["a"]),
        ({"properties": {"a": FILE}}, {"a": {"s3key": "of-somebody"}}, ["a"]),
        ({"properties": {"a": FILE}}, {"a": None, "b": "/etc/passwd"}, []),
        ({"properties": {"a": {"items": FILE}}}, {"a": ["x", None, "y"]}, ["a[0]", "a[2]"]),
        ({"properties": {"a": {"anyOf": [{"type": "null"}, FILE]}}}, {"a": "x"}, ["a"]),
        ({"additionalProperties": FILE}, {"z": "x"}, ["z"]),
        ({"properties": {"a": {"properties": {"b": FILE}}}}, {"a": {"b": "x"}}, ["a.b"]),
        ({"properties": {"a": {"$ref": "#/$defs/f"}}, "$defs": {"f": FILE}}, {"a": "x"}, ["a"]),
        (
            {"$ref": "#/$defs/n", "$defs": {"n": {"properties": {"n": {"$ref": "#"}, "f": FILE}}}},
            {"f": "x"},
            ["f"],
        ),
        ({"$ref": "#/$defs/n", "$defs": {"n": {"$ref": "#/$defs/n"}}}, {"f": "x"}, []),
        ({"properties": {"a": {"$ref": "http://elsewhere/"}}}, {"a": "x"}, []),
    ],
)
def test_files_are_found_wherever_a_schema_takes_them(
    schema: dict, value: dict, found: list[str]
) -> None:
    assert requested_files(schema, value) == found
