/// How the page looks: light or dark as the reader's system is, one column on a telephone.
enum PageStyle {
  static let css: Markup = """
    :root {
      color-scheme: light dark;
      --page: #fbfbfa; --card: #ffffff; --ink: #17191c; --soft: #5c636d; --faint: #8b929c;
      --line: #e4e6e9; --track: #eef0f2; --rows: #3b6fd8; --rows-soft: #c3d3f3;
      --cost: #c2571a; --good: #23845a; --skip1: #8a5cc9; --skip2: #1a8c8c; --skip0: #b0483f;
      --conv: #3b6fd8; --dense: #8a5cc9; --pool: #1a8c8c; --sum: #23845a; --step: #8b929c;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #111317; --card: #181b20; --ink: #e8eaed; --soft: #a3abb6; --faint: #78808c;
        --line: #2a2e35; --track: #23272e; --rows: #6f9bf2; --rows-soft: #2f4470;
        --cost: #ec8a4e; --good: #55b98a; --skip1: #b08ae6; --skip2: #4fbcbc; --skip0: #e0837a;
        --conv: #6f9bf2; --dense: #b08ae6; --pool: #4fbcbc; --sum: #55b98a; --step: #8b929c;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--page); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
      font-variant-numeric: tabular-nums;
    }
    main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px; }
    h1 { font-size: 34px; line-height: 1.15; letter-spacing: -0.02em; margin: 4px 0 10px;
      overflow-wrap: anywhere; }
    h2 { font-size: 18px; letter-spacing: -0.01em; margin: 44px 0 4px; }
    p { margin: 0 0 12px; color: var(--soft); max-width: 72ch; }
    code, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: 0.92em; }
    .over { color: var(--faint); font-size: 12px; font-weight: 600; letter-spacing: 0.09em;
      text-transform: uppercase; }
    .id { color: var(--soft); overflow-wrap: anywhere; margin-bottom: 18px; max-width: none; }
    .id b { color: var(--faint); font-weight: 400; }
    .tiles { display: grid; grid-template-columns: repeat(6, 1fr); border: 1px solid var(--line);
      border-radius: 10px; background: var(--card); overflow: hidden; }
    .tiles div { padding: 14px 16px; border-left: 1px solid var(--line); margin-left: -1px; }
    .tiles dt { color: var(--soft); font-size: 12.5px; }
    .tiles dd { margin: 2px 0 0; font-size: 22px; font-weight: 600; letter-spacing: -0.02em;
      white-space: nowrap; }
    .tiles small { display: block; color: var(--faint); font-size: 12px; font-weight: 400;
      letter-spacing: 0; }
    .card { border: 1px solid var(--line); border-radius: 10px; background: var(--card);
      overflow: hidden; }
    table { width: 100%; border-collapse: collapse; }
    th { text-align: left; font-size: 12.5px; font-weight: 500; color: var(--soft);
      padding: 10px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
    td { padding: 7px 12px; vertical-align: middle; }
    th.num, td.num { text-align: right; white-space: nowrap; }
    .layers tbody tr + tr td:not(.graph) { border-top: 1px solid var(--track); }
    .layers td { height: 52px; }
    .graph { position: relative; padding: 0; }
    .edges { position: absolute; left: 0; top: 0; height: calc(100% + 1px); overflow: visible; }
    .edge { fill: none; stroke: var(--faint); stroke-width: 1.75; vector-effect: non-scaling-stroke; }
    .s0 { stroke: var(--skip0); } .s1 { stroke: var(--skip1); } .s2 { stroke: var(--skip2); }
    .dot { position: absolute; left: 5px; top: 50%; width: 12px; height: 12px; margin-top: -6px;
      border-radius: 50%; background: var(--step); border: 2px solid var(--card); }
    .dot.conv { background: var(--conv); } .dot.dense { background: var(--dense); }
    .dot.pool { background: var(--pool); } .dot.sum { background: var(--sum); }
    .dot.input { background: var(--card); border-color: var(--ink); }
    .name { max-width: 340px; }
    .name b { display: block; font-weight: 550; overflow: hidden; text-overflow: ellipsis;
      white-space: nowrap; direction: ltr; }
    .name span { color: var(--soft); font-size: 13px; }
    .name .more { display: none; }
    .tag { border: 1px solid var(--line); border-radius: 5px; padding: 0 5px; font-size: 11.5px;
      color: var(--soft); margin-left: 6px; white-space: nowrap; }
    .bar { display: grid; grid-template-columns: minmax(48px, 1fr) 62px; gap: 10px;
      align-items: center; }
    .bar span { text-align: right; white-space: nowrap; }
    .bar i { display: block; height: 8px; border-radius: 4px; background: var(--track);
      position: relative; overflow: hidden; }
    .bar u { position: absolute; inset: 0 auto 0 0; border-radius: 4px; min-width: 2px;
      text-decoration: none; }
    .rows u { background: var(--rows); } .rows u.pale { background: var(--rows-soft); }
    .cost u { background: var(--cost); } .error u { background: var(--good); }
    tfoot td { border-top: 1px solid var(--line); color: var(--soft); height: auto;
      padding-top: 9px; padding-bottom: 9px; }
    tfoot tr:last-child td { color: var(--ink); font-weight: 600; }
    .strip { display: flex; height: 14px; border-radius: 7px; overflow: hidden;
      background: var(--track); margin: 10px 0 12px; gap: 1px; }
    .strip i { display: block; min-width: 1px; }
    .c0 { background: var(--rows); } .c1 { background: var(--dense); } .c2 { background: var(--pool); }
    .c3 { background: var(--cost); } .c4 { background: var(--good); } .c5 { background: var(--skip0); }
    .c6 { background: var(--faint); } .pad-fill { background: var(--rows-soft); }
    .none { background: var(--track); }
    .legend { list-style: none; margin: 0; padding: 0; display: grid; gap: 3px; }
    .legend li { display: flex; align-items: baseline; gap: 8px; }
    .legend i { width: 10px; height: 10px; border-radius: 3px; flex: none; }
    .legend span { flex: 1; color: var(--soft); overflow-wrap: anywhere; }
    .three { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px; margin-top: 12px; }
    .three .card, .pad { padding: 16px 18px; }
    .three h3 { font-size: 14px; margin: 0; display: flex; justify-content: space-between; gap: 10px; }
    .three h3 span { color: var(--soft); font-weight: 400; }
    .facts { display: grid; grid-template-columns: repeat(2, 1fr); gap: 0 32px; margin: 0; }
    .facts div { display: flex; gap: 12px; padding: 7px 0; border-top: 1px solid var(--track); }
    .facts div:nth-child(-n+2) { border-top: 0; }
    .facts dt { flex: 1; color: var(--soft); } .facts dd { margin: 0; text-align: right; }
    .scroll { overflow-x: auto; }
    pre { margin: 0; padding: 16px 18px; white-space: pre-wrap; overflow-wrap: anywhere; }
    footer { margin-top: 44px; color: var(--faint); font-size: 13px; overflow-wrap: anywhere; }
    .note { margin-top: 10px; font-size: 13.5px; }
    @media (max-width: 900px) {
      .tiles { grid-template-columns: repeat(3, 1fr); }
      .tiles div { border-top: 1px solid var(--line); margin-top: -1px; }
      .three { grid-template-columns: 1fr; }
      .layers .shape, .layers .params { display: none; }
      .name .more { display: inline; }
    }
    @media (max-width: 640px) {
      main { padding: 24px 14px 48px; }
      h1 { font-size: 27px; }
      .tiles { grid-template-columns: repeat(2, 1fr); }
      .facts { grid-template-columns: 1fr; }
      .facts div:nth-child(2) { border-top: 1px solid var(--track); }
      .layers table, .layers tbody, .layers tfoot { display: block; }
      .layers thead { display: none; }
      .layers tr { display: grid; grid-template-columns: var(--gutter) 1fr 1fr; }
      .layers tbody tr + tr td:not(.graph) { border-top: 0; }
      .layers td { height: auto; display: block; padding: 2px 12px 2px 0; min-width: 0; }
      .layers .graph { grid-row: 1 / 4; padding: 0; }
      .layers .name { grid-column: 2 / 4; padding-top: 10px; max-width: none; }
      .layers td.bar-cell { padding-bottom: 10px; }
      .layers .error-cell { grid-column: 2 / 4; padding-top: 0; }
      .layers .bar { grid-template-columns: 1fr; gap: 3px; margin-top: 4px; }
      .layers .bar span { text-align: left; font-size: 13px; color: var(--soft); }
      .layers .bar span::after { content: attr(data-unit); }
      .layers tfoot tr { grid-template-columns: 1fr auto; padding: 8px 14px;
        border-top: 1px solid var(--line); }
      .layers tfoot td { border: 0; padding: 0; }
      .layers tfoot .graph, .layers tfoot .optional { display: none; }
      .layers tfoot .name { grid-column: 1; padding: 0; }
    }
    @media (max-width: 640px) {
      .ports, .ports tbody { display: block; } .ports thead { display: none; }
      .ports tr { display: block; padding: 8px 0; }
      .ports tr + tr { border-top: 1px solid var(--line); }
      .ports td { display: flex; justify-content: space-between; gap: 14px; padding: 3px 14px;
        text-align: right; white-space: normal; }
      .ports td::before { content: attr(data-label); color: var(--soft); text-align: left; }
      .ports td:first-child { font-weight: 600; } .ports td:first-child::before { content: none; }
    }
    @media print { body { background: #fff; } .card, .tiles { break-inside: avoid; } }
    """
}
