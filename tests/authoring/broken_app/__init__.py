"""An app whose workflows cannot be imported."""
