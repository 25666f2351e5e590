"""Where one value comes from, and what texts and numbers of a definition may look like.

Shapes only: nothing is evaluated, and whether a source can be read is not asked here.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_NODE_ID_LENGTH = 200
MAX_WAIT_SECONDS = 366 * 86_400
"""No wait of any kind is longer."""

#: Letters, digits, ``_``, ``-``, ``.`` and ``:`` — what can stand in a URL and in a log line.
NodeIdText = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.:\-]*$", max_length=MAX_NODE_ID_LENGTH)
]
Seconds = Annotated[float, Field(ge=0, le=MAX_WAIT_SECONDS, allow_inf_nan=False)]


class Model(BaseModel):
    """A part of a definition; a field it does not know is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Source(Model):
    """Where one value comes from: exactly one of the five."""

    value: Any = None
    from_: str | None = Field(default=None, alias="from", max_length=2_000)
    expression: str | None = Field(default=None, max_length=4_096)
    template: str | None = Field(default=None, max_length=65_536)
    code: str | None = Field(
        default=None, description="A Python callable, by its place in a registered workflow."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Source:
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one of value, from, expression, template or code")
        return self

    @property
    def kind(self) -> str:
        """``value``, ``from``, ``expression``, ``template`` or ``code``."""
        (name,) = self.model_fields_set
        return "from" if name == "from_" else name

    def to_json(self) -> dict[str, Any]:
        """Return the object as it stands in a definition."""
        (name,) = self.model_fields_set
        return {self.kind: getattr(self, name)}


Fields = dict[str, Source]
Edge = tuple[str, str]
#: A CEL expression; or a source, which is how a Python callable of the author's is named.
Condition = Annotated[str, Field(min_length=1, max_length=4_096)] | Source
