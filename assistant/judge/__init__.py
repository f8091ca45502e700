"""Judgement: is this text evidence for that requirement, of what kind, in force, for this site?

Two judges behind one Protocol (the extractive one and a language model), and rules that conclude from either. Imports
models, retrieve, index and quotes; knows nothing of storage or people.
"""
