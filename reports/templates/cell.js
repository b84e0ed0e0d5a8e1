// The details of a cell of the matrix: its worst case, and the verdict of every law in every type.
let data = null;
const dialog = document.getElementById("cell");

// What reports/packed.py packed; null where there is nothing, or a browser of before 2023 cannot unpack it.
async function unpacked(element) {
  if (!element?.textContent || typeof DecompressionStream === "undefined") return null;
  const bytes = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

// A row of the data by the names of its fields; see reports/verdict_data.py.
function named(row) {
  const [type, laws, verdict, tenths, least, argument, args, said, examples, undecided, message,
    again, issue, vote, inputs, worst] = row;
  const text = (number) => data.texts[number ?? 0];
  const digits = tenths >= 0 ? (tenths / 10).toFixed(1) : "";
  const margin = least ? String(least) : "";
  return {
    type: data.types[type], laws: [laws].flat().map((law) => data.laws[law][0]), verdict, digits, margin, args,
    argument: text(argument), case: text(said), message: text(message), again: text(again),
    issue: text(issue), vote: text(vote), inputs: data.inputs[inputs ?? 0], examples, undecided, worst,
    most: data.most[type],
  };
}

function lawName(law) {
  return data.laws.find(([name]) => name === law)[1];
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
  const [at, expected, got, tolerance, roundings, parts] = row.worst || [];
  const of = row.argument ? ` of ${row.argument}` : "";
  const others = row.args > 1 ? `, the worst of ${row.args}` : "";
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
      parts?.length && fact("Made of", inParts(parts)),
      row.vote && fact("Third vote", row.vote),
      row.examples && fact("Examples",
        `${row.examples.toLocaleString("en")} tried, ${(row.undecided || 0).toLocaleString("en")} undecided`),
      row.issue && fact("Upstream", row.issue.startsWith("https://")
        ? make("a", { href: row.issue, rel: "noreferrer" }, row.issue) : row.issue)),
    inputsOf(row),
    copied("To see it again", make("pre", { className: "command" }, command(identity, column, row, law))),
    row.case && copied("The same as a script", make("pre", { className: "script", tabIndex: 0 },
      script(identity, column, row, law))));
}

// What a tolerance is made of, the largest part first.
function inParts(percents) {
  return percents.map((percent, place) => [percent, data.parts[place]])
    .filter(([percent]) => percent > 0).sort(([one], [other]) => other - one)
    .map(([percent, part]) => `${percent} % ${part}`).join(", ");
}

// The arrays that went in: arguments, and the cotangent.
function inputsOf(row) {
  const written = row.inputs.map(([name, text]) =>
    `${name} = ${text.replace(/^array\(/, "").replace(/(, float)?\)$/, "")}`);
  if (!row.case) return "";
  return [make("p", { className: "label" }, "Input"), written.length
    ? make("pre", { className: "inputs", tabIndex: 0 }, written.join("\n"))
    : make("p", {}, "Not in this page: the command and the script build it from the case.")];
}

// A text to be read, with a button that copies it.
function copied(title, shown) {
  const copy = make("button", { type: "button", ariaLabel: `Copy: ${title}` }, "Copy");
  copy.onclick = () => navigator.clipboard?.writeText(shown.textContent).then(() => (copy.textContent = "Copied"));
  return [make("p", { className: "label" }, `${title} `, copy), shown];
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
