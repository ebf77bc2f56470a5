"""A second verifier of Tacit's proofs, written from `docs/protocol/README.md` alone."""
