"""Templates: what comes out, what they refer to, and that they are rendered once only."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows_app.language.expressions import ExpressionError
from workflows_app.language.templates import check_template, render

DATA: dict[str, Any] = {
    "inputs": {"name": "Ann", "none": None, "i": 1, "f": 1.0, "half": 0.5, "on": True, "l": [1]},
    "steps": {"fetch": {"name": "site"}},
}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", ""),
        ("no places", "no places"),
        ("Hello {{ steps.fetch.name }}!", "Hello site!"),
        ("{{inputs.i}}{{ inputs.f }}{{ inputs.half }}", "110.5"),
        ("{{ inputs.on }} {{ 1 == 2 }}", "true false"),
        ("<{{ inputs.none }}>", "<>"),
        ("<{{ inputs.nope }}{{ inputs.no.where.at.all }}{{ state.x }}>", "<>"),
        ("{{ inputs.l }} {{ {'a': {'b': 'é'}} }}", '[1] {"a":{"b":"é"}}'),
        ('{{ "{{" }} and }}', "{{ and }}"),
        ("{{ '}}' }}", "}}"),
        ("{{ '''}} ' }}''' }}", "}} ' }}"),
        (r"{{ r'\' }}", "\\"),
        ("{{ {'a': {}}.a.size() }}", "0"),
        ("single { brace } {", "single { brace } {"),
        ("line\n{{\n inputs.name \n}}\n", "line\nAnn\n"),
        ("{{ 10000000000000000.0 * 10.0 }}", "1e+17"),
    ],
)
def test_a_template_is_rendered(text: str, made: str) -> None:
    assert render(text, DATA) == made


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("a {{ b", "template.invalid", 2),
        ("{{ 'open }}", "template.invalid", 0),
        ("{{ { }}", "template.invalid", 0),
        ("{{ }}", "expression.syntax", 2),
        ("12{{ inputs.name + }}", "expression.syntax", 19),
        ("é{{ nope }}", "expression.unknown_name", 4),
        ("\n{{ steps[inputs.name] }}", "expression.dynamic_step", 4),
        ("{{ inputs.__class__ }}", "expression.unknown_name", 10),
    ],
)
def test_a_template_that_cannot_stand_is_refused(text: str, code: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        check_template(text)

    assert (caught.value.code, caught.value.position) == (code, position)


def test_an_error_while_rendering_counts_from_the_start_of_the_text() -> None:
    with pytest.raises(ExpressionError) as caught:
        render("Hello\n{{ inputs.name }} {{ 1 / 0 }}", DATA)

    assert (caught.value.code, caught.value.line) == ("expression.failed", 2)


def test_a_check_lists_what_all_places_look_at() -> None:
    info = check_template("{{ steps.fetch.name }} {{ upper(inputs.a) }} {{ steps.fetch.name }}")

    assert info.roots == {"steps", "inputs"}
    assert info.step_ids == {"fetch"}
    assert info.paths == (("steps", "fetch", "name"), ("inputs", "a"))
    assert info.functions == {"upper"}
    assert [place.position for place in info.places] == [2, 25, 47]


@given(st.text(max_size=60), st.text(max_size=20))
def test_what_comes_out_is_never_read_again(value: str, other: str) -> None:
    data = {"inputs": {"a": "{{ inputs.b }}" + value, "b": other}}

    assert render("<{{ inputs.a }}|{{ inputs.b }}>", data) == f"<{data['inputs']['a']}|{other}>"


@given(st.text(st.sampled_from("{}'\" abinputs.+"), max_size=40))
def test_any_text_is_a_template_or_an_error(text: str) -> None:
    try:
        check_template(text)
    except ExpressionError:
        return

    assert isinstance(text, str)


def test_a_template_makes_at_most_a_megabyte() -> None:
    data = {"inputs": {"s": "x" * 600_000}}

    with pytest.raises(ExpressionError) as caught:
        render("{{ inputs.s }}{{ inputs.s }}", data)

    assert caught.value.code == "expression.limit"


def test_places_are_limited() -> None:
    render("{{ 1 }}" * 200, {})

    with pytest.raises(ExpressionError, match="more than 200 places"):
        render("{{ 1 }}" * 201, {})
