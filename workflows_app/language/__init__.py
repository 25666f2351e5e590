"""The language: documents, diagnostics, expressions, plans.  Pure: no framework, no clock, no network."""
