// Each type of question: how its inputs are drawn, and what they say. A type has
//   hint      the word that helps, or a function of the question
//   draw      (question, response, context) → the nodes below the stem
//   dress     (stem, question, response, context): puts inputs into the stem itself
//   read      (form, question) → a response, null for none, undefined for "not readable yet"
//   complain  (form, words) → what is not readable, as a sentence; empty when all is
import { multipleResponse, singleChoice } from "./choices.js";
import { cloze } from "./cloze.js";
import { essay } from "./essay.js";
import { fileUpload } from "./file_upload.js";
import { hotspot } from "./hotspot.js";
import { matching } from "./matching.js";
import { ordering } from "./ordering.js";
import { numeric, shortText } from "./written.js";

export const TYPES = {
  single_choice: singleChoice,
  true_false: singleChoice,
  multiple_response: multipleResponse,
  numeric,
  short_text: shortText,
  ordering,
  matching,
  cloze,
  hotspot,
  essay,
  file_upload: fileUpload,
};
