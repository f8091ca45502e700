"""Assay's engine, record, service and faces.

Layers, low to high: models and errors; config and catalogue; store and index; retrieve and quotes; judge; engine, chat,
review and report; service; cli and ui. A module imports only from its own layer or below (`lint-imports` checks it).
"""
