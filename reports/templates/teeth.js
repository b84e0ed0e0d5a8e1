// Shows the faults of one family, and those whose part of the page has all the words.
const choose = document.getElementById("choose");
if (choose) {
  const articles = [...document.querySelectorAll("#faults article")];
  const texts = new Map(articles.map((one) => [one.id, one.textContent.toLowerCase()]));
  const { family, q } = choose.elements;
  const fits = (one, id) => (!family.value || one.dataset.family === family.value)
    && hasAll(texts.get(id), q.value);
  const show = () => {
    let count = 0;
    for (const one of articles) {
      one.hidden = !fits(one, one.id);
      if (!one.hidden) count += 1;
    }
    for (const row of document.querySelectorAll("[data-fault]")) {
      row.hidden = !fits(row, row.dataset.fault);
    }
    for (const body of document.querySelectorAll(".kills tbody")) {
      body.hidden = !body.querySelector("[data-fault]:not([hidden])");
    }
    for (const head of document.querySelectorAll("[data-head]")) {
      head.hidden = !articles.some((one) => !one.hidden && one.dataset.family === head.dataset.head);
    }
    document.getElementById("chosen").textContent = count === articles.length
      ? "" : `${count} of ${articles.length} faults are shown, here and below.`;
  };
  attend(choose, show);
  // A link to a fault finds it, and what is folded in it.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target?.matches("#faults article")) return;
    if (target.hidden) {
      choose.reset();
      show();
      target.scrollIntoView();
    }
    target.querySelector("details")?.setAttribute("open", "");
  };
  addEventListener("hashchange", reveal);
  reveal();
}
