import Tacit
import TacitVerifier
import Witness

/// One page that shows a compiled network: self-contained, without a script, and nothing secret but
/// quantization errors, which a model's owner adds when compiling.
struct ReportPage {
  private let model: ModelDescription
  private let profile: ModelProfile
  private let quantization: ModelReport.Quantization?

  /// - Parameter quantization: measured on calibration inputs; it tells of the weights and of the data.
  init(_ verifier: ModelVerifier, quantization: ModelReport.Quantization? = nil) {
    model = verifier.description
    profile = verifier.profile
    self.quantization = quantization
  }

  /// What every page begins with. Nothing is loaded and nothing runs, whatever a name holds.
  static let opening = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src 'unsafe-inline'"/>
    """

  /// The file.
  var html: String {
    let name = model.name.isEmpty ? "unnamed model" : model.name
    let page: Markup = """
      \(Markup(stringLiteral: Self.opening))
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(name): what is proven, and what it costs</title>
      <style>
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <main>
      \(header(name))
      \(figures)
      \(LayerSection(profile, quantization).markup)
      \(sizes)
      \(ports)
      \(constants)
      \(use)
      <footer>Circuit digest \(Hex.text(model.circuitDigest)). Written by tacit \
      \(TacitTool.version). Times are the compiler's estimates for two cores with AVX-512; \
      <code>tacit bench</code> measures.</footer>
      </main>
      </body>
      </html>

