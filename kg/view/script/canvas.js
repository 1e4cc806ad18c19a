// The picture: vis-network holds nodes and lines, draws the lines and moves the view. Nodes and labels are
// drawn here, so that they keep a readable size at any zoom; so what is under the pointer is found here too.

const NEAR_ENOUGH = 4; // pixels of radius from which a small node has a label
const MOST_COVERED = 3.5; // small nodes a label may cover for each paper more than one that names its node
const LONGEST_LABEL = 30;
const NODE_REACH = 4; // pixels around a node in which the pointer is on it
const LINE_REACH = 5;
const CELL = 64; // of the grid in which room for labels is looked up, in pixels

const stage = document.getElementById("canvas");
const theme = {};

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["ground", "text", "muted", "line", "outline", "accent"]) {
    theme[name] = style.getPropertyValue(`--${name}`).trim();
  }
  theme.font = getComputedStyle(document.body).fontFamily;
}

const lineColours = () => {
  const colour = theme.line;
  return { color: { color: colour, highlight: colour, hover: colour, inherit: false, opacity: 0.45 } };
};

readTheme();

const options = read("kg-options");
options.nodes.ctxRenderer = ({ ctx, id, x, y }) => {
  const node = nodes[id];
  const radius = radiusOf(node);
  // A node that was dragged takes its label along.
  node.x = x;
  node.y = y;
  return {
    drawNode: () => drawNode(ctx, node, radius),
    nodeDimensions: { width: 2 * radius, height: 2 * radius },
  };
};
Object.assign(options.edges, lineColours());
options.interaction.hideEdgesOnDrag = lines.length > 4000;
options.interaction.hideEdgesOnZoom = lines.length > 4000;

const drawn = new vis.DataView(
  new vis.DataSet(nodes.map(({ id, x, y, size }) => ({ id, x, y, size }))),
  { filter: ({ id }) => isShown(nodes[id]) },
);
const network = new vis.Network(
  stage,
  { nodes: drawn, edges: new vis.DataSet(lines.map(({ id, from, to }) => ({ id, from, to }))) },
  options,
);

// In world units. Grows more slowly than the zoom: visible from afar, no billboard close by.
function radiusOf(node) {
  const scale = Math.min(Math.max(network.getScale(), 0.05), 5);
  return node.size * scale ** -0.4;
}

const screenRadius = (node) => radiusOf(node) * network.getScale();

function drawNode(ctx, node, radius) {
  const kind = kinds.get(node.group);
  ctx.save();
  ctx.translate(node.x, node.y);
  ctx.scale(radius, radius);
  ctx.fillStyle = kind.colour;
  ctx.fill(kind.path);
  ctx.lineWidth = 1 / (radius * network.getScale());
  ctx.strokeStyle = theme.outline;
  ctx.stroke(kind.path);
  ctx.restore();
}

function drawRing(ctx, node) {
  const scale = network.getScale();
  ctx.beginPath();
  ctx.arc(node.x, node.y, radiusOf(node) + 4 / scale, 0, 2 * Math.PI);
  ctx.lineWidth = 2 / scale;
  ctx.strokeStyle = theme.accent;
  ctx.stroke();
}

function drawLine(ctx, line, colour, width) {
  const from = nodes[line.from];
  const to = nodes[line.to];
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.lineWidth = width / network.getScale();
  ctx.strokeStyle = colour;
  ctx.stroke();
}

// Everything else fades behind a veil and what is in focus is drawn once more on top: no change to
// the data, so that it takes a frame at any size.
function drawFocus(ctx, kept) {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalAlpha = 0.86;
  ctx.fillStyle = theme.ground;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
  for (const line of kept.lines) {
    const end = state.selected.node ? nodes[otherEnd(line, state.selected.node.id)] : nodes[line.to];
    drawLine(ctx, line, kinds.get(end.group).colour, state.selected.line ? 3 : 1.5);
  }
  for (const id of kept.nodes) drawNode(ctx, nodes[id], radiusOf(nodes[id]));
  if (state.selected.node) drawRing(ctx, state.selected.node);
}

function drawOver(ctx) {
  const kept = focus();
  if (kept) drawFocus(ctx, kept);
  if (state.pointed?.line) drawLine(ctx, state.pointed.line, theme.accent, 2.5);
  if (state.pointed?.node) drawRing(ctx, state.pointed.node);
  drawLabels(ctx, kept);
}

// Labels in the order of what they are worth: things of many papers, then papers, then the rest, which
// have theirs only when they are near enough. A label keeps clear of other labels, and covers
// nodes only where there is no better place: the more it is worth, the more of them.
const worth = (node) => (isPaper(node) ? 2.5 : node.support);
const isMajor = (node) => worth(node) >= 2;
const ranked = [...nodes].sort((a, b) => worth(b) - worth(a) || a.id - b.id);
const widths = new Map();
let labelled = [];

function drawLabels(ctx, kept) {
  const ratio = ctx.canvas.width / stage.clientWidth;
  const rooms = { labels: new Room(), major: new Room(), minor: new Room() };
  const first = [state.pointed?.node, state.selected?.node].filter(Boolean);
  const inView = ranked.filter((node) => isShown(node) && (!kept || kept.nodes.has(node.id)) && isInView(node));
  for (const node of inView) {
    const { x, y } = network.canvasToDOM(node);
    const radius = screenRadius(node);
    rooms[isMajor(node) ? "major" : "minor"].take(x - radius, y - radius, x + radius, y + radius);
  }
  labelled = [];
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  ctx.lineJoin = "round";
  for (const node of new Set([...first.filter(isInView), ...inView])) {
    const always = first.includes(node);
    if (!always && !kept && !isMajor(node) && screenRadius(node) < NEAR_ENOUGH) continue;
    if (drawLabel(ctx, node, rooms, always)) labelled.push(node);
  }
  ctx.restore();
}

