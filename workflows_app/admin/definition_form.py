"""The form that a drawn definition is written and saved with.  Refuses to judge the definition:
it is saved with all its faults, and compiled by the operation that saves it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from workflows_app.admin.json_form_field import JsonTextField
from workflows_app.language.definition import SCHEMA_VERSION

#: What a new workflow begins with.
BLANK_DEFINITION = {
    "schema_version": SCHEMA_VERSION,
    "name": "",
    "inputs": {"type": "object", "properties": {}, "required": []},
    "nodes": [],
    "edges": [],
}


class DefinitionForm(forms.Form):
    """The definition, and the revision it was opened at."""

    definition = JsonTextField(
        rows=32, help_text="Saved even with errors; the last version without errors stays live."
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_definition(self) -> dict[str, Any]:
        definition = self.cleaned_data["definition"]
        if not isinstance(definition, dict):
            raise ValidationError("a definition is a JSON object: { ... }")
        return definition
