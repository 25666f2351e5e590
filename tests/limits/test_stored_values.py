"""Large values are kept in files where that is wanted, and nobody who reads them notices."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from executions_app.models import Execution, Item, Signal, StepRun
from executions_app.models.stored_value import Note, ValueLost, note_of, read, storage, written
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.delete import delete_execution
from executions_app.operations.value_storage import sweep
from executions_app.queries import snapshot
from executions_app.testing import Engine, in_memory
from workflows_app.authoring import (
    StepContext,
    create_step,
    create_workflow,
    map_variable,
    use_step,
)

pytestmark = pytest.mark.django_db

ABOVE = 100_000
LARGE = {"text": "ä" * 60_000, "z": 1, "a": 2}


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> Path:
    """A directory of files of its own, and a threshold that tests can pass."""
    settings.VALUE_STORAGE_ABOVE_BYTES = ABOVE
    alias = settings.STORAGES["celeriac-values"]
    options = alias["OPTIONS"] | {"location": str(tmp_path / "values")}
    settings.STORAGES = settings.STORAGES | {"celeriac-values": alias | {"OPTIONS": options}}
    return tmp_path / "values"


def names(files: Path) -> list[str]:
    return sorted(path.relative_to(files).as_posix() for path in files.rglob("*.json"))


def column(model: Any, name: str, **found: Any) -> str:
    return model.objects.filter(**found).values_list(Cast(name, TextField()), flat=True).get()


grow = create_step(id="grow", execute=lambda value: LARGE)
measure = create_step(id="measure", execute=lambda value: len(value["text"]))


def test_a_large_value_goes_through_a_file_and_a_small_one_does_not(
    engine: Engine, files: Path
) -> None:
    workflow = create_workflow(id="large-values").then(grow).then(measure).commit()
    run = workflow.create_run()

    result = run.start(input_data={"small": True})

    assert result.result == 60_000
    assert list(result.steps["grow"].output) == ["text", "z", "a"]
    assert result.steps["measure"].payload == LARGE
    kept = note_of(column(StepRun, "output", execution_id=run.id, node_id="grow"))
    assert kept is not None
    assert kept.size_bytes == (files / kept.name).stat().st_size == len(written_out(LARGE))
    assert note_of(column(Execution, "input", pk=run.id)) is None
    assert len(names(files)) == 2  # what one step put out, and what the next received


def written_out(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def test_every_column_of_a_value_may_name_a_file(engine: Engine, files: Path) -> None:
    def ask(ctx: StepContext) -> Any:
        return ctx.resume_data or ctx.suspend({"question": LARGE})

    workflow = (
        create_workflow(id="large-everywhere")
        .then(create_step(id="ask", execute=ask))
        .foreach(create_step(id="each", execute=lambda value: len(value["text"])))
        .wait_for_event("go")
        .commit()
    )
    run = workflow.create_run()
    result = run.start(input_data=LARGE)
    assert result.suspend_payload["ask"]["question"] == LARGE
    run.send_event("go", LARGE)
    assert Signal.objects.get(execution_id=run.id).data == LARGE

    result = run.resume(resume_data=[LARGE])

    assert result.result == LARGE
    assert Item.objects.get(execution_id=run.id).value == LARGE
    for name in ("input", "output"):
        assert note_of(column(Execution, name, pk=run.id)) is not None
    for name in ("suspend_payload", "resume_data", "output"):
        assert note_of(column(StepRun, name, execution_id=run.id, node_id="ask")) is not None


@pytest.mark.parametrize("disguise", ["value", "text", "list"])
def test_a_value_cannot_pass_for_a_note(engine: Engine, files: Path, disguise: str) -> None:
    real = written(LARGE)
    note = json.loads(real)
    forged = {"value": note, "text": real, "list": [note]}[disguise]
    echo = create_step(id="echo", execute=lambda value: value)
    workflow = create_workflow(id="forged-note").then(echo).commit()
    run = workflow.create_run()

    result = run.start(input_data={"given": forged})
    plain = workflow.create_run().start(input_data=forged)

    assert result.result == {"given": forged}
    assert plain.result == forged
    assert len(names(files)) == 1


def test_a_note_is_told_from_a_value_by_what_no_value_begins_with() -> None:
    for value in (" ", " {}", "", [], {}, {" ": 1}, None, 1, " " * 200_000):
        text = written(value)

        assert (note_of(text) is not None) == (len(str(value)) > ABOVE)
        assert read(text) == value


def test_lists_show_how_a_value_begins_without_its_file(
    engine: Engine, files: Path, admin_user
) -> None:
    workflow = create_workflow(id="large-listed").then(grow).commit()
    run = workflow.create_run()
    run.start(input_data=None)
    for name in names(files):
        (files / name).unlink()

    found = snapshot(admin_user, run.id)

    (step,) = found.steps
    assert step.output_bytes == len(written_out(LARGE))
    assert step.output_start == written_out(LARGE).decode()[:1_000]
    assert step.output_small is None


@pytest.mark.parametrize("fault", ["missing", "cut", "other"])
@pytest.mark.parametrize("reader", ["step", "mapping", "result"])
def test_a_file_that_is_not_what_it_was_fails_what_reads_it(
    engine: Engine, files: Path, fault: str, reader: str
) -> None:
    def spoil(value: Any) -> None:
        for path in files.rglob("*.json"):
            body = path.read_bytes()
            if fault == "missing":
                path.unlink()
            else:
                path.write_bytes(body[:-1] if fault == "cut" else body.replace(b"1", b"7"))

    kept = map_variable(step="grow", path="text")
    workflow = (
        create_workflow(id=f"spoiled-{fault}-{reader}")
        .then(grow)
        .map({"z": map_variable(step="grow", path="z")})
        .then(create_step(id="spoil", execute=spoil))
    )
    if reader == "step":
        workflow = workflow.then(use_step(measure, input={"text": kept}))
    elif reader == "mapping":
        workflow = workflow.map({"kept": kept})
    else:
        workflow = workflow.bail({"kept": kept})
    run = workflow.commit().create_run()

    run.start_async(input_data=None)
    engine.run_until_idle()

    execution = Execution.objects.get(pk=run.id)
    assert (execution.status, execution.error["code"]) == ("failed", "value.lost")
    assert "the output of step 'grow'" in execution.error["message"]


def test_what_only_stands_beside_a_lost_value_is_not_kept_from_going_on(
    engine: Engine, files: Path
) -> None:
    ask = create_step(id="ask", execute=lambda ctx: ctx.resume_data or ctx.suspend(LARGE))
    run = create_workflow(id="lost-question").then(ask).commit().create_run()
    run.start(input_data=LARGE)
    for path in files.rglob("*.json"):
        path.unlink()

    cancel_execution(run.id)

    execution = Execution.objects.get(pk=run.id)
    assert execution.status == "cancelled"
    with pytest.raises(ValueLost, match=run.id):
        _ = execution.input


def test_a_file_may_be_named_by_a_path_out_of_its_directory_and_is_not_read(files: Path) -> None:
    note = Note(name="../../secret_key", size_bytes=1, sha256="", start="")

    with pytest.raises(ValueLost, match="is not there"):
        read(note.text())


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_a_file_that_is_swept(files: Path) -> None:
    workflow = create_workflow(id="rolled-back").then(measure).commit()
    now = datetime.now(UTC)
    with in_memory(now=now):
        with transaction.atomic():
            workflow.create_run().start_async(input_data=LARGE)
            transaction.set_rollback(True)
        kept = workflow.create_run().start_async(input_data=LARGE)
        (files / "00").mkdir(exist_ok=True)
        (files / "00" / "not-ours.json").write_text("1")

        young = sweep(older_than=timedelta(0))

    with in_memory(now=now + timedelta(hours=2)):
        counted = sweep(older_than=timedelta(0), dry_run=True)
        not_yet = sweep(older_than=timedelta(hours=3))
        call_command("sweep_values", "--older-than", "1", "--json")

    removed = [it.removed for it in (young, counted, not_yet)]
    assert removed == [0, 1, 0]
    assert len(names(files)) == 2
    assert Execution.objects.get(pk=kept).input == LARGE


@pytest.mark.django_db(transaction=True)
def test_files_go_with_their_execution_once_that_is_certain(engine: Engine, files: Path) -> None:
    inner = create_workflow(id="large-inner").then(grow).commit()
    workflow = create_workflow(id="large-outer").then(inner).then(measure).commit()
    run, other = workflow.create_run(), workflow.create_run()
    run.start(input_data=LARGE)
    other.start(input_data=LARGE)
    many = len(names(files))

    with transaction.atomic():
        delete_execution(run.id)
        transaction.set_rollback(True)
    assert len(names(files)) == many
    delete_execution(run.id)

    assert len(names(files)) == many // 2
    assert Execution.objects.get(pk=other.id).input == LARGE


def test_files_are_for_nobody_else_on_the_machine(files: Path) -> None:
    note = note_of(written(LARGE))

    assert note is not None
    path = files / note.name
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert storage().exists(note.name)
