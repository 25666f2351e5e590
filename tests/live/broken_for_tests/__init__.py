"""An app whose workflows cannot be imported; the others must not mind."""
