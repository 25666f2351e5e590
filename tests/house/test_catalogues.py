"""What is declared is used, what is used is declared: events, diagnostics, codes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from executions_app.engine.events import EVENT_TYPES
from executions_app.engine.failures import CODES as FAILURES
from tests.house import advice, codes
from tests.house.events_document import undocumented
from tests.house.sources import PACKAGES, modules, tree
from workflows_app.language.agipo_notes import CODES as NOTES
from workflows_app.language.diagnostics import CATALOGUE

#: Where each code of the reference stands.
PLACES = (
    CATALOGUE,
    NOTES,
    advice.HTTP,
    advice.PYTHON,
    advice.TERMINAL,
    advice.FAILURES,
    advice.INSIDE,
)


def test_every_event_and_each_of_its_fields_is_explained() -> None:
    assert undocumented() == []


def test_every_declared_event_happens_somewhere() -> None:
    made = {name for path in modules("executions_app") for name in _made_in(tree(path))}

    assert [kind.__name__ for kind in EVENT_TYPES.values() if kind.__name__ not in made] == []


def _made_in(module: ast.Module) -> Iterator[str]:
    """Yield what is called, and what a table says is to be called."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2]
        elif isinstance(node, ast.Dict):
            yield from (value.id for value in node.values if isinstance(value, ast.Name))


def test_every_diagnostic_of_the_catalogue_is_reported_somewhere() -> None:
    assert set(CATALOGUE) - codes.named_in("workflows_app/language") == set()


def test_every_reported_code_is_in_a_catalogue() -> None:
    unknown = [said for said in codes.reported() if said[1] not in CATALOGUE | NOTES]

    assert unknown == []


def test_every_note_of_an_import_is_made_somewhere() -> None:
    assert set(NOTES) - codes.named_in("workflows_app") == set()


def test_every_failure_of_the_catalogue_is_made_somewhere() -> None:
    made = {
        node.value
        for path in modules("executions_app")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
    }

    assert set(FAILURES) - made == set()


def test_every_code_that_the_source_names_is_in_the_reference() -> None:
    told = {code for place in PLACES for code in place}

    assert codes.used() - told == set()


def test_the_reference_tells_of_no_code_that_is_not_there() -> None:
    known = codes.used() | codes.sentences().keys()

    assert {code for place in PLACES for code in place} - known == set()


def test_every_code_has_a_sentence() -> None:
    silent = {
        code
        for place in PLACES
        for code in place
        if code not in advice.SENTENCES and not codes.sentences().get(code)
    }

    assert silent == set()


def test_the_search_for_codes_finds_something() -> None:
    assert {"input.invalid", "http.status", "composio.limit", "step.timeout"} <= codes.used()
    assert len(list(PACKAGES)) == 3
