// Reads a style sheet as an older browser would: what it does not know falls away, a declaration alone, a rule or a block
// together with its heading (CSS Syntax 3 §2.2).

/** The sheet without what matches `unknown`, and how much was taken away. */
export function age(sheet, unknown) {
  const text = sheet.replace(/\/\*[\s\S]*?\*\//g, "");
  let place = 0;
  let taken = 0;
  const keep = (piece) => { if (!unknown.test(piece)) return piece; taken += 1; return ""; };
  const block = () => {
    let out = "";
    let start = place;
    for (; place < text.length; place += 1) {
      const sign = text[place];
      if (sign === '"' || sign === "'") place = text.indexOf(sign, place + 1);
      else if (sign === ";") { out += keep(text.slice(start, place)) && `${text.slice(start, place)};`; start = place + 1; }
      else if (sign === "{") {
        const heading = text.slice(start, place);
        place += 1;
        const before = taken;
        const inside = block();
        if (unknown.test(heading)) taken = before + 1; else out += `${heading}{${inside}}`;
        start = place + 1;
      } else if (sign === "}") break;
    }
    return out + keep(text.slice(start, place));
  };
  return { sheet: block(), taken };
}
