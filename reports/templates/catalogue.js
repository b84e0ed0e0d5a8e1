// Shows the articles that have all the words; the words are in the address, to be sent as a link.
const words = document.getElementById("words");
const all = [...document.querySelectorAll("article")];
const texts = new Map(all.map((article) => [article, article.textContent.toLowerCase()]));

function show() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const article of all) {
    article.hidden = !wanted.every((word) => texts.get(article).includes(word));
    shown += !article.hidden;
  }
  for (const section of document.querySelectorAll("main > section")) {
    section.hidden = !section.querySelector("article:not([hidden])");
  }
  document.getElementById("count").textContent = wanted.length ? `${shown} of ${all.length}` : "";
  const address = new URL(location);
  if (words.value) address.searchParams.set("q", words.value);
  else address.searchParams.delete("q");
  try {
    history.replaceState(null, "", address);
  } catch {
    // A file that a browser lets no script change the address of: the words still filter.
  }
}

document.getElementById("search").hidden = false;
words.value = new URL(location).searchParams.get("q") ?? "";
words.addEventListener("input", show);
show();
