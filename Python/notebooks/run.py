#!/usr/bin/env python3
"""Runs a notebook, cell by cell, as a person would; ends with an error where a cell does.

usage: run.py NOTEBOOK
"""

import sys
from pathlib import Path

import nbclient
import nbformat

path = Path(sys.argv[1]).resolve()
notebook = nbformat.read(path, as_version=4)
nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
shown = sum(len(cell.get("outputs", [])) for cell in notebook.cells)
print(f"{path.name}: {len(notebook.cells)} cells ran, {shown} outputs")
