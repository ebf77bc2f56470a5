/// Why the circuit of a key is refused. Indices are positions in the circuit's lists.
package enum KeyError: Error, Hashable, Sendable {
  package enum Item: Hashable, Sendable {
    case system
    case function(Int)
    case tensor(Int)
    case block(Int)
    case input(Int)
    case output(Int)
  }
  package enum Parameter: String, Hashable, Sendable {
    case limbs, limbBits, quotientBits, commitmentRowBits, scaleBits
  }
  package enum Quantity: String, Hashable, Sendable {
    case functions, tensors, blocks, terms, gadgets, ports, tableRows, finalSteps, products
  }
  /// A view of a block's relation, or of its multiplier (term and factor nil).
  package struct Place: Hashable, Sendable {
    package var block: Int
    package var term: Int?
    package var factor: Int?
    package init(block: Int, term: Int? = nil, factor: Int? = nil) {
      self.block = block
      self.term = term
      self.factor = factor
    }
  }

  // Sizes.
  case parameter(Parameter, value: Int, allowed: ClosedRange<Int>)
  case tooMany(Quantity, limit: Int)
  /// What checking a proof would take, in products and in memory.
  case verifierProducts(Int, limit: Int)
  case verifierBytes(Int, limit: Int)
  case nameTooLong(Item, bytes: Int)

  // Table functions.
  case emptyFunction(Int)
  case functionSegment(Int, segment: Int)
  case functionValue(Int)

  // Places of blocks and model tensors.
  case shape(Item, [Int])
  case misaligned(Item, offset: Int, size: Int)
  case beyondEnd(Item, limit: Int)
  case overlap(Item, Item)
  case gaps(Item)

  // The scalar step of a block.
  case unknownFunction(block: Int, function: Int)
  case shift(block: Int, Int64)
  case quotientRange(block: Int, ClosedRange<Int64>, bits: Int)
  case multiplierConstant(block: Int, Int64)
  case multiplierView(block: Int)

  // Relations.
  case noTerms(block: Int)
  case factors(block: Int, term: Int, count: Int)
  case coefficient(block: Int, term: Int, Int64)
  case summedLabels(block: Int, term: Int, [Int])
  case unusedLabel(block: Int, term: Int, label: Int)
  case contraction(block: Int, term: Int, bits: Int)
  case interval(block: Int)

  // Views.
  case unknownSource(Place, Source)
  case readsLater(Place, source: Int)
  case rank(Place, windows: Int, rank: Int)
  case unknownLabel(Place, label: Int)
  case repeatedLabel(Place, label: Int)
  case stride(Place, Int)
  case constant(Place, Int)
  /// A window goes through an input that is not there, or is not one of public integers.
  case unknownIndex(Place, input: Int)
  case indexPort(Place, input: Int)
  /// At places that the input does not have.
  case indexPlaces(Place, input: Int, ClosedRange<Int>, count: Int)
  /// A product with a view that goes through an input.
  case indexedProduct(Place)

  // Gadgets.
  case gadget(Int, GadgetFault)
  /// A view of what a gadget keeps to itself.
  case readsGadget(Place, source: Int)

  // Inputs and outputs.
  case noOutput
  case unknownBlock(Item, block: Int)
  case repeatedInput(block: Int)
  /// A tensor without a block that is no public input of integers.
  case noBlock(Item)
  case limbs(Item, count: Int)
  /// A limb that is not exactly that many bits, the top one aside.
  case limb(Item, Int, ClosedRange<Int64>)
  case limbShape(Item, Int, [Int])
  /// Padded along no axis of its blocks, or with what they cannot have.
  case padding(Item)
  case inputRelation(block: Int)
  case inputMultiplier(block: Int)
  case inputFunction(block: Int)
  case portShape(Item, [Int], cells: Int)
  case portType(Item, ElementType)
  case portScale(Item, Double)
  case portZeroPoint(Item, Int64)
  case inputRange(input: Int, ClosedRange<Int64>, type: ElementType)
  case committedTooSmall(Item, cells: Int, row: Int)
  /// Two committed tensors in one block.
  case committedTwice(Item, Item, block: Int)
  case finalStep(Int, output: Int)

  // What proofs are made of.
  case inferences(Int)
}

extension KeyError.Item: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system: "the circuit"
    case .function(let index): "table function \(index)"
    case .tensor(let index): "model tensor \(index)"
    case .block(let index): "block \(index)"
    case .input(let index): "input \(index)"
    case .output(let index): "output \(index)"
    }
  }
}

extension KeyError.Place: CustomStringConvertible {
  package var description: String {
    guard let term, let factor else { return "the multiplier of block \(block)" }
    return "view \(factor) of term \(term) of block \(block)"
  }
}

extension KeyError: CustomStringConvertible {
  package var description: String { "the key's circuit is refused: \(reason)".printable }

