"""What the commands of the admin ask for.  Refuses to judge it: the operations do."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from workflows_app.admin.json_form_field import JsonTextField

MAX_REASON_CHARS = 500
_STEP_HELP = "Its id, a dotted path into nested workflows, or a key with rounds, as in charge[5]."


class ReasonForm(forms.Form):
    """Why; every field may be left as it is, so that several executions can be ticked."""

    reason = forms.CharField(
        required=False,
        max_length=MAX_REASON_CHARS,
        label="Reason, for the history",
        widget=forms.TextInput(attrs={"size": 60}),
    )


class RerunForm(forms.Form):
    """Which version runs; the key makes sending the form twice harmless."""

    version = forms.ChoiceField(
        required=False,
        choices=[
            ("pinned", "The version that ran then"),
            ("latest", "The version that is live now"),
        ],
        initial="pinned",
        widget=forms.RadioSelect,
    )
    from_step = forms.CharField(
        required=False,
        max_length=2_000,
        label="Begin at step",
        help_text=f"Empty: at the beginning. {_STEP_HELP}",
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"key": uuid4().hex})
        super().__init__(*args, **options)


class StepForm(ReasonForm):
    """A step that the command is about."""

    step = forms.CharField(max_length=2_000, help_text=_STEP_HELP)
    field_order = ("step",)


class RetryForm(StepForm):
    """Which of the steps that failed."""

    step = forms.CharField(
        required=False, max_length=2_000, help_text=f"Empty: all that failed. {_STEP_HELP}"
    )


class SkipForm(StepForm):
    """A step to go on without."""

    output = JsonTextField(rows=6, label="Output in its place, as JSON")
    field_order = ("step", "output")


class ResumeForm(forms.Form):
    """An answer, and what it is for."""

    step = forms.CharField(
        required=False, max_length=2_000, help_text=f"Needed when several wait. {_STEP_HELP}"
    )
    data = JsonTextField(rows=8, label="Answer, as JSON")


class EventForm(forms.Form):
    """Something that happened."""

    event = forms.CharField(max_length=200)
    data = JsonTextField(rows=6, required=False, label="What comes with it, as JSON")


class TravelForm(StepForm):
    """Where to go on, and with what."""

    input = JsonTextField(
        rows=6, required=False, label="Input of the step, as JSON", help_text="Empty: as it was."
    )
    version = forms.ChoiceField(
        required=False,
        choices=[("pinned", "The version that ran"), ("latest", "The version that is live now")],
        initial="pinned",
        widget=forms.RadioSelect,
    )
    field_order = ("step", "input", "version")
