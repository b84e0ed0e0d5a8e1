// Narrows the matrix to what is chosen: a type, what is checked, a library, a family, a verdict, words.
const view = document.getElementById("view");

// What a cell shows of the chosen type and law; null where that was not tried.
function linesOf(cell, type, law) {
  if (!cell) return null;
  const [lines, rows] = cell;
  const number = data.types.indexOf(type);
  if (!law) return lines[number + 1];
  const of = rows.map(named).filter((row) => row.laws.includes(law) && (!type || row.type === type));
  if (!of.length) return null;
  const { verdict, digits, most, type: alone } = of[0]; // what stands for the cell comes first
  return [[verdict, data.verdicts[verdict][0], digits, most, data.types.length > 1 && !type ? alone : ""]];
}

function lineOf([verdict, word, digits, most, types], number) {
  const [name, sign, fails] = data.verdicts[verdict];
  const plain = word === "pass" && digits;
  return make("span", { className: `cell ${fails ? "failed" : name}${number ? " beside" : ""}${plain ? " plain" : ""}` },
    make("span", { className: "nowrap" },
      make("span", { ariaHidden: "true" }, sign), " ",
      make("span", { className: plain ? "unseen" : "" }, word)), " ",
    digits && make("span", { className: "nowrap" }, make("b", {}, digits), " ",
      most && make("span", { className: "of" }, `of ${most}`)), " ",
    types && make("span", { className: "of only" }, `in ${types}`));
}

// Whether anything of the chosen type and law in the cell has the verdict, seen or behind the worst.
function has(cell, { type, law, verdict }) {
  return cell[1].map(named).some((row) => data.verdicts[row.verdict][0] === verdict &&
    (!type || row.type === type) && (!law || row.laws.includes(law)));
}

function fill(place, number, column, choice) {
  const cell = data.cells[number][column];
  const lines = linesOf(cell, choice.type, choice.law);
  place.replaceChildren(lines?.length
    ? make("button", { type: "button", className: "open", onclick: () => openCell(number, column, choice) },
        lines.map(lineOf))
    : make("div", { className: "cell empty" }, "not tried"));
  return Boolean(cell && choice.verdict) && has(cell, choice);
}

function narrow() {
  const choice = Object.fromEntries(new FormData(view));
  let shown = 0;
  let all = 0;
  for (const head of document.querySelectorAll("#matrix [data-library]")) {
    head.hidden = Boolean(choice.library) && head.dataset.library !== choice.library;
  }
  for (const body of document.querySelectorAll("#matrix tbody")) {
    const family = body.dataset.family;
    let some = false;
    for (const row of body.querySelectorAll("tr:not(.family)")) {
      const number = row.cells[0].id.replace("identity-", "") - 1;
      const found = [...row.cells].slice(1).map((place, column) =>
        fill(place, number, column, choice) && !place.hidden);
      // Not innerText, for which the whole page would be laid out anew, once for each row.
      const seen = [...row.cells].filter((place) => !place.hidden).map((place) => place.textContent);
      const text = `${family.replaceAll("_", " ")} ${seen.join(" ")}`.toLowerCase();
      row.hidden = !(
        hasAll(text, choice.q) &&
        (!choice.family || choice.family === family) &&
        (!choice.verdict || found.includes(true))
      );
      all += 1;
      shown += !row.hidden;
      some ||= !row.hidden;
    }
    body.hidden = !some;
  }
  document.getElementById("found").textContent = shown < all ? `${shown} of ${all}` : "";
  document.getElementById("shown").textContent = choice.type || data.types.length < 2
    ? `Each cell shows ${choice.type || data.types[0]}.`
    : "Each cell shows the type that did worst.";
}

// The table stands without this; with it, cells can be pressed, and rows left out.
async function start() {
  data = view && await unpacked(document.getElementById("verdicts"));
  if (!data) return;
  document.getElementById("hint").hidden = false;
  attend(view, narrow);
  openNamed(chosen.get("cell"), Object.fromEntries(new FormData(view)));
}
start();
