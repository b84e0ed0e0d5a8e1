// Shows one floating-point type in the matrix; without this the worst type is shown.
const types = document.getElementById("types");
if (types) {
  types.hidden = false;
  types.addEventListener("change", (event) => {
    const type = event.target.value;
    for (const cell of document.querySelectorAll("#matrix [data-type]")) {
      cell.hidden = cell.dataset.type !== type;
    }
    document.getElementById("shown").textContent = type
      ? `Each cell shows ${type}.`
      : "Each cell shows the type that did worst.";
  });
}

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
