"""The engine in one process: virtual time, a broker that lies, workers that die between two lines.

Everything that happens is drawn from one seed, so what goes wrong can be made to go wrong again:
``python -m tests.simulation --seed 42 --trace``.  The approach is FoundationDB's (Zhou et al.,
SIGMOD 2021, section 4) and TigerBeetle's.
"""
