"""A client of JSON-RPC, for tests and for the demonstration."""

import json
import time
import urllib.request


class RemoteError(Exception):
  """An error that the server answered with."""

  def __init__(self, error):
    super().__init__(error.get("message"))
    self.code, self.data = error.get("code"), error.get("data")


class Client:
  """`client.eth_blockNumber()` and so on."""

  def __init__(self, url, timeout=60):
    self._url, self._timeout = url, timeout

  def __getattr__(self, method):
    return lambda *params: self.request(method, params)

  def request(self, method, params=()):
    """The result of a method."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()
    request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=self._timeout) as answer:
      shown = json.loads(answer.read())
    if "error" in shown:
      raise RemoteError(shown["error"])
    return shown["result"]

  def send(self, sender, to, data, gas=None):
    """Sends a transaction and gives its receipt, which may be of a failure if `gas` is given."""
    call = {"from": sender, "data": "0x" + bytes(data).hex()}
    call |= {"to": to} if to else {}
    call |= {"gas": hex(gas)} if gas else {}
    digest = self.eth_sendTransaction(call)
    for _ in range(100):
      if receipt := self.eth_getTransactionReceipt(digest):
        return receipt
      time.sleep(0.05)
    raise TimeoutError(digest)
