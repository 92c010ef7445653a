// A question as the exam room draws it: the room's own code, from what the room would be sent. Nothing is saved.
import { Questions } from "./questions.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const questions = new Questions(document.getElementById("preview-place"), read("preview-paper"), read("preview-words"));
questions.show(1, { response: null }, { focus: false });
