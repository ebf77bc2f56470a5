import ArgumentParser
import Tacit

/// `--as`, of every verb that reads inputs.
struct ReadingOption: ParsableArguments {
  enum Numbers: String, ExpressibleByArgument, CaseIterable {
    case reals, integers
  }

  @Option(
    name: .customLong("as"),
    help: """
      What the numbers are: reals, or integers that are quantized already. Without it they are what \
      the model's own input is.
      """)
  var numbers: Numbers?

  var reading: InputReading {
    switch numbers {
    case nil: .automatic
    case .reals: .reals
    case .integers: .integers
    }
  }
}
