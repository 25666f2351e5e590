"""An execution's events in the words of Mastra's streams.

Source: the chunks of ``@mastra/core`` 1.71 and, for its older forms, 0.24.
"""
