#!/bin/sh
# A verifier key in a signed model: signs a folder with a model and its key, checks signature and proof, and sees that
# the signature notices another key.
# usage: signing-test.sh TACIT MODEL_SIGNING
set -eu
tacit=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
signing=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
digits=$(cd "$(dirname "$0")/../Circuits/digits-mlp" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl ecparam -name prime256v1 -genkey -noout -out private.pem
openssl ec -in private.pem -pubout -out public.pem 2>/dev/null

mkdir digits
cp "$digits/model-int8-qdq.onnx" digits/model.onnx
"$tacit" compile digits/model.onnx -o digits/digits >/dev/null
mv digits/digits.prover .
"$signing" sign key digits --private_key private.pem --signature digits.sig
"$tacit" prove digits.prover "$digits/input.npy" -o one.proof --context 'night 1' >/dev/null

"$signing" verify key digits --signature digits.sig --public_key public.pem
"$tacit" verify digits/digits.verifier one.proof --context 'night 1'

"$tacit" compile digits/model.onnx -o other >/dev/null
cp other.verifier digits/digits.verifier
if "$signing" verify key digits --signature digits.sig --public_key public.pem 2>/dev/null; then
  echo "signing-test.sh: another key passes under the same signature" >&2
  exit 1
fi
echo "another key: refused"
