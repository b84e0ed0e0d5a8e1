// The details of a cell of the matrix: its worst case, and the verdict of every law in every type.
const data = JSON.parse(document.getElementById("verdicts")?.textContent ?? "null");
const dialog = document.getElementById("cell");

// A row of the data by the names of its fields; see reports/verdict_data.py.
function named(row) {
  const [type, laws, verdict, tenths, least, argument, args, said, examples, undecided, message,
    again, issue, worst] = row;
  const text = (number) => data.texts[number ?? 0];
  const digits = tenths >= 0 ? (tenths / 10).toFixed(1) : "";
  const margin = least ? String(least) : "";
  return {
    type: data.types[type], laws: [laws].flat().map((law) => data.laws[law][0]), verdict, digits, margin, args,
    argument: text(argument), case: text(said), message: text(message), again: text(again),
    issue: text(issue), examples, undecided, worst, most: data.most[type],
  };
}

function lawName(law) {
  return data.laws.find(([name]) => name === law)[1];
}

// What the shell reads as this one word, written as Python's shlex writes it.
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

function command(identity, [backend, route], row, law) {
  if (row.again) return row.again;
  const options = { identity, dtype: row.type, backend, route, law, seed: data.seed };
  if (row.case) options.case = row.case;
  else options.profile = data.profile;
  return ["gradient-conformance run", ...Object.entries(options) // what is not known is left out
    .filter(([, value]) => value).map(([name, value]) => `--${name} ${quoted(value)}`)].join(" ");
}

function stateOf(row) {
  const [name, sign, fails] = data.verdicts[row.verdict];
  return make("span", { className: `state ${fails ? "failed" : name}` },
    make("span", { ariaHidden: "true" }, sign), ` ${name}`);
}

function fact(title, ...content) {
  return make("div", {}, make("dt", {}, title), make("dd", {}, content));
}

// The row in words, and the numbers of its worst entry.
function detail(identity, column, row, law) {
  const [at, expected, got, tolerance, roundings] = row.worst || [];
  const of = row.argument ? ` of ${row.argument}` : "";
  const others = row.args > 1 ? `, the worst of ${row.args}` : "";
  const again = command(identity, column, row, law);
  const copy = make("button", { type: "button" }, "Copy");
  copy.onclick = () => navigator.clipboard?.writeText(again).then(() => (copy.textContent = "Copied"));
  return make("div", { className: "detail" },
    make("p", {}, stateOf(row), `: ${lawName(law)}${of} in ${row.type}${others}`,
      row.digits && `, ${row.digits}${row.most && ` of ${row.most}`} digits right in the worst example`),
    row.message && make("p", { className: "message" }, row.message),
    make("dl", { className: "facts" },
      row.case && fact("Case", make("code", {}, row.case)),
      row.margin && fact("Margin", row.margin === "not finite" ? "the largest error is not finite"
        : `the largest error is ${row.margin} times the tolerance`),
      expected && fact(at ? `Entry ${at}` : "The entry", `expected ${expected}, got ${got}`),
      tolerance && fact("Tolerance", tolerance, roundings && ` (${roundings} roundings of what is ` +
        `expected${roundings > 100 ? ": what it is computed from is larger than itself" : ""})`),
      row.examples && fact("Examples",
        `${row.examples.toLocaleString("en")} tried, ${(row.undecided || 0).toLocaleString("en")} undecided`),
      row.issue && fact("Upstream", row.issue.startsWith("https://")
        ? make("a", { href: row.issue, rel: "noreferrer" }, row.issue) : row.issue)),
    make("p", { className: "label" }, "To see it again ", copy),
    make("pre", { className: "command" }, make("code", {}, again)));
}

// Every law in every type, each to be pressed for its details.
function table(rows, show) {
  const laws = [...new Set(rows.flatMap((row) => row.laws))];
  const types = data.types.filter((type) => rows.some((row) => row.type === type));
  const cellFor = (law, type) => {
    const row = rows.find((one) => one.type === type && one.laws.includes(law));
    if (!row) return make("td", { className: "muted" }, "not tried");
    const [name, sign, fails] = data.verdicts[row.verdict];
    const words = name === "pass" && row.digits ? `${sign} ${row.digits}` : `${sign} ${name} ${row.digits || ""}`;
    return make("td", {}, make("button", {
      type: "button", className: `cell ${fails ? "failed" : name}`, onclick: () => show(row, law),
    }, words));
  };
  return make("table", {},
    make("caption", {}, "Each law in each type, with the digits right in its worst example."),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "What is checked"),
      types.map((type) => make("th", { scope: "col" }, type)))),
    make("tbody", {}, laws.map((law) => make("tr", {}, make("th", { scope: "row" }, lawName(law)),
      types.map((type) => cellFor(law, type))))));
}

function openCell(number, columnNumber, choice) {
  const identity = data.identities[number];
  const column = data.columns[columnNumber];
  const rows = data.cells[number][columnNumber][1].map(named);
  const fits = (row) =>
    (!choice.type || row.type === choice.type) && (!choice.law || row.laws.includes(choice.law));
  const verdict = (row) => data.verdicts[row.verdict][0];
  const first = rows.find((row) => fits(row) && verdict(row) === choice.verdict)
    ?? rows.find(fits) ?? rows[0];
  const place = make("div", { ariaLive: "polite" }); // what another law says is read out
  const show = (row, law) => {
    place.replaceChildren(detail(identity, column, row, law));
    dialog.scrollTop = 0;
  };
  show(first, first.laws.includes(choice.law) ? choice.law : first.laws[0]);
  const told = document.querySelector(`article[data-cell="${CSS.escape(nameOf(identity, column))}"]`);
  const link = told && make("p", {}, make("a", { href: `#${told.id}`, onclick: () => dialog.close() },
    "All numbers of this finding"));
  dialog.replaceChildren(
    make("button", { type: "button", className: "close", onclick: () => dialog.close() }, "Close"),
    make("h3", { id: "cell-title" }, `${identity} by ${column[0]}, ${column[1]}`),
    place, link ?? "",
    make("div", { className: "scroll" }, table(rows, show)));
  keep("cell", nameOf(identity, column));
  if (!dialog.open) dialog.showModal();
}

// A cell's name in the address. Names may have spaces in them, so it is compared as a whole.
function nameOf(identity, column) {
  return `${identity} ${column.join(" ")}`;
}

// Opens the cell that the address names, if there is one.
function openNamed(name, choice) {
  for (const [number, cells] of data.cells.entries()) {
    const column = data.columns.findIndex((names, place) =>
      cells[place] && nameOf(data.identities[number], names) === name);
    if (column < 0) continue;
    const row = document.getElementById(`identity-${number + 1}`).parentElement;
    row.cells[column + 1].querySelector("button")?.focus(); // where a reader is after closing
    openCell(number, column, choice);
    return;
  }
}

dialog?.addEventListener("close", () => keep("cell", ""));
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside the details
});
