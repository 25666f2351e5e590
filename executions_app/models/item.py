"""An item of a foreach: one value of the list it received, kept apart to be read alone."""

from __future__ import annotations

from django.db import models

from executions_app.models.value_field import ValueField


class Item(models.Model):
    """One item; ``node_id`` is the key of the foreach's run."""

    pk = models.CompositePrimaryKey("execution_id", "node_id", "index")
    execution = models.ForeignKey(
        "executions_app.Execution", on_delete=models.CASCADE, related_name="items", db_index=False
    )
    node_id = models.CharField(max_length=300)
    index = models.IntegerField()
    value = ValueField(null=True)

    def __str__(self) -> str:
        return f"{self.execution_id}/{self.node_id}[{self.index}]"
