import '../../kit/formula/formula.css';
import { createContext, Fragment, type ReactNode, use } from 'react';
import { Sym } from '../../kit/symbols.tsx';
import { useShown } from '../../ui/page.tsx';

export { P, Term } from './terms.tsx';

/** What the step marks, by number. */
export const MarkedBy = createContext<readonly string[]>([]);

/** The tag of a ring in the lab, in the text: it leads to what is marked. */
export function Mark({ n }: { readonly n: number }) {
  const at = use(MarkedBy)[n - 1];
  return (
    <button
      type="button"
      className="mark-tag"
      aria-label={`Show mark ${n}`}
      onClick={() => document.querySelector(at ?? '#main')?.scrollIntoView({ block: 'center' })}
    >
      {n}
    </button>
  );
}

interface FormulaProps {
  /** In letters, as MathML. */
  readonly plain: ReactNode;
  /** With the numbers of the run in their place. */
  readonly numbers?: ReactNode;
}

/** A formula on a line of its own; where the reader wants numbers, with those of the run on screen. */
export function Formula({ plain, numbers }: FormulaProps) {
  const wanted = useShown((s) => s.progress.numbers);
  return (
    <div className="formula">
      {plain}
      {wanted && numbers && <div className="in-numbers">{numbers}</div>}
    </div>
  );
}

/** What can be a symbol: "B", "Ax", "W₀x", "zⱼ"; a letter of a word is none. */
const SYMBOL =
  /(?<![\p{L}\p{N}'’-])((?:(?:ΔW\*|ΔW|W₀|[AB]ᵀ?)[xzuδ]?|[rszuhxmαδσλθ]|(?<=∂)L)(?=[₀-₉ᵢⱼᵀ²⁴]|(?![\p{L}\p{N}'’-])))/u;
/** One letter after the other: "W₀x" is a matrix and an input. */
const LETTERS = /(ΔW\*|ΔW|W₀|.)/u;

/** Where a sentence begins, "A" before another word is the article: "A bottleneck of r numbers". */
const isArticle = (before: string, symbol: string, after: string) =>
  symbol === 'A' && /(?:^|[.:;?!]\s)$/.test(before) && /^\s(?!and\s|is\s|has\s)[\p{Ll}α]/u.test(after);

/** A title or a short sentence of a lesson, its symbols in italics and in the hue of their matrix. */
export function InSymbols({ children: text }: { readonly children: string }): ReactNode {
  const parts = text.split(SYMBOL);
  return parts.map((part, i) => {
    const plain = i % 2 === 0 || isArticle(parts[i - 1], part, parts[i + 1]);
    return <Fragment key={i}>{plain ? part : lettersOf(part)}</Fragment>;
  });
}

const lettersOf = (symbol: string) =>
  symbol
    .split(LETTERS)
    .filter((letter) => letter !== '')
    .map((letter, i) => (letter === 'ᵀ' ? letter : <Sym key={i} of={letter} />));
