// A text with a count of its words. The limits are told, and said when they are crossed; nothing is cut off.
import { element, fill } from "../element.js";

// A Chinese, Japanese or Korean character counts as a word, and so does a run of any other letters and digits.
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}](?:[\p{L}\p{N}'’_.-]*[\p{L}\p{N}])?/gu;
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const NEAR = 0.9;

export function countWords(text) {
  const han = text.match(HAN)?.length ?? 0;
  return han + (text.replace(HAN, " ").match(WORD)?.length ?? 0);
}

// Where the count stands: 0 below the least, 1 within, 2 near the most, 3 over it.
function standing(count, { least, most }) {
  if (most && count > most) return 3;
  if (most && count >= most * NEAR) return 2;
  return least && count < least ? 0 : 1;
}

function limits({ least, most }, words) {
  if (least && most) return fill(words.wordsBetween, { least, most });
  if (least) return fill(words.wordsAtLeast, { least });
  return most ? fill(words.wordsAtMost, { most }) : "";
}

export const essay = {
  hint: "essayHint",
  draw: (question, response, { words, lang, say }) => {
    const bounds = question.words ?? {};
    const area = element("textarea", {
      class: "input room-essay", name: "answer", lang, rows: 14, maxlength: 15000,
      "aria-labelledby": "room-stem", "aria-describedby": "room-hint room-limits room-problem",
    });
    area.value = response?.text ?? "";
    const counter = element("span", { class: "room-essay__count" });
    let stood = standing(countWords(area.value), bounds);
    const draw = () => {
      const count = countWords(area.value);
      const stands = standing(count, bounds);
      counter.textContent = fill(words.wordCount, { n: count });
      counter.toggleAttribute("data-over", stands === 3);
      if (stands !== stood) say(fill([words.belowLeast, words.withinLimits, words.nearMost, words.overMost][stands], { n: count, ...bounds }));
      stood = stands;
    };
    area.addEventListener("input", draw);
    draw();
    return [area, element("p", { class: "room-essay__foot" }, counter, element("span", { id: "room-limits" }, limits(bounds, words)))];
  },
  read: (form) => (form.elements.answer.value.trim() ? { text: form.elements.answer.value } : null),
};
