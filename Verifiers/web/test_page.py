"""The page in a real browser: files dropped, verdicts read, no request made.

  python3 Verifiers/web/test_page.py NAME.verifier NAME.proof [SECONDS] [SCREENSHOT]

Of a proof that is bound to the context "session 7". Needs the package playwright, and Chromium (CHROMIUM names it).
"""

import os
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect as told
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / ".build" / "wasm" / "verify.html"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def verdict(page, files, model="", context=""):
  """Begins anew, hands over files and gives the word and the reason of the verdict."""
  page.goto(PAGE.as_uri())
  page.fill("#model", model)
  page.fill("#context", context)
  page.set_input_files("#files", files)
  told(page.locator("#word")).not_to_have_text(re.compile("^(Checking.*)?$"), timeout=30_000)
  return page.text_content("#word"), page.text_content("#reason")


def expect(found, word, part=""):
  if found[0] != word or part not in found[1]:
    raise SystemExit(f"{found} where {word!r} is expected, with {part!r}")


def main():
  key, proof = map(Path, sys.argv[1:3])
  seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 0.5
  with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 900, "height": 1100})
    requests, faults = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))

    expect(verdict(page, [key, proof], context="session 7"), "Verified", "session 7")
    model = page.text_content("#id")
    took = float(page.text_content("#reason").split("Checked in ")[1].split(" ms")[0]) / 1000
    if took > seconds:
      raise SystemExit(f"{took} s for a proof that may take {seconds} s")
    if len(sys.argv) > 4:
      page.screenshot(path=sys.argv[4], full_page=True)
    expect(verdict(page, [key, proof], model=model), "Verified")
    expect(verdict(page, [key, proof], model="00" * 32), "Refused", "not of the model asked for")
    expect(verdict(page, [key, proof], context="session 8"), "Refused", "context")
    expect(verdict(page, [key]), "A model's key")
    if page.text_content("#id") != model:
      raise SystemExit("the key alone is of another model")
    expect(verdict(page, [proof]), "The verifier key is missing")
    data = bytearray(proof.read_bytes())
    data[-40] ^= 1
    damaged = Path(folder, "damaged.proof")
    damaged.write_bytes(data)
    expect(verdict(page, [key, damaged]), "Refused")
    damaged.write_bytes(b"no proof")
    expect(verdict(page, [key, damaged]), "Refused", "cannot be read")
    prover = Path(folder, "secret.prover")
    prover.write_bytes(b"TACIT\0\0\1\4\0")
    expect(verdict(page, [prover]), "Not checked", "secret")

    sent = [url for url in requests if not url.startswith(("file:", "blob:"))]
    if sent or faults:
      raise SystemExit(f"requests: {sent}, errors: {faults}")
    print(f"{key.name}: verified in {browser.version} in {took * 1000:.0f} ms, eight other cases as they have to be, nothing sent")
    browser.close()


if __name__ == "__main__":
  main()
