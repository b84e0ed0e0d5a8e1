// What is chosen in a form is in the address, so that a view can be sent as a link.
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

// Each named field of the form gets what the address has for it, if that can be chosen.
function recall(form) {
  for (const field of form.querySelectorAll("[name]")) { // whatever else the address may name
    const value = chosen.get(field.name);
    if (value !== null && (!field.options || [...field.options].some((o) => o.value === value))) {
      field.value = value;
    }
  }
}

function remember(form) {
  for (const [name, value] of new FormData(form)) keep(name, value);
}

// Shows what the form asks for: at first what the address has, and then whatever is chosen.
function attend(form, show) {
  const both = () => {
    show();
    remember(form);
    // Printed, what was chosen stands above what is left.
    form.classList.toggle("narrowed", [...new FormData(form).values()].some(Boolean));
  };
  recall(form);
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => event.target.matches("select") && both());
  form.addEventListener("input", (event) => event.target.matches("input") && both());
  form.addEventListener("reset", () => setTimeout(both));
  both();
}

// Whether the text, in small letters, has every word.
function hasAll(text, words) {
  return words.toLowerCase().split(/[\s,]+/).filter(Boolean).every((word) => text.includes(word));
}
