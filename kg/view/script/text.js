// Elements of the page. All text gets in as text nodes, so no name or sentence can be read as markup.

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null));
  return made;
}

function swatch(kind) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  picture.setAttribute("class", "swatch");
  picture.setAttribute("viewBox", "-1.15 -1.15 2.3 2.3");
  picture.setAttribute("aria-hidden", "true");
  picture.style.setProperty("--colour", kind.colour);
  path.setAttribute("d", kind.shape);
  picture.append(path);
  return picture;
}

const nameOf = (node) => element("bdi", null, node.label);
const papersCount = (count) => (count === 1 ? "1 paper" : `${count} papers`);

// A web address leads out of the page only if it is one.
function link(text, address) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return text;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return text;
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href }, text);
}

function chip(node, count) {
  return element(
    "button",
    { type: "button", class: "chip", click: () => go(node) },
    swatch(kinds.get(node.group)),
    nameOf(node),
    count ? element("span", { class: "count" }, String(count)) : null,
  );
}

function chips(list, count) {
  return element(
    "ul",
    { class: "chips" },
    list.map((node) => element("li", null, chip(node, count?.(node)))),
  );
}

const jump = (node) => element("button", { type: "button", class: "jump", click: () => go(node) }, nameOf(node));

// A text cut into plain pieces and marked ones, the marked in the colour of what they name.
function marked(segments) {
  return segments.map((segment) => {
    if (typeof segment === "string") return segment;
    const [text, id] = segment;
    if (id === null) return element("mark", { class: "value" }, text);
    const node = nodes[id];
    const made = element(
      "mark",
      {
        tabindex: "0",
        role: "link",
        title: `${node.group}: ${node.label}`,
        click: () => go(node),
        keydown: (event) => event.key === "Enter" && go(node),
      },
      text,
    );
    made.style.setProperty("--colour", kinds.get(node.group).colour);
    return made;
  });
}

function copyable(text) {
  const code = element("code", null, text);
  const button = element("button", { type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      // No clipboard here: leave the text selected for the reader to copy.
      getSelection().selectAllChildren(code);
    }
  });
  return element("div", { class: "iri" }, code, button);
}
