"""Writing all rows of an execution into a file, and reading them into the tables again.

What a migration would do to older rows is done here too: a column that is gone is left out, a new
one has its default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.dateparse import parse_datetime

from executions_app.models import Approval, Event, Execution, Item, Signal, StepRun
from workflows_app import interface
from workflows_app.models import Workflow, WorkflowVersion

#: In the order in which they may be written.
MODELS: tuple[type[models.Model], ...] = (
    *(Workflow, WorkflowVersion, Execution, StepRun, Event, Item, Signal, Approval),
)
#: Where the directories of the formats are.
HERE = Path(__file__).parent
_FORGOTTEN = frozenset({"owner_id", "created_by_id"})

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def every_file() -> list[Path]:
    """Return the files of all formats, the earliest first."""
    return sorted(HERE.glob("*/*.json"))


def read(path: Path) -> dict[str, Any]:
    """Return what a file holds."""
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file, each row on a line of its own."""
    path.parent.mkdir(exist_ok=True)
    tables = content["tables"]
    parts = [
        f"{_json(name)}: {_json(value)}" for name, value in content.items() if name != "tables"
    ]
    for name, rows in tables.items():
        lines = ",\n  ".join(_json(row) for row in rows)
        tables = {**tables, name: f"[\n  {lines}\n ]" if rows else "[]"}
    inner = ",\n ".join(f"{_json(name)}: {rows}" for name, rows in tables.items())
    path.write_text(
        ",\n".join(["{" + parts[0], *parts[1:], f'"tables": {{\n {inner}\n}}}}']) + "\n"
    )


def _json(value: Any) -> str:
    return json.dumps(value, default=_text, ensure_ascii=False)


def dump() -> Tables:
    """Return all rows of executions in the tables, and of what they run by."""
    return {
        model.__name__: [_row(it) for it in model._default_manager.order_by("pk")]
        for model in MODELS
    }


@transaction.atomic
def load(tables: Tables) -> None:
    """Write rows that :func:`dump` returned, under keys of their own where databases make them."""
    keys: dict[str, dict[int, int]] = {"WorkflowVersion": {}, "StepRun": {}, "Approval": {}}
    for model in MODELS:
        for row in tables.get(model.__name__, ()):
            _write(model, dict(row), keys)
    for row in tables["Workflow"]:
        published = keys["WorkflowVersion"].get(row["published_id"])
        Workflow.objects.filter(pk=row["id"]).update(published=published)
    interface._plans.clear()


def _write(model: type[models.Model], row: Row, keys: dict[str, dict[int, int]]) -> None:
    made = keys.get(model.__name__)
    old = row.pop("id") if made is not None else None
    row.pop("published_id", None)
    for column, named in (("version_id", "WorkflowVersion"), ("step_id", "StepRun")):
        if row.get(column) is not None:
            row[column] = keys[named][row[column]]
    if model is Event and row["type"] == "execution_reopened" and row["data"].get("version"):
        versions = keys["WorkflowVersion"]
        moved = {name: versions[row["data"][name]] for name in ("version", "left")}
        row["data"] = row["data"] | moved
    known = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: _value(known[name], value) for name, value in row.items() if name in known}
    written = model(**values)
    written.save(force_insert=True)
    if made is not None and old is not None:
        made[old] = written.pk


def _row(it: models.Model) -> Row:
    fields = [field for field in it._meta.concrete_fields if field.attname not in _FORGOTTEN]
    return {field.attname: getattr(it, field.attname) for field in fields if field.column}


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    return parse_datetime(value) if isinstance(field, models.DateTimeField) and value else value


def _text(value: Any) -> str:
    assert isinstance(value, datetime), value
    return value.isoformat()


def forget_everything() -> None:
    """Delete every execution and every workflow."""
    Workflow.objects.update(published=None)
    with transaction.atomic():
        for app in ("executions_app", "workflows_app"):
            for model in apps.get_app_config(app).get_models(include_auto_created=True):
                rows = model._default_manager.all()
                rows._raw_delete(rows.db)
