// The side panel: the whole graph, a paper, an entity, or what links two things.

const panel = document.getElementById("panel");
const LISTED = 8;
const percent = (confidence) => `${Math.round(confidence * 100)}%`;
const section = (title, ...content) => [element("h3", null, title), ...content];
const plural = (kind) => (kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`);
const bySupport = (a, b) => b.support - a.support || linesOf[b.id].length - linesOf[a.id].length || a.id - b.id;

function fillPanel() {
  const { selected } = state;
  let content = describeGraph();
  if (selected?.line) content = describeLine(selected.line);
  else if (selected && isPaper(selected.node)) content = describePaper(selected.node);
  else if (selected) content = describeEntity(selected.node);
  panel.replaceChildren(...content.flat(Infinity).filter((part) => part !== null));
  panel.scrollTop = 0;
}

function kindLine(node, ...more) {
  const words = [node.group, ...more].filter(Boolean).join(" · ");
  return element("div", { class: "kind" }, swatch(kinds.get(node.group)), words);
}

function describeGraph() {
  const named = [...kinds.keys()].filter((kind) => kind !== "Paper");
  return [
    element("h2", null, `${papersCount(nodes.filter(isPaper).length)} and what they name`),
    element(
      "p",
      { class: "muted" },
      "Click a node or a line to read what stands behind it, or search. Drag to move, scroll to zoom, Esc to return.",
    ),
    [...named, "Paper"].map((kind) => section(plural(kind), listing(nodes.filter((node) => node.group === kind)))),
  ];
}

// The first of a list, and a button for the rest.
function listing(group) {
  const sorted = [...group].sort(bySupport);
  const count = (node) => (node.support > 1 ? node.support : null);
  const part = element("div", null, chips(sorted.slice(0, LISTED), count));
  if (sorted.length > LISTED) {
    const showAll = () => part.replaceChildren(chips(sorted, count));
    part.append(element("button", { type: "button", class: "more", click: showAll }, `All ${sorted.length}`));
  }
  return part;
}

function describePaper(node) {
  const paper = page.papers[node.id];
  const venue = [paper.venue, paper.presentation].filter(Boolean).join(", ");
  // Without a title the short label stands in for it, if it is more than the id.
  const heading =
    paper.titled || node.label === paper.id
      ? element("h2", { class: paper.titled ? null : "sentence" }, paper.headline)
      : [element("h2", null, nameOf(node)), element("p", null, paper.headline)];
  return [
    kindLine(node, venue, paper.created),
    heading,
    paper.authors.length ? element("p", null, paper.authors.join(", ")) : null,
    element("p", { class: "muted" }, [paper.id, paper.journal].filter(Boolean).join(" · ")),
    paper.links.length ? element("p", { class: "links" }, paper.links.map(([text, url]) => link(text, url))) : null,
    paper.abstract.length ? section("Abstract", element("p", null, marked(paper.abstract))) : null,
    paper.comment.length ? section("Comment", element("p", null, marked(paper.comment))) : null,
    describeNeighbours(node),
    describeResults(node),
    section("Identifier", copyable(paper.iri)),
  ];
}

function describeEntity(node) {
  const entity = page.entities[node.id];
  return [
    kindLine(node, papersCount(node.support)),
    element("h2", null, nameOf(node)),
    entity.aliases.length ? element("p", null, "Also ", element("bdi", null, entity.aliases.join(", "))) : null,
    entity.links.length ? element("p", { class: "links" }, entity.links.map(([text, url]) => link(text, url))) : null,
    describeNeighbours(node),
    describeResults(node),
    entity.merges.length ? section("Why these names are one", entity.merges.map(describeMerge)) : null,
    section("Identifier", copyable(entity.iri)),
  ];
}

function describeMerge({ names, reason, confidence }) {
  const why = element("span", { class: "muted" }, `: ${reason} (${percent(confidence)})`);
  return element("p", null, element("bdi", null, names.join(" = ")), why);
}

// Neighbours by how they are linked, seen from this node.
function describeNeighbours(node) {
  const groups = new Map();
  const rank = ({ property }) => page.properties.indexOf(property);
  for (const statement of [...statementsOf[node.id]].sort((a, b) => rank(a) - rank(b))) {
    const forward = statement.subject === node.id;
    const title = forward ? statement.property.name : statement.property.inverse;
    if (!groups.has(title)) groups.set(title, new Set());
    groups.get(title).add(nodes[forward ? statement.object : statement.subject]);
  }
  return [...groups].map(([title, group]) => section(title, chips([...group].sort(bySupport))));
}

function describeResults(node) {
  const results = resultsOf[node.id];
  if (!results.length) return null;
  const columns = ["method", "dataset", "metric", "task", "baseline", "paper"].filter((column) =>
    results.some((result) => result[column] !== null && result[column] !== node.id),
  );
  const title = (column) => element("th", { scope: "col" }, column === "baseline" ? "compared with" : column);
  const cell = (end) => element("td", null, typeof end === "number" ? jump(nodes[end]) : (end ?? ""));
  const row = (result) =>
    element(
      "tr",
      { title: `${result.sentence} (${percent(result.confidence)})` },
      element("td", null, result.value),
      columns.map((column) => cell(result[column])),
    );
  const head = element("thead", null, element("tr", null, ["value", ...columns].map(title)));
  const table = element("table", null, head, element("tbody", null, results.map(row)));
  return section("Results", element("div", { class: "table" }, table));
}

function describeLine(line) {
  return [
    element("h2", null, nameOf(nodes[line.from]), " and ", nameOf(nodes[line.to])),
    line.statements.map((index) => {
      const { subject, property, object, evidence } = statements[index];
      return [
        element("h3", null, property.name),
        element("p", null, jump(nodes[subject]), ` ${property.name} `, jump(nodes[object])),
        evidence.map(({ paper, sentence, confidence }) =>
          element(
            "blockquote",
            null,
            sentence,
            element("footer", null, jump(nodes[paper]), ` · confidence ${percent(confidence)}`),
          ),
        ),
      ];
    }),
  ];
}
