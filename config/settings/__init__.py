"""Settings by profile: ``dev`` (the default), ``test`` and ``production``, all over ``base``.

The environment is read in this package and nowhere else.
"""
