// How a verdict is tried again: the command, and a script that needs no more than Python.

// What the shell reads as this one word, written as Python's shlex writes it.
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

// How the backend of a column was named on the command line.
function specOf(column) {
  return data.specs[data.columns.findIndex((names) => names.join("\n") === column.join("\n"))];
}

// As reports/again.py has it; where the ledger's is another, that one.
function command(identity, column, row, law) {
  if (row.again) return row.again;
  const by = law === "agreement" ? data.backends.map((name) => ["backend", name])
    : [["backend", specOf(column)], ["route", column[1]]];
  const words = [["identity", identity], ["dtype", row.type], ...by, ["law", law], ["seed", data.seed],
    row.case ? ["case", row.case] : ["profile", data.profile]];
  return ["gradient-conformance run", ...words // what is not known is left out
    .filter(([, value]) => value).map(([name, value]) => `--${name} ${quoted(value)}`)].join(" ");
}

// A text as Python reads it: it stays a text, whatever is in it.
function python(value) {
  return value ? JSON.stringify(value) : "None";
}

function comment(text) {
  return text.split("\n").map((line) => `# ${line}`).join("\n");
}

// The template of reports/reproduce.py, filled in with this verdict.
function script(identity, column, row, law) {
  const spec = specOf(column);
  const [backend, route] = column;
  const of = row.argument ? ` for ${row.argument}` : "";
  const verdict = data.verdicts[row.verdict][0];
  const given = row.inputs.slice(0, -1).map(([name, text]) => `${python(name)}: ${text}`);
  const made = "None  # not in the page: the case makes them";
  const fields = {
    title: comment(`${identity} on ${backend} (${route}, ${row.type}): ${law}${of} is ${verdict}`),
    message: comment([row.message, row.vote].filter(Boolean).join("; ") || "Nothing is said of it."),
    path: spec.split("@")[0].includes(":") ? '\nsys.path.insert(0, ".")  # the folder of the adapter\n' : "",
    arguments: given.length ? `{${given.join(", ")}}` : made,
    ybar: given.length ? row.inputs.at(-1)[1] : "None",
    others: law === "agreement" ? `\n        others=[${comparedWith(identity, row).join(", ")}],` : "",
    backend: spec, route, identity, dtype: row.type, law, wrt: row.argument, case: row.case,
  };
  return data.script.replace(/\{(\w+)(!r)?\}/g, (_, name, asText) =>
    asText ? python(fields[name]) : fields[name]);
}

// Every implementation that the law of agreement compared in this type.
function comparedWith(identity, { type }) {
  const cells = data.cells[data.identities.indexOf(identity)];
  return data.columns.filter((_, place) => cells[place] && cells[place][1].map(named)
    .some((row) => row.type === type && row.laws.includes("agreement")))
    .map((column) => `(${python(specOf(column))}, ${python(column[1])})`);
}
