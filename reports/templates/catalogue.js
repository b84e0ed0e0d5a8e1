// Shows the articles that have all the words; the words are in the address, to be sent as a link.
const search = document.getElementById("search");
const all = [...document.querySelectorAll("article")];
const texts = new Map(all.map((article) => [article, article.textContent.toLowerCase()]));

function show() {
  let shown = 0;
  for (const article of all) {
    article.hidden = !hasAll(texts.get(article), search.elements.q.value);
    shown += !article.hidden;
  }
  for (const section of document.querySelectorAll("main > section")) {
    section.hidden = !section.querySelector("article:not([hidden])");
  }
  for (const link of document.querySelectorAll("nav a")) { // one that leads to nothing seen is none
    link.hidden = document.getElementById(link.hash.slice(1))?.closest("section")?.hidden ?? false;
  }
  document.getElementById("count").textContent = shown < all.length ? `${shown} of ${all.length}` : "";
}

attend(search, show);
