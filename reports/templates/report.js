// An element with its properties and what is in it; text stays text.
function make(tag, properties, ...content) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...content.flat(Infinity).filter((part) => part || part === 0));
  return made;
}

// What is folded is opened for a link into it, and for printing.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  const folded = target?.matches("article") ? target.querySelector("details") : target?.closest("details");
  folded?.setAttribute("open", "");
}
addEventListener("hashchange", unfold);
unfold();
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not([open])")];
  for (const folded of unfolded) folded.open = true;
});
addEventListener("afterprint", () => {
  for (const folded of unfolded) folded.open = false;
});
