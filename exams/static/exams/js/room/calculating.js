// The calculator's arithmetic: its own small parser, never `eval`. Precedence as written on paper: ^ before sign before
// × ÷ before + −; ^ goes from the right. Percent divides by a hundred. Throws RangeError for what has no value.
//
//   sum     = product (("+" | "-") product)*
//   product = signed (("*" | "/") signed)*
//   signed  = "-" signed | power
//   power   = atom ("^" signed)?
//   atom    = (number | "(" sum ")" | "√" atom) "%"*

const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([-+*/^()%√]))/iy;
const SIGNS = { "×": "*", "÷": "/", "−": "-", "–": "-", "·": "*", ":": "/", ",": "." };
const MOST = 200;
const DEEPEST = 50;

function tokens(text) {
  const plain = text.replace(/[×÷−–·:,]/g, (sign) => SIGNS[sign]).trimEnd();
  if (plain.length > MOST) throw new SyntaxError("too long");
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < plain.length) {
    const match = TOKEN.exec(plain);
    if (!match) throw new SyntaxError("not arithmetic");
    found.push(match[1] === undefined ? match[2] : Number(match[1]));
  }
  return found;
}

class Reader {
  constructor(all) {
    this.all = all;
    this.at = 0;
    this.depth = 0;
  }

  take(...wanted) {
    if (!wanted.includes(this.all[this.at])) return null;
    this.at += 1;
    return this.all[this.at - 1];
  }

  sum() {
    let value = this.product();
    for (let sign = this.take("+", "-"); sign; sign = this.take("+", "-")) value += (sign === "+" ? 1 : -1) * this.product();
    return value;
  }

  product() {
    let value = this.signed();
    for (let sign = this.take("*", "/"); sign; sign = this.take("*", "/")) {
      const by = this.signed();
      if (sign === "/" && by === 0) throw new RangeError("divided by zero");
      value = sign === "*" ? value * by : value / by;
    }
    return value;
  }

  signed() {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new SyntaxError("too deep");
    const value = this.take("-") ? -this.signed() : this.power();
    this.depth -= 1;
    return value;
  }

  power() {
    const value = this.atom();
    return this.take("^") ? value ** this.signed() : value;
  }

  atom() {
    let value = this.bare();
    while (this.take("%")) value /= 100;
    return value;
  }

  bare() {
    if (typeof this.all[this.at] === "number") {
      this.at += 1;
      return this.all[this.at - 1];
    }
    if (this.take("√")) {
      this.depth += 1;
      if (this.depth > DEEPEST) throw new SyntaxError("too deep");
      const value = Math.sqrt(this.atom());
      this.depth -= 1;
      return value;
    }
    if (!this.take("(")) throw new SyntaxError("a number is missing");
    const value = this.sum();
    if (!this.take(")")) throw new SyntaxError("a bracket is open");
    return value;
  }
}

export function calculate(text) {
  const reader = new Reader(tokens(text));
  const value = reader.sum();
  if (reader.at < reader.all.length) throw new SyntaxError("something is left over");
  if (!Number.isFinite(value)) throw new RangeError("no value");
  // Twelve digits: what binary fractions add behind them is not of the task.
  return Number(value.toPrecision(12));
}
