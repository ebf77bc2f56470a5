import ConstraintSystem
import Proving
import TacitVerifier

/// What opens a proof's commitments to tensors, so that another proof can commit to the same tensors again, or
/// values of them be told. Secret; it holds nothing else of the proof's secrets.
public struct CommitmentOpening: Sendable {
  /// A tensor that was committed to.
  public struct Tensor: Sendable, Hashable {
    /// As in the model file.
    public let name: String
    /// Whether it came out of the network.
    public let isOutput: Bool
    /// As in the model file, without extents of one, led by the number of inferences where it is not one.
    public let shape: [Int]
    /// How many inferences it is of.
    public let inferences: Int
  }

  let openings: [TensorOpening]

  init(_ openings: [TensorOpening]) { self.openings = openings }

  /// Reads an opening.
  ///
  /// - Parameter file: the bytes of an opening file.
  /// - Throws: `TacitError.opening`.
  public init(_ file: [UInt8]) throws(TacitError) {
    do throws(FormatError) {
      var reader = try FileFormat.open(.opening, file)
      openings = try TensorOpening.decode(&reader)
    } catch {
      throw .opening(.file(FileFault(error)))
    }
  }

  /// The bytes of the opening file; secret.
  public var file: [UInt8] { FileFormat.wrap(.opening, TensorOpening.encoded(openings)) }

  /// A file with this payload behind its digest, whatever it says: a fuzzer's inputs would not get past one.
  @_spi(Fuzzing) public static func file(payload: [UInt8]) -> [UInt8] {
    FileFormat.wrap(.opening, payload)
  }

  /// The tensors that it opens, inputs first.
  public var tensors: [Tensor] {
    openings.map {
      Tensor(
        name: $0.name, isOutput: $0.isOutput, shape: $0.identity.shape,
        inferences: $0.identity.inferences)
    }
  }
}

/// How a proof commits to one of its inputs, where not under blinders of its own.
public struct InputCommitment: Sendable {
  enum Blinding {
    case reused(CommitmentOpening)
    case declared
  }

  let input: String?
  let blinding: Blinding

  /// As another proof committed to the tensor, which shows everybody that both are of one tensor.
  ///
  /// - Parameters:
  ///   - opening: of the other proof.
  ///   - input: the input's name; nil for the only committed one.
  public static func reusing(
    _ opening: CommitmentOpening, input: String? = nil
  ) -> InputCommitment {
    InputCommitment(input: input, blinding: .reused(opening))
  }

  /// Under blinders that everybody knows, for a tensor that is no secret: the first state of a chain.
  ///
  /// - Parameter input: the input's name; nil for the only committed one.
  public static func declared(_ input: String? = nil) -> InputCommitment {
    InputCommitment(input: input, blinding: .declared)
  }
}

/// Why an opening is not used. Names are those of the tensors, as in their model files.
public enum OpeningFault: Error, Hashable, Sendable {
  /// The bytes are no opening, or not a whole one.
  case file(FileFault)
  /// The model commits to no input.
  case noCommittedInput
  /// The model commits to several inputs; one of them is to be named.
  case severalInputs([String])
  /// The model commits to no tensor of this name.
  case unknown(String, known: [String])
  /// The opening is of no tensor of the same type, scale, shape and order: how each of its tensors differs, in
  /// plain words.
  case otherPort(String, tensors: [String])
  /// The tensor is not the one that was committed to.
  case otherTensor(String)
  /// Two ways are given to commit to one input.
  case repeated(String)
  /// An index that is none of the tensor's values, whose number is `count`.
  case index(Int, count: Int)
  /// No value is asked for, or one twice.
  case indices
}

extension OpeningFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .file(let fault): "\(fault)"
    case .noCommittedInput:
      "the model has no committed input; compile it with --input committed"
    case .severalInputs(let names):
      "the model has several committed inputs (\(Self.list(names))); name the one that is meant, as in "
        + "--reuse NAME=FILE"
    case .unknown(let name, let known):
      "the model has no committed tensor \(name.quoted); it has \(Self.list(known))"
    case .otherPort(let name, let tensors) where tensors.isEmpty:
      "it opens no tensor, so \(name.quoted) cannot be committed to by it"
    case .otherPort(let name, let tensors):
      "it opens no tensor like \(name.quoted): " + tensors.joined(separator: "; ")
    case .otherTensor(let name):
      "\(name.quoted) is not the tensor that was committed to: its values are others. Under these "
        + "blinders the commitment would show the difference, so nothing was sent"
    case .repeated(let name): "two openings are given for \(name.quoted); give one"
    case .index(let index, let count):
      "the tensor has no value \(index): its values are 0 to \(count - 1), those of all inferences "
        + "one after another"
    case .indices: "name each value to tell once, as in --at 0,3,8-15"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.map(\.quoted).joined(separator: ", ")
  }
}
