"""``manage.py workflows`` and ``load_samples``: what they show, save, and answer to a shell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from tests.cli.commands import manage
from tests.cli.definitions import double, saved
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import save_draft

AGIPO = Path(__file__).parent.parent / "fixtures/agipo/send-site-content-to-email.workflow.json"


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(content: Any) -> str:
        path = tmp_path / "workflow.json"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text)
        return str(path)

    return write


# -- validate ---------------------------------------------------------------------------------


def test_a_sound_file_is_said_to_have_no_problems(file: Any) -> None:
    answer = manage("workflows", "validate", file(double()))

    assert (answer.status, answer.out) == (0, "no problems\n")


def test_a_file_with_errors_shows_where_what_and_how_to_mend_it(file: Any) -> None:
    answer = manage("workflows", "validate", file(double(edges=[["twice", "gone"]])))

    assert answer.status == 1
    for said in ("error", "/edges/0/1", "edge.dangling", "'gone'", "→ remove the edge", "1 error"):
        assert said in answer.out


def test_programs_get_the_diagnostics_of_the_api(file: Any) -> None:
    answer = manage("workflows", "validate", file(double(edges=[["twice", "gone"]])), "--json")

    assert (answer.status, answer.json["status"]) == (1, "errors")
    assert answer.json["diagnostics"][0]["path"] == "/edges/0/1"
    assert set(answer.json["diagnostics"][0]) == {
        *("code", "severity", "message", "path", "node_id", "fix", "repairs")
    }


def test_an_agipo_file_is_recognised_and_its_warnings_are_no_failure() -> None:
    answer = manage("workflows", "validate", str(AGIPO), "--json")

    assert (answer.status, answer.json["format"]) == (0, "agipo")
    assert [item["code"] for item in answer.json["diagnostics"]] == ["type.unknown"] * 2
    assert len(answer.json["notes"]) == 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "json.invalid"),
        ('{"a": NaN}', "json.invalid"),
        ('{"a": 1, "a": 2}', "json.invalid"),
        ("[" * 10_000, "json.limit"),
        ('{"nodes": "\\u0000"}', "json.invalid"),
        ("[]", "import.unknown_format"),
        ('{"name": "x"}', "import.unknown_format"),
        (" " * 2_500_001, "request.too_large"),
    ],
)
def test_what_is_no_workflow_file_is_refused_with_one_sentence(
    file: Any, content: str, code: str
) -> None:
    path = file(content)

    answer, for_programs = (
        manage("workflows", "validate", path, *more) for more in ((), ("--json",))
    )

    assert (answer.status, answer.out) == (1, "")
    assert answer.error
    assert (for_programs.status, for_programs.json["code"]) == (1, code)


def test_a_file_that_is_not_there_is_named() -> None:
    answer = manage("workflows", "validate", "nowhere.json")

    assert answer.status == 1
    assert "'nowhere.json' cannot be read: No such file" in answer.error


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["validate", str(AGIPO)], 0), (["validate", "nowhere.json"], 1), (["vlidate"], 2)],
)
def test_a_shell_sees_the_exit_status(arguments: list[str], status: int) -> None:
    command = [sys.executable, "manage.py", "workflows", *arguments]

    ended = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)

    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr


# -- import and export ------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_import_saves_for_the_owner_and_says_how_to_run_it(file: Any) -> None:
    owner = get_user_model().objects.create_user("ada")

    answer = manage("workflows", "import", file(double()), "--owner", "ada", "--name", "Mine")

    row = Workflow.objects.get(name="Mine")
    assert (answer.status, row.owner) == (0, owner)
    assert f"manage.py run_workflow {row.pk} --follow" in answer.out


@pytest.mark.django_db
def test_an_import_with_errors_is_saved_and_is_a_failure(file: Any) -> None:
    answer = manage("workflows", "import", file(double(nodes=[])), "--json")

    row = Workflow.objects.get(pk=answer.json["id"])
    assert (answer.status, answer.json["status"], answer.json["version"]) == (1, "errors", None)
    assert row.compile_status == "errors"


@pytest.mark.django_db
def test_an_import_for_somebody_unknown_saves_nothing(file: Any) -> None:
    answer = manage("workflows", "import", file(double()), "--owner", "nobody")

    assert answer.status == 1
    assert "there is no user 'nobody'" in answer.error
    assert not Workflow.objects.filter(name="Double").exists()


@pytest.mark.django_db
def test_what_is_exported_can_be_imported_again(tmp_path: Path) -> None:
    saved(double(description="é \x07 \u202e"), "first")
    path = tmp_path / "out.json"

    written = manage("workflows", "export", "first", "--output", str(path))
    again = manage("workflows", "import", str(path), "--json")

    assert (written.status, again.status) == (0, 0)
    assert Workflow.objects.get(pk=again.json["id"]).definition == double(
        description="é \x07 \u202e"
    )


@pytest.mark.django_db
def test_a_file_is_overwritten_only_by_force(tmp_path: Path) -> None:
    saved(double(), "first")
    path = tmp_path / "out.json"
    path.write_text("mine")
    export = ("workflows", "export", "first", "--output", str(path))

    refused = manage(*export)

    assert (refused.status, path.read_text()) == (1, "mine")
    assert manage(*export, "--force").status == 0
    assert json.loads(path.read_text()) == double()


@pytest.mark.django_db
def test_an_export_is_the_draft_or_the_version_asked_for() -> None:
    workflow = saved(double(), "first")
    save_draft(workflow, definition=double(nodes=[]), by=None)

    draft, version = (
        manage("workflows", "export", "first", *more).json for more in ((), ("--version", "1"))
    )

    assert (draft["nodes"], version) == ([], double())
    assert manage("workflows", "export", "first", "--version", "2").status == 1


@pytest.mark.django_db
def test_a_name_finds_a_workflow_unless_several_have_it() -> None:
    saved(double(), "first")
    assert manage("workflows", "export", "Double").status == 0

    saved(double(), "second")
    ambiguous = manage("workflows", "export", "Double")

    assert ambiguous.status == 1
    assert "use an id: first, second" in ambiguous.error


# -- list -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_list_shows_drawn_workflows_and_those_in_code() -> None:
    owner = get_user_model().objects.create_user("ada")
    saved(double(), "first", owner=owner)

    everything = manage("workflows", "list")
    of_ada = manage("workflows", "list", "--owner", "ada", "--json")

    assert "first" in everything.out
    assert "sample-hello" in everything.out
    assert [row["id"] for row in of_ada.json["results"]] == ["first"]
    assert of_ada.json["more"] is False


@pytest.mark.django_db
def test_a_list_that_is_cut_says_so() -> None:
    for number in range(3):
        saved(double(), f"w{number}")

    answer = manage("workflows", "list", "--source", "drawn", "--limit", "2")

    assert len(answer.out.splitlines()) == 4
    assert "--limit 20" in answer.out


@pytest.mark.django_db
def test_the_list_reads_no_definition(django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        saved(double(), f"w{number}")
    manage("workflows", "list")

    with django_assert_max_num_queries(40) as queries:
        manage("workflows", "list", "--source", "drawn")

    listing = [query["sql"] for query in queries if "workflows_app_workflow" in query["sql"]][-1]
    assert '"definition"' not in listing


@pytest.mark.django_db
def test_samples_are_loaded_once() -> None:
    first, second = (manage("load_samples", "--json") for _ in range(2))

    assert {item["outcome"] for item in first.json} == {"created"}
    assert {item["outcome"] for item in second.json} == {"kept"}
    assert manage("load_samples", "-v0").out == ""
