// How a question is scored, in words; nothing for the ordinary case of one point for the whole answer.
import { fill } from "./element.js";

function ruleOf({ type, options, scoring }, rules) {
  if (scoring.rule === "penalty" && type === "multiple_response") return rules.penaltySeveral;
  if (scoring.rule === "penalty" && options.length === 2) return rules.penaltyOfTwo;
  if (scoring.rule === "penalty") return fill(rules.penalty, { n: options.length - 1 });
  if (scoring.rule === "per_part" && type === "ordering") return rules.perPlace;
  return rules[scoring.rule] ?? "";
}

export function ruleInWords(question, words) {
  const { scoring } = question;
  if (!scoring) return "";
  const { rule, points } = scoring;
  if (rule === "all_or_nothing" && Number(points) === 1) return "";
  const worth = Number(points) === 1 ? words.onePoint : fill(words.points, { n: points });
  // Chinese sentences stand without a space between them.
  const between = document.documentElement.lang.startsWith("zh") ? "" : " ";
  return [worth, ruleOf(question, words.rules)].filter(Boolean).join(between);
}
