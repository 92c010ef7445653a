// An element with its attributes and children. `html` is for what the server's allow-list let through, nothing else.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") made.innerHTML = value;
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// What a piece of HTML says, for names and lists that hold no markup: a picture by its alternative text.
export function textOf(html) {
  const place = document.createElement("template");
  place.innerHTML = html;
  for (const image of place.content.querySelectorAll("img")) image.replaceWith(image.alt);
  return place.content.textContent.replace(/\s+/g, " ").trim();
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Tells the form that an answer changed which no native input holds.
export function changed(node) {
  node.dispatchEvent(new Event("input", { bubbles: true }));
}
