"""An app with the workflows of the scenarios, one module a section."""
