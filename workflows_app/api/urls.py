"""Routes under ``/api/`` that are about definitions."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from workflows_app.api import (
    archiving,
    authentication,
    compiling,
    connections,
    samples,
    source,
    steps,
    tools,
    url_parts,
    versions,
    workflows,
)
from workflows_app.api.views import at

register_converter(url_parts.WorkflowIdPart, "workflow_id")
register_converter(url_parts.ToolNamePart, "tool_name")
register_converter(url_parts.CountPart, "count")

_WORKFLOW = "workflows/<workflow_id:workflow_id>/"
_VERSION = f"{_WORKFLOW}versions/<count:number>/"

urlpatterns: list[URLPattern] = [
    path("auth/login/", authentication.LogIn.as_view(), name="login"),
    path("auth/logout/", authentication.LogOut.as_view(), name="logout"),
    path("auth/me/", authentication.WhoAmI.as_view(), name="me"),
    path("workflows/", at(workflows.ListWorkflows, workflows.CreateWorkflow), name="workflows"),
    # Before the ids, so that no workflow can take the address.
    path("workflows/validate/", compiling.ValidateDefinition.as_view(), name="validate"),
    path("workflows/import/", samples.ImportDocument.as_view(), name="import"),
    path(
        _WORKFLOW,
        at(
            workflows.ReadWorkflow,
            workflows.ReplaceDraft,
            workflows.ChangeDraft,
            workflows.DeleteWorkflow,
        ),
        name="workflow",
    ),
    path(f"{_WORKFLOW}archive/", archiving.ArchiveWorkflow.as_view(), name="archive"),
    path(f"{_WORKFLOW}unarchive/", archiving.UnarchiveWorkflow.as_view(), name="unarchive"),
    path(f"{_WORKFLOW}compile/", compiling.CompileWorkflow.as_view(), name="compile"),
    path(f"{_WORKFLOW}preflight/", compiling.Preflight.as_view(), name="preflight"),
    path(f"{_WORKFLOW}source/", source.ReadSource.as_view(), name="source"),
    path(f"{_WORKFLOW}versions/", versions.ListVersions.as_view(), name="versions"),
    path(_VERSION, versions.ReadVersion.as_view(), name="version"),
    path(f"{_VERSION}restore/", versions.RestoreVersion.as_view(), name="restore"),
    path(f"{_VERSION}diff/", versions.CompareVersions.as_view(), name="diff"),
    path("definition-schema/", compiling.DefinitionSchema.as_view(), name="definition-schema"),
    path("steps/", steps.ListSteps.as_view(), name="steps"),
    path("samples/", samples.ListSamples.as_view(), name="samples"),
    path("samples/<workflow_id:name>/", samples.ReadSample.as_view(), name="sample"),
    path("tools/", tools.ListTools.as_view(), name="tools"),
    path("tools/<tool_name:name>/", tools.ReadTool.as_view(), name="tool"),
    path(
        "connections/",
        at(connections.ListConnections, connections.AddConnection),
        name="connections",
    ),
    path(
        "connections/<count:connection_id>/",
        at(connections.ReadConnection, connections.RemoveConnection),
        name="connection",
    ),
]
