import Tacit

/// The network from input to output: its edges, and beside each layer what it is and what it costs.
struct LayerSection {
  private let layers: [ModelProfile.Layer]
  private let profile: ModelProfile
  private let quantization: ModelReport.Quantization?
  private let errors: [String: ModelReport.Quantization.Layer]
  private let graph: NetworkGraph
  private let mostRows: Int
  private let mostShare: Double
  private let mostError: Double

  init(_ profile: ModelProfile, _ quantization: ModelReport.Quantization?) {
    self.profile = profile
    self.quantization = quantization
    layers = profile.layers
    errors = Dictionary(
      (quantization?.layers ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    graph = NetworkGraph(reads: layers.map(\.reads))
    mostRows = max(1, layers.reduce(0) { max($0, $1.paddedRows) })
    mostShare = layers.reduce(.leastNormalMagnitude) { max($0, $1.share) }
    mostError = errors.values.reduce(.leastNormalMagnitude) { max($0, $1.relativeError) }
  }

  private var gutter: Int { NetworkGraph.x(graph.width - 1) + NetworkGraph.x(0) + 6 }
  private var hasErrors: Bool { quantization != nil }

  var markup: Markup {
    let error: Markup = hasErrors ? "<th style=\"width:17%\">quantization error</th>" : ""
    return """
      <h2>Layers</h2>
      <p>\(explanation)</p>
      <div class="card layers" style="margin-top:12px;--gutter:\(gutter)px"><table>
      <thead><tr><th style="width:\(gutter)px"></th><th>layer</th><th class="shape">output</th>\
      <th style="width:19%">rows of the trace</th><th style="width:19%">share of proving</th>\(error)\
      <th class="num params">parameters</th></tr></thead>
      <tbody>
      \(layers.indices.map(row))</tbody>
      <tfoot>
      \(sum("table, pads and opening", "", Text.percent(profile.sharedShare), ""))
      \(total)
      </tfoot>
      </table></div>
      \(notes)
      """
  }

  private var total: Markup {
    sum(
      "all", Text.count(profile.rows), Text.time(profile.proveMilliseconds) + " estimated",
      Text.count(profile.parameters))
  }

  private var explanation: String {
    let skips =
      graph.lanes.isEmpty ? "" : " Coloured lines are values that later layers read again."
    return "Top to bottom, as the values flow.\(skips) A layer costs its rows, its "
      + "multiplications and its weights; the pale part of its rows is padding, which costs next to "
      + "nothing."
  }

  private var notes: Markup {
    var notes: [Markup] = []
    if graph.hidden > 0 {
      notes.append(
        "<p class=\"note\">\(Text.count(graph.hidden)) further edges are not drawn.</p>")
    }
    if layers.contains(where: \.isSplit) {
      notes.append(
        """
        <p class="note">In a split layer a value takes two rows, a coarse and a fine one, so that the \
        table need not hold every quotient.</p>
        """)
    }
    if layers.contains(where: { $0.tieRows > 0 }) {
      notes.append(
        """
        <p class="note">A layer marked ties has further rows for channels whose ties to even take more than \
        one multiplier.</p>
        """)
    }
    if let quantization {
      let accuracy =
        quantization.accuracy.map { " By their labels \($0.text(quantization))." } ?? ""
      let (samples, agreeing) = (
        Text.count(quantization.samples), Text.count(quantization.agreeing)
      )
      notes.append(
        """
        <p class="note">Quantization error: root mean square of integer less float over that of \
        float, on \(samples) calibration inputs; the largest output is that of float in \(agreeing) \
        of them (\(Text.percent(quantization.agreement))).\(accuracy) \(Text.count(quantization.saturated)) of \
        \(Text.count(quantization.values)) values were cut off at the end of int8.</p>
        """)
    }
    return "\(notes)"
  }

  private func row(_ index: Int) -> Markup {
    let layer = layers[index]
    let more =
      " · \(Text.shape(layer.shape))"
      + (layer.parameters > 0 ? " · \(Text.count(layer.parameters))\u{A0}parameters" : "")
    let work = layer.products > 0 ? " · \(Text.short(layer.products))\u{A0}MACs" : ""
    var tags: [Markup] = []
    if layer.isSplit { tags.append("<span class=\"tag\">split</span>") }
    if layer.tieRows > 0 { tags.append("<span class=\"tag\">ties</span>") }
    if layer.isOutput { tags.append("<span class=\"tag\">output</span>") }
    let filled = Double(layer.rows) / Double(mostRows) * 100
    let padded = Double(layer.paddedRows) / Double(mostRows) * 100
    let cost = layer.share / mostShare * 100
    return """
      <tr><td class="graph">\(graph.drawing(of: index))\
      <span class="dot \(style(layer))"></span></td>\
      <td class="name"><b title="\(layer.name)">\(layer.name)</b>\
      <span>\(layer.kind)\(work)<span class="more">\(more)</span></span>\(tags)</td>\
      <td class="shape">\(Text.shape(layer.shape))</td>\
      <td class="bar-cell"><div class="bar rows"><i><u class="pale" style="width:\(padded)%"></u>\
      <u style="width:\(filled)%"></u></i><span data-unit=" rows">\(Text.count(layer.rows))</span>\
      </div></td>\
      <td class="bar-cell"><div class="bar cost"><i><u style="width:\(cost)%"></u></i>\
      <span data-unit=" of proving">\(Text.share(layer.share))</span></div></td>\
      \(error(of: layer))\
      <td class="num params">\(layer.parameters > 0 ? Text.count(layer.parameters) : "")</td></tr>

      """
  }

  private func error(of layer: ModelProfile.Layer) -> Markup {
    guard hasErrors else { return "" }
    guard let error = errors[layer.name] else { return "<td class=\"error-cell\"></td>" }
    let width = error.relativeError / mostError * 100
    return """
      <td class="bar-cell error-cell"><div class="bar error"><i><u style="width:\(width)%"></u></i>\
      <span data-unit=" quantization error">\(Text.percent(error.relativeError))</span></div></td>
      """
  }

  private func sum(
    _ title: String, _ rows: String, _ cost: String, _ parameters: String
  ) -> Markup {
    let error: Markup = hasErrors ? "<td class=\"optional\"></td>" : ""
    return """
      <tr><td class="graph"></td><td class="name">\(title)</td><td class="shape"></td>\
      <td class="num optional">\(rows)</td><td class="num">\(cost)</td>\(error)\
      <td class="num params optional">\(parameters)</td></tr>
      """
  }

  /// The colour of its dot.
  private func style(_ layer: ModelProfile.Layer) -> String {
    if layer.isInput { return "input" }
    let kind = layer.kind
    if kind.contains("conv") { return "conv" }
    if kind.hasPrefix("dense") || kind.contains("product") { return "dense" }
    if ["average", "mean", "maximum"].contains(where: kind.hasPrefix) { return "pool" }
    if kind.hasPrefix("sum") || kind.hasPrefix("difference") { return "sum" }
    return "step"
  }
}
