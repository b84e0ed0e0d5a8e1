// What is chosen is in the address, so that a view can be sent as a link.
function keep(name, value) {
  const address = new URL(location);
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
  try {
    history.replaceState(null, "", address);
  } catch {
    // A browser may let no script change the address of a file: the choice holds all the same.
  }
}
const chosen = new URL(location).searchParams;

// Shows one floating-point type in the matrix; without this the worst type is shown.
const types = document.getElementById("types");
if (types) {
  types.hidden = false;
  types.addEventListener("change", (event) => {
    const type = event.target.value;
    keep("type", type);
    for (const cell of document.querySelectorAll("#matrix [data-type]")) {
      cell.hidden = cell.dataset.type !== type;
    }
    document.getElementById("shown").textContent = type
      ? `Each cell shows ${type}.`
      : "Each cell shows the type that did worst.";
    filter();
  });
}

// Shows the rows of the matrix that have all the words: of an identity, a family, a verdict.
const words = document.getElementById("words");
function filter() {
  if (!words) return;
  const wanted = words.value.toLowerCase().split(/[\s,]+/).filter(Boolean);
  let shown = 0;
  let all = 0;
  for (const body of document.querySelectorAll("#matrix tbody")) {
    const family = body.querySelector(".family")?.textContent.toLowerCase() ?? "";
    body.hidden = false;
    let some = false;
    for (const row of body.querySelectorAll("tr:not(.family)")) {
      row.hidden = false; // what is hidden has no text to look at
      const text = family + row.innerText.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
      all += 1;
      shown += !row.hidden;
      some ||= !row.hidden;
    }
    body.hidden = !some;
  }
  document.getElementById("found").textContent = wanted.length ? `${shown} of ${all}` : "";
  keep("q", words.value);
}
if (words) {
  document.getElementById("filter").hidden = false;
  words.value = chosen.get("q") ?? "";
  words.addEventListener("input", filter);
}
const type = [...document.querySelectorAll("#types input")].find((i) => i.value === chosen.get("type"));
if (type) type.click();
filter();

// What is folded is opened for a link into it, and for printing.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  target?.closest("details")?.setAttribute("open", "");
}
addEventListener("hashchange", unfold);
unfold();
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
