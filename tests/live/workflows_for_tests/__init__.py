"""An app with workflows that live tests run: steps that wait, fail, and kill their workers."""
