"""``manage.py workflows``: list, validate, import and export definitions.  Runs none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from rich.text import Text

from workflows_app.interface import compile_document
from workflows_app.management.json_argument import json_file
from workflows_app.management.named_rows import user_named, workflow_named
from workflows_app.management.problem_tables import (
    STATUS_STYLES,
    compile_line,
    write_diagnostics,
    write_notes,
)
from workflows_app.management.terminal import pretty_json
from workflows_app.management.terminal_command import (
    FAILED,
    OK,
    Refused,
    TerminalCommand,
    add_json_option,
)
from workflows_app.models import Workflow, WorkflowVersion
from workflows_app.operations.export_source import export_source
from workflows_app.operations.import_document import import_document, recognise
from workflows_app.operations.sync_registry import sync_registry

DEFAULT_LIMIT = 100


class Command(TerminalCommand):
    """One method for each word after ``workflows``."""

    help = (
        "List, check, import and export workflows. Exit status: 0 if all is well, 1 if a "
        "definition has errors or something was refused. Each word has a --help of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        shown = words.add_parser("list", help="show what there is, newest first")
        shown.add_argument("--owner", metavar="USER", help="only those of this user")
        shown.add_argument("--source", choices=Workflow.Source.values, help="only those")
        shown.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="rows to show at most")

        check = words.add_parser(
            "validate", help="compile a file, a definition or Agipo's workflow.json; save nothing"
        )
        check.add_argument("file", metavar="FILE", help="a JSON file; - is standard input")

        bring = words.add_parser(
            "import",
            help="save a file as a new workflow; with errors it is saved too, and cannot run yet",
        )
        bring.add_argument("file", metavar="FILE", help="a JSON file; - is standard input")
        bring.add_argument("--owner", metavar="USER", help="whose it will be; else nobody's")
        bring.add_argument("--name", help="a name of its own, instead of the file's")

        take = words.add_parser("export", help="write a definition, as it was last saved")
        take.add_argument("workflow", metavar="ID", help="its id, or its name if only one has it")
        take.add_argument("--version", type=int, dest="number", metavar="N", help="a published one")
        take.add_argument(
            "--python", action="store_true", help="as Python source that builds the same workflow"
        )
        take.add_argument("--output", metavar="FILE", help="a new file, instead of the screen")
        take.add_argument("--force", action="store_true", help="overwrite the file")
        for word in (shown, check, bring, take):
            add_json_option(word)

    def perform(self, options: dict[str, Any]) -> int:
        match options["word"]:
            case "list":
                return self._list(options)
            case "validate":
                return self._validate(options["file"])
            case "import":
                return self._import(options)
        return self._export(options)

    def _list(self, options: dict[str, Any]) -> int:
        sync_registry()
        rows = Workflow.objects.filter(deleted_at=None).select_related("owner", "published")
        rows = rows.defer("definition", "diagnostics", "published__plan", "published__definition")
        if options["owner"]:
            rows = rows.filter(owner=user_named(options["owner"]))
        if options["source"]:
            rows = rows.filter(source=options["source"])
        found = list(rows.order_by("-updated_at", "pk")[: max(options["limit"], 0) + 1])
        shown, more = found[: options["limit"]], len(found) > options["limit"]
        if self.output.is_json:
            self.output.json({"results": [_listed(row) for row in shown], "more": more})
            return OK
        if not shown:
            self.output.line("There are no workflows yet; 'manage.py load_samples' brings some.")
            return OK
        self.output.table(
            ("id", "name", "source", "status", "version", "owner", "updated"),
            [
                (
                    row.pk,
                    row.name,
                    row.source,
                    Text(row.compile_status, style=STATUS_STYLES[row.compile_status]),
                    f"v{row.published.number}" if row.published else "-",
                    row.owner.get_username() if row.owner else "-",
                    f"{row.updated_at:%Y-%m-%d %H:%M}",
                )
                for row in shown
            ],
        )
        if more:
            self.output.line(f"There are more; see them with --limit {options['limit'] * 10}.")
        return OK

    def _validate(self, path: str) -> int:
        readable = recognise(json_file(path))
        compiled = compile_document(readable.definition)
        diagnostics = [item.to_json() for item in compiled.diagnostics]
        if self.output.is_json:
            self.output.json(
                {
                    "format": readable.format,
                    "status": compiled.status,
                    "plan_hash": compiled.plan_hash,
                    "diagnostics": diagnostics,
                    "notes": [note.to_json() for note in readable.notes],
                }
            )
        else:
            write_notes(self.output, readable.notes)
            write_diagnostics(self.output, diagnostics)
            self.output.line(compile_line(compiled.status, diagnostics))
        return OK if compiled.plan is not None else FAILED

    def _import(self, options: dict[str, Any]) -> int:
        owner = user_named(options["owner"]) if options["owner"] else None
        imported = import_document(json_file(options["file"]), owner=owner, name=options["name"])
        row = imported.workflow
        if self.output.is_json:
            self.output.json(
                {
                    **_listed(row),
                    "format": imported.format,
                    "diagnostics": row.diagnostics,
                    "notes": [note.to_json() for note in imported.notes],
                }
            )
        else:
            write_notes(self.output, imported.notes)
            write_diagnostics(self.output, row.diagnostics)
            self.output.line(compile_line(row.compile_status, row.diagnostics))
            self.output.line(f"Saved {row.name!r} as {row.pk}", style="bold")
            if row.published:
                self.output.line(f"Run it: manage.py run_workflow {row.pk} --follow")
            else:
                self.output.line("It cannot run before its errors are corrected.")
        return OK if row.published else FAILED

    def _export(self, options: dict[str, Any]) -> int:
        workflow = workflow_named(options["workflow"])
        definition = workflow.definition
        if options["number"] is not None:
            version = WorkflowVersion.objects.filter(workflow=workflow, number=options["number"])
            definition = version.values_list("definition", flat=True).first()
            if definition is None:
                raise Refused(
                    f"workflow {workflow.pk!r} has no version {options['number']}",
                    code="version.not_found",
                )
        if options["python"]:
            source = export_source(workflow, definition=definition)
            return self._take(workflow, source, {"python": source}, options)
        return self._take(workflow, pretty_json(definition) + "\n", definition, options)

    def _take(self, workflow: Workflow, text: str, data: Any, options: dict[str, Any]) -> int:
        """Write ``text`` to the file or the screen, or ``data`` where JSON is asked for."""
        if not options["output"]:
            if self.output.is_json:
                self.output.json(data)
            else:
                self.output.console.out(text, highlight=False, end="")
            return OK
        path = Path(options["output"])
        _write(path, text, overwrite=options["force"])
        if self.output.is_json:
            self.output.json({"id": workflow.pk, "file": str(path)})
        self.output.line(f"Wrote {workflow.name!r} to {path}")
        return OK


def _write(path: Path, text: str, *, overwrite: bool) -> None:
    try:
        with path.open("w" if overwrite else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Refused(
            f"{str(path)!r} exists; add --force to overwrite it", code="file.exists"
        ) from None
    except OSError as error:
        raise Refused(
            f"{str(path)!r} cannot be written: {error.strerror}", code="file.unwritable"
        ) from None


def _listed(row: Workflow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "source": row.source,
        "status": row.compile_status,
        "version": row.published.number if row.published else None,
        "revision": row.revision,
        "owner": row.owner.get_username() if row.owner else None,
        "updated_at": row.updated_at.isoformat(),
    }
