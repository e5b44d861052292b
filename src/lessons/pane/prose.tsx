import { createContext, type ReactNode, use, useId, useMemo, useState } from 'react';
import { useShown } from '../../ui/page.tsx';
import { meaningOf, type TermName } from '../glossary/terms.ts';

interface Paragraph {
  readonly open: TermName | null;
  readonly setOpen: (name: TermName | null) => void;
  /** The id of the definition. */
  readonly id: string;
}

const InParagraph = createContext<Paragraph>({ open: null, setOpen: () => {}, id: '' });

/** A paragraph. What a term in it means is said below it. */
export function P({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<TermName | null>(null);
  const id = useId();
  const paragraph = useMemo(() => ({ open, setOpen, id }), [open, id]);
  return (
    <InParagraph value={paragraph}>
      <p>{children}</p>
      {open && <Definition name={open} id={id} />}
    </InParagraph>
  );
}

function Definition({ name, id }: { readonly name: TermName; readonly id: string }) {
  const level = useShown((s) => s.progress.level);
  return (
    <div className="definition" id={id} role="note">
      <b>{name.slice(0, 1).toUpperCase() + name.slice(1)}.</b> {meaningOf(name)[level]}
    </div>
  );
}

interface TermProps {
  readonly of: TermName;
  readonly children: ReactNode;
}

/** A word that the glossary explains: press it, and the paragraph says what it means. Inside <P>. */
export function Term({ of, children }: TermProps) {
  const { open, setOpen, id } = use(InParagraph);
  const shown = open === of;
  return (
    <button
      type="button"
      className="term"
      aria-expanded={shown}
      aria-controls={shown ? id : undefined}
      onClick={() => setOpen(shown ? null : of)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !shown) return;
        // Not the lesson.
        event.preventDefault();
        setOpen(null);
      }}
    >
      {children}
    </button>
  );
}

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
