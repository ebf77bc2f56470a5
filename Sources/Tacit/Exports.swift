// Who proves also has keys to publish and proofs to check: `import Tacit` is enough for both.
@_exported public import TacitVerifier
