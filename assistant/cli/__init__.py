"""The command line `assay`: one module a command under `commands/`, loaded only when it is called.

`main` is the entry point. Nothing here imports the engine, the record or a model before a command needs it, so that
`assay --help` answers at once. This layer stands on top: it may import the service and, for `assay evaluate`,
`evaluation`.
"""

from assistant.cli.application import application, main

__all__ = ["application", "main"]
