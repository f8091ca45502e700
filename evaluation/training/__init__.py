"""Trains the shipped evidence model, gap model and kind classifier from the labelled development sets.

`python -m evaluation.training --data DIR` rebuilds everything under assistant/judge/data from scratch; only sets whose
licence allows it are used (see model-card.md beside the weights).
"""
