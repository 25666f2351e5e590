"""The language: documents, diagnostics, expressions, plans.  Pure: knows no framework."""