      """
    return page.html
  }

  private func header(_ name: String) -> Markup {
    let weights =
      model.weightsArePublic
      ? "The weights are public: whoever has the model file compiles it to this id."
      : "The weights are private: this page and the verifier key hold none of them."
    return """
      <div class="over">Network under proof</div>
      <h1>\(name)</h1>
      <p class="id"><b>model id</b> <code>\("\(model.modelID)")</code></p>
      <p>\(summary) \(weights)</p>
      """
  }

  private var summary: String {
    let layers = profile.layers.count { !$0.isInput }
    let all = model.outputs.flatMap(\.finalSteps)
    let names = all.indices.filter { !all[..<$0].contains(all[$0]) }.map { all[$0] }
    let steps =
      names.isEmpty
      ? "" : ", then \(names.joined(separator: " and ")) as a public step after the proof"
    return "\(layers) \(layers == 1 ? "layer" : "layers") of integer arithmetic\(steps)."
  }

  private var figures: Markup {
    func tile(_ title: String, _ value: String, _ below: String) -> Markup {
      "<div><dt>\(title)</dt><dd>\(value)<small>\(below)</small></dd></div>"
    }
    let used = Text.percent(Double(model.usedRows) / Double(max(1, model.traceRows)))
    return """
      <dl class="tiles">\([
        tile("Parameters", Text.short(profile.parameters), "weights and biases"),
        tile("MACs", Text.short(profile.products), "per inference"),
        tile("Rows", Text.count(model.usedRows), "\(used) of \(Text.count(model.traceRows))"),
        tile("Proof", Text.size(model.proofBytes), "\(Text.count(model.proofBytes)) bytes"),
        tile("Proving", Text.time(profile.proveMilliseconds), "estimated"),
        tile("Verifying", Text.time(profile.verifyMilliseconds), "estimated"),
      ])</dl>
      """
  }

  private var sizes: Markup {
    let rows = profile.layers.reduce(0) { $0 + $1.paddedRows }
    let trace = [
      Strip.Part("hold a value", profile.rows, "c0"),
      Strip.Part("padding inside layers", max(0, rows - profile.rows), "pad-fill"),
      Strip.Part("unused", max(0, model.traceRows - rows), "none"),
    ]
    let functions = Strip.parts(profile.table.map { ($0.name, $0.count) })
    let free = Strip.Part("unused", max(0, model.paddedTableRows - model.tableRows), "none")
    let proof = Strip.parts(profile.proof.map { ($0.name, $0.count) })
    return """
      <h2>What a proof is made of</h2>
      <p>Every value of the network is one row of the trace; every row is looked up in one public \
      table. Both are padded to powers of two, and the padding is nearly free.</p>
      <div class="three">
      \(Strip("Trace", "\(Text.count(model.traceRows)) rows", trace).markup)
      \(Strip("Table", "\(Text.count(model.paddedTableRows)) rows", functions + [free]).markup)
      \(Strip("Proof", "\(Text.count(model.proofBytes)) bytes", proof).markup)
      </div>
      """
  }

  private var ports: Markup {
    func row(_ role: String, _ port: TensorPort) -> Markup {
      let reals = Text.reals(scale: port.scale, zeroPoint: port.zeroPoint)
      return """
        <tr><td data-label="">\(role)</td><td data-label="name">\(port.name)</td>\
        <td data-label="who learns it">\(port.visibility.rawValue)</td>\
        <td data-label="integers">\(port.type.rawValue) \(Text.shape(port.shape))</td>\
        <td class="num" data-label="as reals">\(reals)</td></tr>
        """
    }
    return """
      <h2>Inputs and outputs</h2>
      <div class="card scroll" style="margin-top:12px"><table class="ports">
      <thead><tr><th></th><th>name</th><th>who learns it</th><th>integers</th>\
      <th class="num">as reals</th></tr></thead>
      <tbody>\(model.inputs.map { row("input", $0) } + model.outputs.map { row("output", $0) })</tbody>
      </table></div>
      """
  }

  private var constants: Markup {
    func fact(_ title: String, _ value: String) -> Markup {
      "<div><dt>\(title)</dt><dd>\(value)</dd></div>"
    }
    let facts = [
      fact("S, bits that a rescaling divides by", "\(model.limbs * model.limbBits)"),
      fact("K × b, limbs of a remainder and their bits", "\(model.limbs) × \(model.limbBits)"),
      fact("d, bits of a quotient", "\(model.quotientBits)"),
      fact("L, cells of a commitment", Text.count(model.commitmentRowLength)),
      fact("commitments to the model", Text.count(model.modelRows)),
      fact("integers of the model, multipliers included", Text.count(model.modelValues)),
      fact("verifier key", "\(Text.count(model.keyBytes)) bytes"),
      fact("weights", model.weightsArePublic ? "public" : "private"),
    ]
    return """
      <h2>Constants of the circuit</h2>
      <div class="card pad" style="margin-top:12px"><dl class="facts">\(facts)</dl></div>
      """
  }

  private var use: Markup {
    """
    <h2>Check a proof of it</h2>
    <div class="card" style="margin-top:12px"><pre><code>tacit verify NAME.verifier FILE.proof \\
      --model-id \("\(model.modelID)")</code></pre></div>
    """
  }
}

/// A whole as one bar, and its parts with their counts.
struct Strip {
  struct Part {
    var name: String
    var count: Int
    var style: String

    init(_ name: String, _ count: Int, _ style: String) {
      self.name = name
      self.count = count
      self.style = style
    }
  }
  private let title: String
  private let whole: String
  private let parts: [Part]

  init(_ title: String, _ whole: String, _ parts: [Part]) {
    self.title = title
    self.whole = whole
    self.parts = parts
  }

  /// Each with a colour of its own; what there is beyond as many as there are colours is one part.
  static func parts(_ counts: [(name: String, count: Int)]) -> [Part] {
    let colours = 7
    var parts = counts.prefix(colours).enumerated().map { Part($1.name, $1.count, "c\($0)") }
    if counts.count > colours {
      let rest = counts[(colours - 1)...]
      parts[colours - 1].name = "\(rest.count) others"
      parts[colours - 1].count = rest.reduce(0) { $0 + $1.count }
    }
    return parts
  }

  var markup: Markup {
    let total = max(1, parts.reduce(0) { $0 + $1.count })
    let shown = parts.filter { $0.count > 0 }
    let bars = shown.map { part -> Markup in
      let share = Double(part.count) / Double(total) * 100
      return "<i class=\"\(part.style)\" style=\"width:\(share)%\"></i>"
    }
    let lines = shown.map { part -> Markup in
      """
      <li><i class="\(part.style)"></i><span>\(part.name)</span>\(Text.count(part.count))</li>
      """
    }
    return """
      <div class="card"><h3>\(title)<span>\(whole)</span></h3>
      <div class="strip">\(bars)</div><ul class="legend">\(lines)</ul></div>
      """
  }
}
