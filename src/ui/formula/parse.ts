/** A formula as text ("‖ΔW‖²_F/σ₁²") taken apart, so that it can be written as MathML. */
export type Piece =
  | { readonly kind: 'symbol' | 'name' | 'number' | 'operator' | 'words'; readonly text: string; readonly marks: Marks }
  | { readonly kind: 'root'; readonly inside: readonly Piece[] };

export interface Marks {
  readonly sub: string;
  readonly sup: string;
}

const SUB = 'ᵢⱼₖₘₙ₀₁₂₃₄₅₆₇₈₉';
const SUB_PLAIN = 'ijkmn0123456789';
const SUP = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀⁱⁿ';
const SUP_PLAIN = '0123456789−Tin';
/** Names of functions and of the learning rate: upright, not a product of letters. */
const NAMES = ['exp', 'ln', 'log', 'lr', 'max', 'min'];

const TOKEN =
  /(?<number>\d+(?:[.,]\d+)*)|(?<symbol>ΔW\*|ΔW|∂|[\p{Lu}\p{Ll}]\u0302?(?![\p{Lu}\p{Ll}]))|(?<words>[\p{Lu}\p{Ll}]{2,}(?:[ -][\p{Lu}\p{Ll}]+)*:?)|(?<space>\s+)|(?<operator>.)/uy;

/** Takes a formula apart; text that is none comes out as words and operators. */
export function pieces(formula: string): Piece[] {
  const out: Piece[] = [];
  let at = 0;
  while (at < formula.length) {
    const root = rootAt(formula, at);
    if (root) {
      out.push({ kind: 'root', inside: pieces(root.inside) });
      at = root.end;
      continue;
    }
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(formula);
    if (!found) break;
    at = TOKEN.lastIndex;
    const kind = kindOf(found);
    if (kind === 'space') continue;
    const marks = marksAt(formula, at);
    at = marks.end;
    out.push({ kind, text: found[0], marks });
  }
  return out;
}

function kindOf({ groups = {}, 0: text }: RegExpExecArray): Exclude<Piece['kind'], 'root'> | 'space' {
  if (groups.words !== undefined) return NAMES.includes(text) ? 'name' : 'words';
  if (groups.number !== undefined) return 'number';
  if (groups.space !== undefined) return 'space';
  return groups.symbol === undefined ? 'operator' : 'symbol';
}

/** Raised and lowered characters behind a token: "ᵢ²", "²_F". */
function marksAt(text: string, from: number): Marks & { readonly end: number } {
  let [sub, sup, at] = ['', '', from];
  for (; at < text.length; at++) {
    const [low, high] = [SUB.indexOf(text[at]), SUP.indexOf(text[at])];
    if (low >= 0) sub += SUB_PLAIN[low];
    else if (high >= 0) sup += SUP_PLAIN[high];
    else if (text.startsWith('_F', at)) {
      sub += 'F';
      at += 1;
    } else break;
  }
  return { sub, sup, end: at };
}

/** "sqrt(…)" with its closing bracket. */
function rootAt(text: string, at: number): { readonly inside: string; readonly end: number } | null {
  if (!text.startsWith('sqrt(', at)) return null;
  let depth = 0;
  for (let i = at + 4; i < text.length; i++) {
    if (text[i] === '(') depth += 1;
    if (text[i] === ')') depth -= 1;
    if (depth === 0) return { inside: text.slice(at + 5, i), end: i + 1 };
  }
  return null;
}
