"""A chain for tests: JSON-RPC on loopback over an EVM in memory. README.md lists its methods."""
