"""The server: HTTP on loopback, one thread a connection."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .chain import Chain
from .faults import Faults, lie
from .rpc import Rpc, RpcError

LARGEST = 4 << 20


class _Dropped(Exception):
  """The connection ends without an answer."""


class _Broken(Exception):
  """HTTP's own answer instead of JSON-RPC's."""

  def __init__(self, status, body):
    super().__init__(status)
    self.status, self.body = status, body


class Handler(BaseHTTPRequestHandler):
  """One connection."""

  protocol_version = "HTTP/1.1"

  def log_message(self, *_):
    pass

  def do_POST(self):
    size = int(self.headers.get("Content-Length") or 0)
    if size > LARGEST:
      self._send(413, b"")
      return
    try:
      request = json.loads(self.rfile.read(size))
    except ValueError:
      self._send(200, _encoded(_error(None, RpcError(-32700, "parse error"))))
      return
    try:
      answer = [self._one(each) for each in request] if isinstance(request, list) else self._one(request)
      self._send(200, _encoded(answer))
    except _Broken as broken:
      self._send(broken.status, broken.body)
    except _Dropped:
      self.close_connection = True

  def _one(self, request):
    if not isinstance(request, dict):
      return _error(None, RpcError(-32600, "invalid request"))
    method = request.get("method")
    faults = self.server.faults.take(str(method))
    try:
      self._suffer(faults, "before")
      result = self.server.rpc.answer(method, request.get("params") or [])
      self._suffer(faults, "after")
      for fault in faults:
        if fault.kind == "lie":
          result = lie(fault, result)
    except RpcError as error:
      return _error(request.get("id"), error)
    return {"jsonrpc": "2.0", "id": request.get("id"), "result": result}

  @staticmethod
  def _suffer(faults, when):
    for fault in faults:
      if fault.when != when:
        continue
      if fault.kind == "delay":
        time.sleep(float(fault.value or 1))
      elif fault.kind == "drop":
        raise _Dropped
      elif fault.kind == "error":
        raise RpcError(-32000, str(fault.value or "internal error"))
      elif fault.kind == "status":
        raise _Broken(int(fault.value or 500), b"")
      elif fault.kind == "garbage":
        raise _Broken(200, b"<" * int(fault.value or 1))

  def _send(self, status, body):
    try:
      self.send_response(status)
      self.send_header("Content-Type", "application/json")
      self.send_header("Content-Length", str(len(body)))
      self.end_headers()
      self.wfile.write(body)
    except OSError:
      self.close_connection = True


def _error(identifier, error):
  return {"jsonrpc": "2.0", "id": identifier, "error": error.json()}


def _encoded(answer):
  return json.dumps(answer).encode()


class Server(ThreadingHTTPServer):
  """A chain that listens on loopback; port 0 takes any that is free."""

  daemon_threads = True
  request_queue_size = 64

  def __init__(self, port=0, chain=None):
    super().__init__(("127.0.0.1", port), Handler)
    self.chain, self.faults = chain or Chain(), Faults()
    self.rpc = Rpc(self.chain, self.faults)

  @property
  def url(self):
    return f"http://127.0.0.1:{self.server_port}"
