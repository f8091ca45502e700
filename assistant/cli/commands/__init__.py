"""The commands of `assay`: each module is named as its command (dashes are underscores) and holds it as `command`."""
