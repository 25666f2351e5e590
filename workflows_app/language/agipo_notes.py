"""What an imported Agipo document had that the new definition has not, as values.  Judges nothing:
whether the result can run is for the compiler to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from workflows_app.language.diagnostics import pointer

#: Every code a note can carry, with the sentence the reference prints for it.
CODES: Mapping[str, str] = MappingProxyType(
    {
        "agipo.field_unknown": "A field is not part of the format and was left out.",
        "agipo.field_invalid": "A field does not have the form the format asks for.",
        "agipo.id": "The workflow's id cannot be one here.",
        "agipo.text_cut": "A name or a description was too long and has been cut.",
        "agipo.metadata": "Dates, author and publication state are kept by this installation.",
        "agipo.presentation": "Logos and other things to look at were left out.",
        "agipo.positions": "Steps lay upon each other, so they are laid out anew.",
        "agipo.order": "The order shown to the user differs from the stored one, and stays.",
        "agipo.control_flow": "The document's control flow is not a plain sequence.",
        "agipo.control_step": "A control step was carried over and has to be looked at.",
        "agipo.custom_code": "A step held code, which is kept beside the definition and never run.",
        "agipo.table_step": "A step read or wrote a table, which has no counterpart here.",
        "agipo.tables": "Table requirements and bindings have no counterpart here.",
        "agipo.step_invalid": "A step has no kind or no tool that could be carried over.",
        "agipo.step_renamed": "A step's id cannot be one here, or was used twice.",
        "agipo.parent_unknown": "A step stood in a container that is not there.",
        "agipo.nesting": "Containers stood inside each other too deeply.",
        "agipo.binding_invalid": "A binding cannot be read; a mark stands in its place.",
        "agipo.binding_unused": "Bindings were kept for a step that is not there.",
        "agipo.schema": "A schema drawn by hand was left out: the tools and steps have their own.",
        "agipo.connections": "Accounts are chosen here by every user for themselves.",
        "agipo.mappings": "Mappings of an older format, which Agipo did not run either.",
        "agipo.input_invalid": "An input, its default or its validation cannot be carried over.",
        "agipo.config": "A config was carried over with its value; its form was not.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that did not come over as it was."""

    code: str
    path: str
    """Where, as a JSON Pointer (RFC 6901) into the Agipo document."""
    message: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


class Notes:
    """A list being filled; the one mutable thing of a conversion."""

    def __init__(self) -> None:
        self._items: list[Note] = []

    def add(self, code: str, message: str, *path: str | int) -> None:
        """Add one note at ``path``.

        Raises:
            KeyError: if ``code`` is not in the table, which is a bug of ours.
        """
        CODES[code]
        self._items.append(Note(code=code, path=pointer(*path), message=message))

    def all(self) -> tuple[Note, ...]:
        """Return the notes in the order they were made."""
        return tuple(self._items)
