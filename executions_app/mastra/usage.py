"""Tokens in Mastra's kinds, however the library that counted them calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SPELLINGS: Mapping[str, frozenset[str]] = {
    "inputTokens": frozenset({"inputTokens", "input_tokens", "promptTokens", "prompt_tokens"}),
    "outputTokens": frozenset(
        {"outputTokens", "output_tokens", "completionTokens", "completion_tokens"}
    ),
    "totalTokens": frozenset({"totalTokens", "total_tokens"}),
    "reasoningTokens": frozenset({"reasoningTokens", "reasoning_tokens"}),
    "cachedInputTokens": frozenset({"cachedInputTokens", "cached_input_tokens"}),
}
_KIND_OF = {spelling: kind for kind, found in _SPELLINGS.items() for spelling in found}


def total_usage(reported: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the totals of what several executions reported; kinds nobody reported are 0."""
    totals = dict.fromkeys(_SPELLINGS, 0)
    for usage in reported:
        counts = dict.fromkeys(_SPELLINGS, 0)
        for spelling, count in usage.items():
            if spelling in _KIND_OF:
                counts[_KIND_OF[spelling]] += count
        counts["totalTokens"] = (
            counts["totalTokens"] or counts["inputTokens"] + counts["outputTokens"]
        )
        for kind, count in counts.items():
            totals[kind] += count
    return totals
