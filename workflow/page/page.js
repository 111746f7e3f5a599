"use strict";
// The filters of the scoreboard and the unit browser. No library: a scatter of some 64 points is drawn as SVG, whose
// marks a keyboard and a screen reader can reach, and the page stays small.

const byId = (id) => document.getElementById(id);

function filterClaims() {
  const wanted = Object.fromEntries(["verdict", "paper", "size", "condition"].map((name) => [name, byId(`filter-${name}`).value]));
  const words = byId("filter-words").value.toLowerCase();
  let shown = 0;
  for (const row of document.querySelectorAll(".claims tbody tr")) {
    const fits = Object.entries(wanted).every(([name, value]) => !value || row.dataset[name] === value)
      && row.textContent.toLowerCase().includes(words);
    row.hidden = !fits;
    shown += fits;
  }
  byId("claims-shown").textContent = `Claims shown: ${shown}`;
}

for (const filter of document.querySelectorAll(".filters [id^=filter-]")) filter.addEventListener("input", filterClaims);
filterClaims();

const DATA = JSON.parse(byId("unit-data").textContent);
const SIDE = 8; // maps in a row of a sprite
let network, chosen;

function tile(element, sprite, unit, rows) {
  const [row, column] = [Math.floor(unit / SIDE), unit % SIDE];
  element.style.backgroundImage = `url(${sprite})`;
  element.style.backgroundSize = `${100 * SIDE}% ${100 * rows}%`;
  element.style.backgroundPosition = `${100 * column / (SIDE - 1)}% ${rows > 1 ? 100 * row / (rows - 1) : 0}%`;
}

function words(unit) {
  const of = (name) => network.units[name][unit];
  if (!of("live")) return `unit ${unit}: silent`;
  const module = of("module") >= 0 ? `module ${of("module")}` : of("tentative") >= 0 ? "tentative module" : "no module";
  return `unit ${unit}: ${DATA.classes[of("class")]}, ${of("significant") ? "" : "not "}significant, ${module}`;
}

function colour(unit) {
  const module = network.units.module[unit];
  return module >= 0 ? DATA.colours[module % DATA.colours.length] : "#999999";
}

function drawGallery() {
  const gallery = byId("gallery"), count = network.units.live.length;
  gallery.replaceChildren(...Array.from({length: count}, (_, unit) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "map";
    button.setAttribute("role", "option");
    button.setAttribute("aria-label", words(unit));
    button.title = words(unit);
    tile(button, network.sprite, unit, Math.ceil(count / SIDE));
    button.style.borderColor = network.units.module[unit] >= 0 ? colour(unit) : "transparent";
    button.addEventListener("click", () => choose(unit));
    return button;
  }));
}

function svg(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function drawPlane() {
  const plane = byId("plane"), {spacing, orientation, module, tentative} = network.units;
  const known = spacing.map((value, unit) => value === null || orientation[unit] === null ? null : unit).filter((unit) => unit !== null);
  const widest = Math.max(1, ...known.map((unit) => spacing[unit])) * 1.05;
  const [x, y] = [(value) => 40 + 340 * value / widest, (value) => 250 - 230 * value / 90];
  const parts = [];
  for (let value = 0; value <= widest; value += 0.5)
    parts.push(svg("line", {x1: x(value), x2: x(value), y1: 20, y2: 250, stroke: "#ddd"}), svg("text", {x: x(value) - 8, y: 266}, value.toFixed(1)));
  for (let value = 0; value <= 90; value += 30)
    parts.push(svg("line", {x1: 40, x2: 380, y1: y(value), y2: y(value), stroke: "#ddd"}), svg("text", {x: 14, y: y(value) + 4}, value));
  parts.push(svg("text", {x: 165, y: 284}, "spacing (m)"), svg("text", {x: 4, y: 14}, "orientation (deg)"));
  for (const unit of known) {
    const inModule = module[unit] >= 0, mark = {cx: x(spacing[unit]), cy: y(orientation[unit]), r: inModule ? 5 : 3.5, "data-unit": unit};
    const look = inModule ? {fill: colour(unit), "fill-opacity": 0.75, stroke: "#222", "stroke-width": 0.5}
      : {fill: tentative[unit] >= 0 ? "none" : "#bbb", stroke: "#555", "stroke-dasharray": tentative[unit] >= 0 ? "2 2" : ""};
    const circle = svg("circle", {...mark, ...look});
    circle.append(svg("title", {}, words(unit)));
    circle.addEventListener("click", () => choose(unit));
    parts.push(circle);
  }
  plane.replaceChildren(...parts);
  plane.setAttribute("aria-label", `Spacing and orientation of ${known.length} units; choose one in the gallery`);
}

function choose(unit, focus = false) {
  chosen = unit;
  const buttons = byId("gallery").children, rows = Math.ceil(buttons.length / SIDE);
  for (const [number, button] of [...buttons].entries()) {
    button.setAttribute("aria-selected", number === unit);
    button.tabIndex = number === unit ? 0 : -1;
  }
  if (focus) buttons[unit].focus();
  for (const circle of byId("plane").querySelectorAll("circle")) circle.classList.toggle("chosen", Number(circle.dataset.unit) === unit);
  tile(byId("rate-map"), network.sprite, unit, rows);
  tile(byId("autocorrelogram"), network.correlations, unit, rows);
  byId("rate-map").setAttribute("aria-label", `rate map of ${words(unit)}`);
  byId("autocorrelogram").setAttribute("aria-label", `autocorrelogram of ${words(unit)}`);
  byId("unit-words").textContent = words(unit);
  byId("unit-number").value = unit;
  byId("scores").replaceChildren(...Object.entries(DATA.scores).flatMap(([name, label]) => {
    const value = name === "phase" ? network.phases?.[unit]?.join(", ") : network.units[name][unit];
    const [term, number] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = label;
    number.textContent = value ?? "–";
    return [term, number];
  }));
}

function chooseNetwork() {
  const name = byId("network").value, arenas = DATA.networks.filter((each) => each.name === name);
  const arena = byId("arena").value;
  byId("arena").replaceChildren(...arenas.map((each) => new Option(each.arena, each.arena, false, each.arena === arena)));
  network = arenas.find((each) => each.arena === arena) ?? arenas[0];
  drawGallery();
  drawPlane();
  byId("data-files").textContent = network.files.join(", ");
  choose(Math.min(chosen ?? network.first, network.units.live.length - 1));
}

function move(event) {
  const steps = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE, Home: -Infinity, End: Infinity};
  if (!(event.key in steps)) return;
  event.preventDefault();
  choose(Math.min(Math.max(chosen + steps[event.key], 0), network.units.live.length - 1), true);
}

if (DATA.networks.length) {
  byId("network").replaceChildren(...[...new Set(DATA.networks.map((each) => each.name))].map((name) => new Option(name, name)));
  byId("network").addEventListener("input", chooseNetwork);
  byId("arena").addEventListener("input", chooseNetwork);
  byId("gallery").addEventListener("keydown", move);
  byId("unit-number").addEventListener("input", (event) => {
    const unit = Number(event.target.value);
    if (event.target.value !== "" && unit >= 0 && unit < network.units.live.length) choose(unit);
  });
  chooseNetwork();
}
