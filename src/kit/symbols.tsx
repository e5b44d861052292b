import { Fragment, type ReactNode } from 'react';

/** Symbols of the mathematics with the hue of their matrix; any other letter is ink. */
const HUES: Readonly<Record<string, string>> = { 'ΔW*': 'dwt', ΔW: 'dw', 'W₀': 'w0', B: 'b', A: 'a' };

const SYMBOL = /(ΔW\*|ΔW|W₀|[αλσ]|(?<![\p{L}\p{N}'’-])(?:[ABrdkshx]|dk)(?![\p{L}'’*₀-]))/u;

/** The class for a symbol's hue; none for any other letter. */
export function hueOf(symbol: string): string | undefined {
  return Object.hasOwn(HUES, symbol) ? HUES[symbol] : undefined;
}

/** One symbol in serif italics: <Symbol of="ΔW" />. */
export function Sym({ of }: { readonly of: string }) {
  const hue = hueOf(of);
  return <i className={hue ? `m ${hue}` : 'm'}>{of}</i>;
}

/**
 * A short text of the parameter table with its symbols typeset: "Rank r", "Initialisation of A and B". For labels and
 * formulas only: in running text the article "A" would be taken for the matrix.
 */
export function Symbols({ children }: { readonly children: string }): ReactNode {
  return typeset(children, SYMBOL);
}

function typeset(text: string, symbol: RegExp): ReactNode {
  return text.split(symbol).map((part, i) => {
    return i % 2 === 1 ? <Sym key={i} of={part} /> : <Fragment key={i}>{part}</Fragment>;
  });
}

/** Unambiguous symbols in running text: not the article "A", but "A = 0" and "B·A". */
const IN_TEXT = /(ΔW\*|ΔW|W₀|[αλσ]|(?<![\p{L}\p{N}'’-])(?:[ijrdks]|dk|[AB](?= =|·)|(?<=·)[AB])(?![\p{L}\p{N}'’*-]))/u;

/** Running text with its symbols in italics; in "W_frozen" and "‖E‖_F" the part after the underscore is a subscript. */
export function Subscripts({ children }: { readonly children: string }): ReactNode {
  return children
    .split(/_(\w+)/)
    .map((part, i) =>
      i % 2 === 1 ? <sub key={i}>{part}</sub> : <Fragment key={i}>{typeset(part, IN_TEXT)}</Fragment>,
    );
}
