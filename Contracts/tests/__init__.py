"""Tests of the contract that verifies proofs: `.build/evm/bin/python -m unittest` in Contracts, or `make test-chain`."""
