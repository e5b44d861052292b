import { createContext, type ReactNode, use } from 'react';
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
