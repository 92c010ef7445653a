// Of a gap's fields only those of its kind are shown. Without this script all of them are, and all of them work.
export function gaps(box) {
  const kind = box.querySelector("select[name$=_kind]");
  const draw = () => {
    for (const part of box.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind.value;
  };
  kind.addEventListener("change", draw);
  draw();
}
