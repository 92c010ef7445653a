// Every picture of a paper, fetched when the paper is: a question opened later without a network shows its picture all
// the same. Holding the images keeps them in the page's own memory, whatever the cache does.
const kept = [];

function sourcesIn(html) {
  const place = document.createElement("template");
  place.innerHTML = html;
  return [...place.content.querySelectorAll("img[src]")].map((image) => image.getAttribute("src"));
}

// All HTML of the document, wherever it stands in it.
function* textsIn(value) {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") for (const inner of Object.values(value)) yield* textsIn(inner);
}

export function keepPictures(paper) {
  const questions = paper.sections.flatMap((section) => section.positions).filter((question) => !question.withheld);
  const sources = new Set([
    ...[...textsIn([questions, paper.stimuli])].filter((text) => text.includes("<img")).flatMap(sourcesIn),
    ...questions.flatMap((question) => (question.image ? [question.image.src] : [])),
  ]);
  for (const source of sources) {
    const image = new Image();
    image.src = source;
    kept.push(image);
  }
}
