// A number as people type it: full-width digits and the minus sign of another keyboard are read as what they mean.
const NUMBER = /^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?$/;

// The number as text, null for none, undefined for what is not one yet.
export function readNumber(typed) {
  const text = typed.normalize("NFKC").replace("\u2212", "-").replace("。", ".").trim();
  if (!text) return null;
  return NUMBER.test(text) ? text : undefined;
}
