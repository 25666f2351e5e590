"""An item of a foreach: one value of the list it received, kept apart to be read alone."""

from __future__ import annotations

from django.db import models

from workflows_app.models.ordered_json import OrderedJSONField


class Item(models.Model):
    """One item; ``node_id`` is the key of the foreach's run."""

    pk = models.CompositePrimaryKey("execution_id", "node_id", "index")
    execution = models.ForeignKey(
        "executions_app.Execution", on_delete=models.CASCADE, related_name="items", db_index=False
    )
    node_id = models.CharField(max_length=300)
    index = models.IntegerField()
    value = OrderedJSONField(null=True)

    def __str__(self) -> str:
        return f"{self.execution_id}/{self.node_id}[{self.index}]"
