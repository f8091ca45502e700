"""The bundled sample site: a fictional copper mine and smelter whose documents, labels and traps we wrote ourselves.

`content/` holds one text file per document in a light markup in which quotes are marked beside their words;
`make` turns them into real files (`documents/`), `labels.jsonl` and `traps.json`. Imports nothing of ours.
"""
