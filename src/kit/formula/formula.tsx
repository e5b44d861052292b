import './formula.css';
import type { ReactNode } from 'react';
import { hueOf } from '../symbols.tsx';

export function Formula({ children }: { readonly children: string }) {
  return (
    <math displaystyle="true">
      <mrow>{pieces(children).map(written)}</mrow>
    </math>
  );
}

function written(piece: FormulaPiece, i: number): ReactNode {
  if (piece.kind === 'root') return <msqrt key={i}>{piece.inside.map(written)}</msqrt>;
  if (piece.kind === 'sum') return <Sum key={i} under={piece.under} over={piece.over} />;
  return <Marked key={i} base={base(piece)} marks={piece.marks} hue={hueOf(hueName(piece))} />;
}

/** The limits are under and over the sign, also inline. */
function Sum({ under, over }: { readonly under: readonly FormulaPiece[]; readonly over: readonly FormulaPiece[] }) {
  const sign = (
    <mo largeop="true" movablelimits="false">
      ∑
    </mo>
  );
  const low = <mrow>{under.map(written)}</mrow>;
  if (over.length === 0)
    return (
      <munder>
        {sign}
        {low}
      </munder>
    );
  return (
    <munderover>
      {sign}
      {low}
      <mrow>{over.map(written)}</mrow>
    </munderover>
  );
}

const hueName = ({ text, marks }: PlainPiece) => (text === 'W' && marks.sub === '0' ? 'W₀' : text);

function base({ kind, text }: PlainPiece): ReactNode {
  switch (kind) {
    case 'symbol':
      return text === '∂' ? <mo>∂</mo> : <Letters of={text} />;
    case 'name':
      // A letter follows a logarithm, a bracket the others.
      return (
        <mrow>
          <mi mathvariant="normal">{text}</mi>
          {text === 'ln' && <mtext>{'\u2009'}</mtext>}
        </mrow>
      );
    case 'number':
      return <mn>{text}</mn>;
    case 'operator':
      return <mo stretchy="false">{text}</mo>;
    case 'words':
      return <mtext>&nbsp;{text}&nbsp;</mtext>;
    default:
      return kind satisfies never;
  }
}

/** Letters one by one, since a browser sets a single one in italics: ΔW*. */
function Letters({ of: letters }: { readonly of: string }) {
  if (letters.length === 1 || letters.endsWith('\u0302')) return <mi>{letters}</mi>;
  return (
    <mrow>
      {[...letters].map((letter) =>
        letter === '*' ? (
          <mo key={letter} lspace="0" rspace="0">
            *
          </mo>
        ) : (
          <mi key={letter}>{letter}</mi>
        ),
      )}
    </mrow>
  );
}

interface MarkedSymbolProps {
  readonly base: ReactNode;
  readonly marks: SymbolMarks;
  readonly hue: string | undefined;
}

function Marked({ base: it, marks: { sub, sup }, hue }: MarkedSymbolProps) {
  const low = <mi mathvariant={sub === 'F' ? 'normal' : undefined}>{sub}</mi>;
  const high = <mi mathvariant="normal">{sup}</mi>;
  if (sub && sup)
    return (
      <msubsup className={hue}>
        {it}
        {low}
        {high}
      </msubsup>
    );
  if (sub)
    return (
      <msub className={hue}>
        {it}
        {low}
      </msub>
    );
  if (sup)
    return (
      <msup className={hue}>
        {it}
        {high}
      </msup>
    );
  return <mrow className={hue}>{it}</mrow>;
}

/** A formula as text ("‖ΔW‖²_F/σ₁²") split into parts for MathML. */
export type FormulaPiece =
  | PlainPiece
  | { readonly kind: 'root'; readonly inside: readonly FormulaPiece[] }
  | { readonly kind: 'sum'; readonly under: readonly FormulaPiece[]; readonly over: readonly FormulaPiece[] };

interface PlainPiece {
  readonly kind: 'symbol' | 'name' | 'number' | 'operator' | 'words';
  readonly text: string;
  readonly marks: SymbolMarks;
}

export interface SymbolMarks {
  readonly sub: string;
  readonly sup: string;
}

const SUB = 'ᵢⱼₖₘₙ₀₁₂₃₄₅₆₇₈₉';
const SUB_PLAIN = 'ijkmn0123456789';
const SUP = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀⁱⁿ';
const SUP_PLAIN = '0123456789−Tin';
/** Function names and the learning rate: upright, not a product of letters. */
const NAMES = ['exp', 'ln', 'log', 'lr', 'max', 'min'];

const TOKEN =
  /(?<number>\d+(?:[.,]\d+)*)|(?<symbol>ΔW\*|ΔW|∂|[\p{Lu}\p{Ll}]\u0302?(?![\p{Lu}\p{Ll}]))|(?<words>[\p{Lu}\p{Ll}]{2,}(?:[ -](?:[\p{Lu}\p{Ll}]{2,}|a(?![\p{Lu}\p{Ll}])))*:?)|(?<space>\s+)|(?<operator>.)/uy;

/** "Σ[i = 1 … r]", "Σ[j > i]": a sum with its limits. */
const SUM = /^Σ\[([^\]]*)\]/;

/** Splits a formula; text that is not a formula results in words and operators. */
export function pieces(formula: string): FormulaPiece[] {
  const out: FormulaPiece[] = [];
  let at = 0;
  while (at < formula.length) {
    const root = rootAt(formula, at);
    if (root) {
      out.push({ kind: 'root', inside: pieces(root.inside) });
      at = root.end;
      continue;
    }
    const sum = SUM.exec(formula.slice(at));
    if (sum) {
      const [under, over = ''] = sum[1].split('…');
      out.push({ kind: 'sum', under: pieces(under), over: pieces(over) });
      at += sum[0].length;
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

function kindOf({ groups = {}, 0: text }: RegExpExecArray): PlainPiece['kind'] | 'space' {
  if (groups.words !== undefined) return NAMES.includes(text) ? 'name' : 'words';
  if (groups.number !== undefined) return 'number';
  if (groups.space !== undefined) return 'space';
  return groups.symbol === undefined ? 'operator' : 'symbol';
}

/** Superscripts and subscripts behind a token: "ᵢ²", "²_F". */
function marksAt(text: string, from: number): SymbolMarks & { readonly end: number } {
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
