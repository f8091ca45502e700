"""`python -m assistant.cli`: the command line without its script."""

import sys

from assistant.cli.application import main

if __name__ == "__main__":
    sys.exit(main())
