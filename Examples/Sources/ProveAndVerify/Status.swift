import Tacit

/// What a server answers with when it cannot prove: no sentence is read for it.
func httpStatus(_ error: TacitError) -> Int {
  switch error {
  case .input(.inferences), .input(.context): 413
  case .input, .opening: 400
  case .cancelled: 499
  // The key is the server's own, and so are the powers that it proves with.
  case .key, .powers, .tooLarge, .model, .unsupported, .calibration, .labels: 500
  }
}
