"""The web UI as Django sees it: how its sources become a bundle, and the page that loads it.

Refuses to know what the UI does; that is in ``editor/``.
"""
