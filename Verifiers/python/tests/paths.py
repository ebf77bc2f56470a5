"""Where the repository's vectors are."""

from pathlib import Path

VECTORS = Path(__file__).resolve().parents[3] / "Tests" / "Vectors"
