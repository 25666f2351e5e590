"""The form that a schedule is written with.  Refuses to know the rules: the schedule that authors
write checks itself, and what it says is shown beside the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms

from executions_app import database
from executions_app.models import Schedule
from workflows_app.admin.json_form_field import JsonTextField
from workflows_app.admin.rendering import json_text
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.schedule import ScheduleInvalid
from workflows_app.authoring.upcoming import Upcoming, upcoming

NEXT_SHOWN = 5
#: Sent instead of saving.
PREVIEW = "_preview"
#: Names of a rule's fields that the form has under another one.
_FORM_NAMES: Mapping[str, str] = MappingProxyType(
    {"interval": "interval_seconds", "jitter": "jitter_seconds", "input_data": "input"}
)
_JSON = ("input", "runtime_context", "initial_state")


class ScheduleForm(forms.ModelForm):
    """When, with what, and what happens to slots that were missed or overlap."""

    catch_up = forms.CharField(
        initial="last",
        max_length=10,
        help_text="How many missed slots are made up for: none, last, or a number.",
    )
    input = JsonTextField(rows=8, required=False)
    runtime_context = JsonTextField(rows=3, required=False)
    initial_state = JsonTextField(rows=3, required=False)

    rule: Rule
    is_preview = False

    class Meta:
        model = Schedule
        fields = (
            "workflow",
            "cron",
            "interval_seconds",
            "timezone",
            "starts_at",
            "ends_at",
            "catch_up",
            "overlap",
            "jitter_seconds",
            "input",
            "runtime_context",
            "initial_state",
        )
        help_texts = {
            "cron": "Such as 0 9 * * MON-FRI; or leave it empty and give an interval.",
            "interval_seconds": "Real time between two starts.",
            "timezone": "An IANA name such as Europe/Berlin, whose clock the cron text reads.",
            "starts_at": "In UTC.",
            "ends_at": "In UTC; nothing is due then or later.",
            "jitter_seconds": "Each start is late by up to so many seconds.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance._state.adding:
            return
        self.initial["catch_up"] = str(self.instance.catch_up_word)
        for name in _JSON:
            value = getattr(self.instance, name)
            self.initial[name] = "" if value in (None, {}) else json_text(value)

    def clean_catch_up(self) -> int:
        """Return the number that the word stands for; what is none is left to the rule."""
        text = self.cleaned_data["catch_up"].strip()
        words = {"none": 0, "last": 1}
        if text not in words and not (text.isascii() and text.isdigit()):
            raise forms.ValidationError("write none, last or a number")
        return words.get(text) if text in words else int(text)  # type: ignore[return-value]

    def clean_runtime_context(self) -> Any:
        return self.cleaned_data["runtime_context"] or {}

    def clean_initial_state(self) -> Any:
        return self.cleaned_data["initial_state"] or {}

    def clean(self) -> dict[str, Any]:
        """Return the fields, which together are a rule that can be kept."""
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        try:
            self.rule = Rule(
                cron=values["cron"] or None,
                interval=values["interval_seconds"],
                timezone=values["timezone"],
                starts_at=values["starts_at"],
                ends_at=values["ends_at"],
                catch_up=values["catch_up"],
                overlap=values["overlap"],
                jitter=values["jitter_seconds"],
                input_data=values["input"],
                runtime_context=values["runtime_context"],
                initial_state=values["initial_state"],
            )
        except ScheduleInvalid as error:
            self.add_error(_FORM_NAMES.get(error.field, error.field), str(error))
        return values

    def is_valid(self) -> bool:
        """Return whether to save; a form that is only looked at is shown again."""
        is_good = super().is_valid()
        self.is_preview = is_good and PREVIEW in self.data
        return is_good and PREVIEW not in self.data

    def next_fires(self) -> list[Upcoming]:
        """Return when the schedule is due next, as it is written or as it is stored."""
        if self.is_preview:
            rule = self.rule
        elif self.is_bound or self.instance._state.adding or self.instance.paused_at is not None:
            return []
        else:
            rule = self.instance.rule
        return upcoming(rule, after=database.now(), count=NEXT_SHOWN)
