// What the reader does, and what it leads to.

function select(selected) {
  state.selected = selected;
  fillPanel();
  network.redraw();
}

// Show a node that was named elsewhere than in the picture.
function go(node) {
  if (!isShown(node)) setHidden(node.group, false);
  select({ node });
  flyTo(node);
}

function point(pointed, at) {
  const isSame = pointed?.node === state.pointed?.node && pointed?.line === state.pointed?.line;
  stage.classList.toggle("pointing", pointed !== null);
  if (isSame) return;
  state.pointed = pointed;
  showTip(at);
  network.redraw();
}

network.on("click", ({ pointer }) => {
  point(null);
  select(under(pointer.DOM));
});
stage.addEventListener("pointermove", (event) => {
  if (event.buttons) return;
  const { left, top } = stage.getBoundingClientRect();
  const at = { x: event.clientX - left, y: event.clientY - top };
  point(under(at), at);
});
stage.addEventListener("pointerleave", () => point(null));
for (const event of ["dragStart", "zoom"]) network.on(event, () => point(null));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeHits();
    query.blur();
    select(null);
  } else if (event.key === "/" && document.activeElement !== query) {
    event.preventDefault();
    query.focus();
    query.select();
  }
});

const zoomBy = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: motion() });
document.getElementById("closer").addEventListener("click", () => zoomBy(1.5));
document.getElementById("farther").addEventListener("click", () => zoomBy(1 / 1.5));
document.getElementById("whole").addEventListener("click", () => showWhole(motion()));

fillLegend();
countShown();
fillPanel();
showWhole(false);

// For tests and for the curious, once there is a picture: what it shows, by the ids of the graph. It
// changes nothing.
const onPage = ({ x, y }) => {
  const { left, top } = stage.getBoundingClientRect();
  const at = network.canvasToDOM({ x, y });
  return { x: left + at.x, y: top + at.y };
};
const view = Object.freeze({
  shown: () => drawn.getIds().map((id) => nodes[id].name),
  lines: () => lines.filter(isLineShown).map(({ from, to }) => [nodes[from].name, nodes[to].name]),
  labelled: () => labelled.map((node) => node.name),
  selected: () => state.selected?.node?.name ?? null,
  scale: () => network.getScale(),
  position: (name) => onPage(byName.get(name)),
});
network.once("afterDrawing", () => {
  window.kgView = view;
});
