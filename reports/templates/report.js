// What is chosen is in the address, so that a view can be sent as a link.
const chosen = new URL(location).searchParams;
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

// An element with its properties and what is in it; text stays text.
function make(tag, properties, ...content) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...content.flat().filter((part) => part || part === 0));
  return made;
}

// What is folded is opened for a link into it, and for printing.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  target?.closest("details")?.setAttribute("open", "");
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
