"""The one way in which this verifier says no (`docs/protocol/README.md#notation`)."""


class Refused(Exception):
  """A key, proof or other file is not accepted; the reason is for people (`docs/protocol/README.md#notation`)."""


def demand(condition, reason):
  """Refuses with a reason unless the condition holds (`docs/protocol/README.md#notation`)."""
  if not condition:
    raise Refused(reason)
