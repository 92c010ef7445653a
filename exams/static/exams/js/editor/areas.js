// The right areas of a picture, drawn over it. The list of numbers is the truth: a click adds a corner to it, and
// whoever does not click writes it.
const SVG = "http://www.w3.org/2000/svg";

const cornersIn = (line) => line.split(/[\s;]+/).map((corner) => corner.split(",").map(Number)).filter(([x, y]) => x >= 0 && x <= 100 && y >= 0 && y <= 100);

function shape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function drawn(line) {
  const corners = cornersIn(line);
  return [
    shape("polygon", { points: corners.map((corner) => corner.join(",")).join(" ") }),
    ...corners.map(([x, y]) => shape("path", { d: `M${x} ${y}h0` })),
  ];
}

export function areas(box) {
  const pictures = new Map(JSON.parse(box.querySelector("#hotspot-pictures").textContent).map((picture) => [picture.uuid, picture]));
  const [chosen, list] = [box.querySelector("select[name=picture]"), box.querySelector("textarea[data-areas]")];
  const [stage, tools] = [box.querySelector("[data-stage]"), box.querySelector("[data-tools]")];
  const [image, svg] = [stage.querySelector("img"), stage.querySelector("svg")];

  const draw = () => svg.replaceChildren(...list.value.split("\n").flatMap(drawn));
  const write = (text) => {
    list.value = text;
    list.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = () => {
    const picture = pictures.get(chosen.value);
    stage.hidden = tools.hidden = !picture;
    if (!picture) return;
    image.width = picture.width;
    image.height = picture.height;
    image.src = `/exams/pictures/${picture.uuid}/`;
    draw();
  };

  stage.addEventListener("click", (event) => {
    const frame = image.getBoundingClientRect();
    const share = (part, whole) => Math.min(100, Math.max(0, Math.round((part / whole) * 1000) / 10));
    const corner = `${share(event.clientX - frame.left, frame.width)},${share(event.clientY - frame.top, frame.height)}`;
    write(list.value + (list.value && !/\s$/.test(list.value) ? " " : "") + corner);
  });
  box.querySelector("[data-new]").addEventListener("click", () => list.value.trim() && write(`${list.value.trimEnd()}\n`));
  box.querySelector("[data-back]").addEventListener("click", () => write(list.value.trimEnd().replace(/(^|[\s;]+)[^\s;]+$/, "")));
  list.addEventListener("input", draw);
  chosen.addEventListener("change", show);
  show();
}