  private var reason: String {
    switch self {
    case .parameter(let name, let value, let allowed):
      "\(name.rawValue) is \(value), allowed are \(allowed.lowerBound) to \(allowed.upperBound)"
    case .tooMany(let quantity, let limit): "more than \(limit) \(quantity.rawValue)"
    case .verifierProducts(let products, let limit):
      "checking one of its proofs would take \(products) products of field elements, more than "
        + "\(limit)"
    case .verifierBytes(let bytes, let limit):
      "checking one of its proofs would take \(bytes) bytes of memory, more than \(limit)"
    case .nameTooLong(let item, let bytes): "the name of \(item) has \(bytes) bytes"
    case .emptyFunction(let index): "table function \(index) has no value"
    case .functionSegment(let index, let segment):
      "segment \(segment) of table function \(index) does not continue the one before it, "
        + "is empty, or has a slope other than 0 and 1"
    case .functionValue(let index):
      "table function \(index) has inputs or outputs beyond ±\(Limits.functionValue)"
    case .shape(let item, let shape): "\(item) has the shape \(shape.listed)"
    case .misaligned(let item, let offset, let size):
      "\(item) begins at \(offset), which is no multiple of its size \(size)"
    case .beyondEnd(let item, let limit): "\(item) ends beyond \(limit)"
    case .overlap(let one, let other): "\(one) overlaps \(other)"
    case .gaps(let item): "mostly gaps lie before the end of \(item)"
    case .unknownFunction(let block, let function):
      "block \(block) names table function \(function), which does not exist"
    case .shift(let block, let shift): "block \(block) shifts by \(shift)"
    case .quotientRange(let block, let range, let bits):
      "block \(block) admits quotients \(range.lowerBound) to \(range.upperBound), "
        + "more than \(bits) bits"
    case .multiplierConstant(let block, let value): "block \(block) has the multiplier \(value)"
    case .multiplierView(let block):
      "the multiplier of block \(block) is not a model tensor along axes of the block"
    case .noTerms(let block): "block \(block) has no relation"
    case .factors(let block, let term, let count):
      "term \(term) of block \(block) has \(count) views; two at most are allowed"
    case .coefficient(let block, let term, let value):
      "term \(term) of block \(block) has the coefficient \(value)"
    case .summedLabels(let block, let term, let extents):
      "term \(term) of block \(block) sums over the extents \(extents.listed)"
    case .unusedLabel(let block, let term, let label):
      "term \(term) of block \(block) sums over label \(label), which no view reads"
    case .contraction(let block, let term, let bits):
      "term \(term) of block \(block) contracts over 2^\(bits) places"
    case .interval(let block): "the sums of block \(block) may be beyond 2^126"
    case .unknownSource(let place, let source): "\(place) reads \(source), which does not exist"
    case .readsLater(let place, let source): "\(place) reads block \(source), which is not earlier"
    case .rank(let place, let windows, let rank):
      "\(place) has \(windows) windows for a source of rank \(rank)"
    case .unknownLabel(let place, let label): "\(place) has the unknown label \(label)"
    case .repeatedLabel(let place, let label): "\(place) has label \(label) more than once"
    case .stride(let place, let stride): "\(place) has the stride \(stride)"
    case .constant(let place, let constant): "\(place) has the offset \(constant)"
    case .unknownIndex(let place, let input):
      "\(place) goes through input \(input), which does not exist"
    case .indexPort(let place, let input):
      "\(place) goes through input \(input), which is not one of public integers without a zero "
        + "point, of \(Limits.stride) or fewer"
    case .indexPlaces(let place, let input, let places, let count):
      "\(place) goes through input \(input) at places \(places.lowerBound) to "
        + "\(places.upperBound), of which there are \(count)"
    case .indexedProduct(let place): "\(place) goes through an input and stands in a product"
    case .noBlock(let item):
      "\(item) has no block, as only inputs of public integers without a zero point may"
    case .limbs(let item, let count): "\(item) has \(count) blocks, more than \(Limits.portLimbs)"
    case .limb(let item, let limb, let range):
      "limb \(limb) of \(item) can be from \(range.lowerBound) to \(range.upperBound), which is not "
        + "exactly a number of bits that 63 have room for"
    case .limbShape(let item, let limb, let shape):
      "limb \(limb) of \(item) has the shape \(shape.listed), another than the first"
    case .gadget(let index, let fault): "gadget \(index) \(fault)"
    case .readsGadget(let place, let source):
      "\(place) reads block \(source), which a gadget keeps to itself"
    case .padding(let item):
      "\(item) is padded along no axis of two or more that its blocks have, or with an integer that "
        + "they cannot have"
    case .noOutput: "it has no output"
    case .unknownBlock(let item, let block): "\(item) is block \(block), which does not exist"
    case .repeatedInput(let block): "block \(block) is more than one input"
    case .inputRelation(let block):
      "input block \(block) has another relation than that it is given"
    case .inputMultiplier(let block): "input block \(block) has another multiplier than one"
    case .inputFunction(let block): "input block \(block) has another function than identity"
    case .portShape(let item, let shape, let cells):
      "\(item) has the shape \(shape.listed), its block has \(cells) cells"
    case .portType(let item, let type):
      "\(item) has the type \(type), which asks for a block, the scale 1 and the zero point 0"
    case .portScale(let item, let scale): "\(item) has the scale \(scale)"
    case .portZeroPoint(let item, let value): "\(item) has the zero point \(value)"
    case .inputRange(let input, let range, let type):
      "input \(input) admits \(range.lowerBound) to \(range.upperBound), not all of type \(type)"
    case .committedTooSmall(let item, let cells, let row):
      "\(item) is committed, so its \(cells) cells have to fill rows of \(row)"
    case .committedTwice(let one, let other, let block):
      "\(one) and \(other) are both committed and share block \(block)"
    case .inferences(let count):
      "it is asked for \(count) inferences in one proof, allowed are "
        + "\(Limits.inferences.lowerBound) to \(Limits.inferences.upperBound)"
    case .finalStep(let index, let output): "final step \(index) does not fit output \(output)"
    }
  }
}
