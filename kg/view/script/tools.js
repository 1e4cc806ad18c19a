// Legend, search, tooltip.

const tip = document.getElementById("tip");
const legend = document.getElementById("legend");
const query = document.getElementById("query");
const hits = document.getElementById("hits");
const MOST_HITS = 12;
const LONGEST_QUOTE = 260;

function countShown() {
  const shown = nodes.filter(isShown).length.toLocaleString("en");
  document.getElementById("shown").textContent = `${shown} of ${page.total.toLocaleString("en")} shown`;
}

function setHidden(kind, hidden) {
  if (hidden) state.hidden.add(kind);
  else state.hidden.delete(kind);
  legend.elements.namedItem(kind).checked = !hidden;
  const { node, line } = state.selected ?? {};
  if ((node && !isShown(node)) || (line && !isLineShown(line))) select(null);
  drawn.refresh();
  countShown();
}

function fillLegend() {
  for (const kind of kinds.values()) {
    const box = element("input", { type: "checkbox", name: kind.name, checked: "" });
    box.addEventListener("change", () => setHidden(kind.name, !box.checked));
    const count = element("span", { class: "count" }, kind.count.toLocaleString("en"));
    legend.append(element("label", null, box, swatch(kind), plural(kind.name), count));
  }
}

// --- search: by label, then by other names and headlines; the best known first

const labels = nodes.map((node) => node.label.toLowerCase());
const moreNames = nodes.map((node) => {
  const more = isPaper(node) ? [node.name, page.papers[node.id].headline] : page.entities[node.id].aliases;
  return more.join("\n").toLowerCase();
});
let found = [];
let chosen = 0;

function search(words) {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [];
  // 0 the whole label, 1 its beginning, 2 the beginning of a word in it, 3 anywhere in it, 4 another name.
  const grade = (id) => {
    const at = labels[id].indexOf(wanted);
    if (at < 0) return moreNames[id].includes(wanted) ? 4 : null;
    if (at === 0) return labels[id].length === wanted.length ? 0 : 1;
    return /[\s(/-]/.test(labels[id][at - 1]) ? 2 : 3;
  };
  return nodes
    .map((node) => ({ node, grade: grade(node.id) }))
    .filter((hit) => hit.grade !== null)
    .sort((a, b) => a.grade - b.grade || b.node.support - a.node.support || a.node.id - b.node.id)
    .slice(0, MOST_HITS)
    .map((hit) => hit.node);
}

function showHits() {
  const nothing = query.value.trim() && !found.length;
  hits.replaceChildren(
    ...(nothing ? [element("li", { class: "muted" }, "Nothing of that name")] : []),
    ...found.map((node, index) =>
      element(
        "li",
        {
          id: `hit-${index}`,
          role: "option",
          "aria-selected": String(index === chosen),
          // Before the input loses its focus and the list closes.
          pointerdown: (event) => {
            event.preventDefault();
            choose(index);
          },
        },
        swatch(kinds.get(node.group)),
        nameOf(node),
        element("span", { class: "muted" }, isPaper(node) ? "paper" : papersCount(node.support)),
      ),
    ),
  );
  hits.hidden = !found.length && !nothing;
  query.setAttribute("aria-expanded", String(!hits.hidden));
  if (!found.length) query.removeAttribute("aria-activedescendant");
  else query.setAttribute("aria-activedescendant", `hit-${chosen}`);
}

function closeHits() {
  found = [];
  hits.hidden = true;
  query.setAttribute("aria-expanded", "false");
  query.removeAttribute("aria-activedescendant");
}

function choose(index) {
  const node = found[index];
  if (!node) return;
  query.value = node.label;
  closeHits();
  go(node);
  panel.focus({ preventScroll: true });
}

query.addEventListener("input", () => {
  found = search(query.value);
  chosen = 0;
  showHits();
});
query.addEventListener("blur", closeHits);
query.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    event.preventDefault();
    chosen = (chosen + step + found.length) % found.length;
    showHits();
  } else if (event.key === "Enter") {
    if (!found.length) found = search(query.value);
    choose(chosen);
  }
});

// --- tooltip

const shortened = (text) => (text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE).trimEnd()} …`);

const bold = (node) => element("b", null, nameOf(node));
const small = (text) => element("p", { class: "muted" }, text);

function tipOf({ node, line }) {
  if (node) {
    const words = isPaper(node) ? shortened(page.papers[node.id].headline) : papersCount(node.support);
    return [kindLine(node), element("p", null, bold(node)), small(words)];
  }
  return line.statements.slice(0, 3).flatMap((index) => {
    const { subject, property, object, evidence } = statements[index];
    const best = evidence[0];
    const triple = element("p", null, bold(nodes[subject]), ` ${property.name} `, bold(nodes[object]));
    if (!best) return [triple];
    return [
      triple,
      element("p", null, `“${shortened(best.sentence)}”`),
      small(`${nodes[best.paper].label} · confidence ${percent(best.confidence)}`),
    ];
  });
}

// `at` is a place on the stage, above which the legend stands.
function showTip(at) {
  tip.hidden = !state.pointed;
  if (tip.hidden) return;
  tip.replaceChildren(...tipOf(state.pointed));
  const left = Math.min(at.x + 14, stage.clientWidth - tip.offsetWidth - 8);
  const below = at.y + 16 + tip.offsetHeight < stage.clientHeight;
  const top = below ? at.y + 16 : at.y - tip.offsetHeight - 12;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${stage.offsetTop + Math.max(8, top)}px`;
}
