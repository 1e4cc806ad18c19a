// The graph, read from the page's own JSON, and what is selected, pointed at and hidden.

const read = (id) => JSON.parse(document.getElementById(id).textContent);

const nodes = read("kg-nodes");
const lines = read("kg-edges");
const page = read("kg-page");

const kinds = new Map(
  page.kinds.map((kind) => [kind.name, { ...kind, path: new Path2D(kind.shape) }]),
);

// For each node: its lines, its statements and its results.
const linesOf = nodes.map(() => []);
const statementsOf = nodes.map(() => []);
const resultsOf = nodes.map(() => []);

for (const line of lines) {
  linesOf[line.from].push(line);
  linesOf[line.to].push(line);
}

const statements = page.statements.map(([subject, property, object, evidence]) => ({
  subject,
  property: page.properties[property],
  object,
  evidence: evidence.map(([paper, sentence, confidence]) => ({
    paper,
    sentence: page.sentences[sentence],
    confidence,
  })),
}));

for (const statement of statements) {
  statementsOf[statement.subject].push(statement);
  statementsOf[statement.object].push(statement);
}

for (const result of page.results) {
  const ends = [result.paper, result.method, result.dataset, result.metric, result.task, result.baseline];
  for (const end of new Set(ends)) {
    if (typeof end === "number") resultsOf[end].push(result);
  }
}

const byName = new Map(nodes.map((node) => [node.name, node]));
const isPaper = (node) => node.id in page.papers;
const otherEnd = (line, id) => (line.from === id ? line.to : line.from);

// `selected` and `pointed` are null, { node } or { line }.
const state = { selected: null, pointed: null, hidden: new Set() };

const isShown = (node) => !state.hidden.has(node.group);
const isLineShown = (line) => isShown(nodes[line.from]) && isShown(nodes[line.to]);

// What stays bright while something is selected: a node with its neighbours, or a line with its ends.
function focus() {
  const { selected } = state;
  if (!selected) return null;
  if (selected.line) {
    return { nodes: new Set([selected.line.from, selected.line.to]), lines: [selected.line] };
  }
  const kept = linesOf[selected.node.id].filter(isLineShown);
  const ends = kept.map((line) => otherEnd(line, selected.node.id));
  return { nodes: new Set([selected.node.id, ...ends]), lines: kept };
}