function isInView(node) {
  const { x, y } = network.canvasToDOM(node);
  return x > 0 && y > 0 && x < stage.clientWidth && y < stage.clientHeight;
}

function drawLabel(ctx, node, rooms, always) {
  const { x, y } = network.canvasToDOM(node);
  const size = 11 + Math.min(4, Math.log2(Math.max(1, node.support)) * 1.4) + (always ? 1 : 0);
  const heavy = always || node.support > 2;
  const text =
    always || node.label.length <= LONGEST_LABEL ? node.label : `${node.label.slice(0, LONGEST_LABEL - 1).trimEnd()}…`;
  ctx.font = `${heavy ? 600 : 400} ${size}px ${theme.font}`;
  const key = `${ctx.font}\n${text}`;
  if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
  const halfWidth = widths.get(key) / 2 + 3;
  const halfHeight = size * 0.6 + 1;
  const away = screenRadius(node) + (always ? 6 : 2);
  const places = [
    [x, y + away + halfHeight],
    [x, y - away - halfHeight],
    [x + away + halfWidth, y],
    [x - away - halfWidth, y],
  ].map(([cx, cy]) => ({ cx, cy, box: [cx - halfWidth, cy - halfHeight, cx + halfWidth, cy + halfHeight] }));
  const covered = ({ box }) => {
    const isOnStage = box[0] > 0 && box[1] > 0 && box[2] < stage.clientWidth && box[3] < stage.clientHeight;
    if (!isOnStage || rooms.labels.count(...box)) return Infinity;
    return 3 * rooms.major.count(...box) + rooms.minor.count(...box);
  };
  const place = places.reduce((best, other) => (covered(other) < covered(best) ? other : best));
  if (!always && covered(place) > MOST_COVERED * (worth(node) - 1)) return false;
  rooms.labels.take(...place.box);
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = theme.ground;
  ctx.strokeText(text, place.cx, place.cy);
  ctx.fillStyle = isPaper(node) || heavy ? theme.text : theme.muted;
  ctx.fillText(text, place.cx, place.cy);
  return true;
}

// What is taken of the screen, in rectangles.
class Room {
  cells = new Map();

  *keys(left, top, right, bottom) {
    for (let column = Math.floor(left / CELL); column <= Math.floor(right / CELL); column += 1) {
      for (let row = Math.floor(top / CELL); row <= Math.floor(bottom / CELL); row += 1) yield column * 4096 + row;
    }
  }

  // How many of them a rectangle meets.
  count(left, top, right, bottom) {
    const met = new Set();
    for (const key of this.keys(left, top, right, bottom)) {
      for (const other of this.cells.get(key) ?? []) {
        if (left < other[2] && right > other[0] && top < other[3] && bottom > other[1]) met.add(other);
      }
    }
    return met.size;
  }

  take(...box) {
    for (const key of this.keys(...box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }
}

// The node or else the line at a place of the stage, or null. While something is selected the lines
// behind the veil do not count.
function under({ x, y }) {
  let nearest = null;
  let closest = NODE_REACH;
  for (const node of nodes) {
    if (!isShown(node)) continue;
    const at = network.canvasToDOM(node);
    const distance = Math.hypot(at.x - x, at.y - y) - screenRadius(node);
    if (distance < closest) [nearest, closest] = [{ node }, distance];
  }
  if (nearest) return nearest;
  closest = LINE_REACH;
  for (const line of focus()?.lines ?? lines.filter(isLineShown)) {
    const from = network.canvasToDOM(nodes[line.from]);
    const to = network.canvasToDOM(nodes[line.to]);
    const distance = distanceToLine({ x, y }, from, to);
    if (distance < closest) [nearest, closest] = [{ line }, distance];
  }
  return nearest;
}

function distanceToLine(point, from, to) {
  const across = to.x - from.x;
  const down = to.y - from.y;
  const along = ((point.x - from.x) * across + (point.y - from.y) * down) / (across ** 2 + down ** 2 || 1);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(from.x + part * across - point.x, from.y + part * down - point.y);
}

const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const motion = () => (stillness.matches ? false : { duration: 450, easingFunction: "easeInOutCubic" });

const showWhole = (animation) => network.fit({ animation, maxZoomLevel: 1.6 });

// To a node, from as near as lets three quarters of its neighbours be seen.
function flyTo(node) {
  const others = linesOf[node.id].filter(isLineShown).map((line) => nodes[otherEnd(line, node.id)]);
  const reaches = others
    .map(({ x, y }) => Math.max(Math.abs(x - node.x) / stage.clientWidth, Math.abs(y - node.y) / stage.clientHeight))
    .sort((a, b) => a - b);
  const reach = reaches[Math.floor((reaches.length - 1) * 0.75)] ?? 0;
  const scale = Math.min(Math.max(0.38 / Math.max(reach, 1e-6), 0.3), 1.8);
  network.moveTo({ position: { x: node.x, y: node.y }, scale, animation: motion() });
}

network.on("afterDrawing", drawOver);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  readTheme();
  network.setOptions({ edges: lineColours() });
});
