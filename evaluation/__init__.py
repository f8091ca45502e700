"""Measuring the product on labelled sets: sets in the common format, metrics, runners, baselines, benchmarks.

Sits on top of `assistant` and `ingestion`; nothing imports it but the command line. `evaluation.command.run` is the
way in, `evaluation.table` prints what it gives, README.md says what each figure means.
"""
