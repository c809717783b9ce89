"""Finding tasks fast: the text of their data, their labels and annotators, in tables beside them that the worker keeps current.

What the tables do not hold yet is known (`freshness.py`) and looked at task by task, so that an answer never depends on how far they are.
"""
