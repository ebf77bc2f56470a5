"""`python -m devchain [--port N] [--chain-id N] [--no-automine]`: prints where it listens, and serves until it is ended."""

import argparse

from .chain import Chain
from .server import Server


def main():
  parser = argparse.ArgumentParser(prog="devchain", description="A chain for tests, on loopback.")
  parser.add_argument("--port", type=int, default=0, help="0, which is the default, takes any that is free")
  parser.add_argument("--chain-id", type=int, default=31337)
  parser.add_argument("--no-automine", action="store_true", help="mine on tacdev_mine only")
  options = parser.parse_args()
  server = Server(options.port, Chain(options.chain_id, automine=not options.no_automine))
  print(f"devchain: {server.url}", flush=True)
  try:
    server.serve_forever()
  except KeyboardInterrupt:
    pass


if __name__ == "__main__":
  main()
