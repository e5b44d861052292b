import {
  createContext,
  createElement,
  Fragment,
  type ReactNode,
  type RefObject,
  use,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { number } from '../../experiment/numbers.ts';
import { useWindowKeys } from '../../kit/arrows.ts';
import { Formula as Maths } from '../../kit/formula/formula.tsx';
import { Sym } from '../../kit/symbols.tsx';
import type { State } from '../../state/state.ts';
import { useLab } from '../../ui/page.tsx';
import { meaningOf, type TermName, termHeading } from '../glossary/terms.ts';
import { errorAt, floorAt, type Step } from '../step.tsx';
import { type LessonValues, useLessonValues } from './values.tsx';

export const StepMarkNames = createContext<readonly string[]>([]);

/** The tag of a mark in the text: links to the marked part of the lab. */
function MarkTag({ n }: { readonly n: number }) {
  const at = use(StepMarkNames)[n - 1];
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

/** Where a step's statements do not hold. */
export function LimitsOf({ step: { Limits } }: { readonly step: Step }) {
  return (
    Limits && (
      <div className="limits">
        <p>
          <b>Limits.</b> {Limits}
        </p>
      </div>
    )
  );
}

interface FormulaProps {
  readonly plain: string;
  readonly numbers?: string | ((values: LessonValues) => string);
}

/** A formula on a separate line, followed by the run's numbers if the reader wants them. */
export function Formula({ plain, numbers }: FormulaProps) {
  const wanted = useLab((s) => s.progress.numbers);
  const values = useLessonValues();
  return (
    <div className="formula">
      <Maths>{plain}</Maths>
      {wanted && numbers && (
        <div className="in-numbers">
          <Maths>{typeof numbers === 'string' ? numbers : numbers(values)}</Maths>
        </div>
      )}
    </div>
  );
}

/** Symbols such as "B", "Ax", "W₀x", "zⱼ", never a letter inside a word. */
const SYMBOL =
  /(?<![\p{L}\p{N}'’-])((?:(?:ΔW\*|ΔW|W₀|[AB]ᵀ?)[xzuδ]?|[rszuhxmαδσλθ]|(?<=∂)L)(?=[₀-₉ᵢⱼᵀ²⁴]|(?![\p{L}\p{N}'’-])))/u;
/** Letter by letter: "W₀x" is a matrix and an input. */
const LETTERS = /(ΔW\*|ΔW|W₀|.)/u;

/** At the beginning of a sentence "A" before another word is the article: "A bottleneck of r numbers". */
const isArticle = (before: string, symbol: string, after: string) =>
  symbol === 'A' && /(?:^|[.:;?!]\s)$/.test(before) && /^\s(?!and\s|is\s|has\s)[\p{Ll}α]/u.test(after);

/** A title or a short sentence of a lesson, its symbols in italics and in the hue of their matrix. */
export function SymbolText({ children: text }: { readonly children: string }): ReactNode {
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

interface Paragraph {
  readonly open: TermName | null;
  readonly setOpen: (name: TermName | null) => void;
  /** Mounts the live region once a term has pointer or focus, so that a later definition is announced. */
  readonly meet: () => void;
  readonly id: string;
}

const InParagraph = createContext<Paragraph>({ open: null, setOpen: () => {}, meet: () => {}, id: '' });

function P({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<TermName | null>(null);
  const [met, setMet] = useState(false);
  const id = useId();
  const paragraph = useMemo(() => ({ open, setOpen, meet: () => setMet(true), id }), [open, id]);
  return (
    <InParagraph value={paragraph}>
      <p>{children}</p>
      {met && (
        <div aria-live="polite" id={id}>
          {open && (
            <div className="definition" role="note">
              <Definition name={open} />
            </div>
          )}
        </div>
      )}
    </InParagraph>
  );
}

function Definition({ name }: { readonly name: TermName }) {
  const level = useLab((s) => s.progress.level);
  return (
    <>
      <b>{termHeading(name)}.</b> {meaningOf(name)[level]}
    </>
  );
}

/** ms that a pointer rests before the note opens, and has to reach it before it closes. */
const RESTS = 350;
const LEAVES = 200;

/**
 * A glossary word inside a paragraph. With a resting pointer or the focus its meaning shows over the text, which stays put; a
 * press keeps it below the paragraph. Esc closes either.
 */
function Term({ of, children }: { readonly of: TermName; readonly children: ReactNode }) {
  const { open, setOpen, meet, id } = use(InParagraph);
  const [peeks, setPeeks] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const timer = useRef(0);
  const peek = useId();
  const shown = open === of;
  const soon = (shows: boolean, after: number) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setPeeks(shows), after);
  };
  const close = () => {
    clearTimeout(timer.current);
    setPeeks(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEscapeFirst(peeks || shown, button, () => {
    close();
    if (shown) setOpen(null);
  });
  const over = {
    onPointerEnter: () => soon(true, RESTS),
    onPointerLeave: () => soon(false, LEAVES),
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="term"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        aria-describedby={peeks && !shown ? peek : undefined}
        onPointerEnter={({ pointerType }) => {
          meet();
          if (pointerType === 'mouse') over.onPointerEnter();
        }}
        onPointerLeave={over.onPointerLeave}
        onFocus={({ currentTarget }) => {
          meet();
          if (currentTarget.matches(':focus-visible')) setPeeks(true);
        }}
        onBlur={close}
        onClick={() => {
          close();
          setOpen(shown ? null : of);
        }}
      >
        {children}
      </button>
      {peeks && !shown && (
        <Peek id={peek} at={button} {...over}>
          <Definition name={of} />
        </Peek>
      )}
    </>
  );
}

/** Esc closes this and not the lesson, if the focus is on it or a pointer has opened it. */
function useEscapeFirst(on: boolean, button: RefObject<HTMLElement | null>, close: () => void): void {
  const press = (event: KeyboardEvent) => {
    const focus = document.activeElement;
    if (event.key !== 'Escape' || (focus !== button.current && focus?.closest('.lesson :is(.try, input)'))) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  useWindowKeys(press, { on, capture: true });
}

interface PeekProps {
  readonly id: string;
  readonly at: RefObject<HTMLElement | null>;
  readonly onPointerEnter: () => void;
  readonly onPointerLeave: () => void;
  readonly children: ReactNode;
}

const WIDTH = 300;

/** A note over the text, below the word; above it if there is no space below. */
function Peek({ id, at, onPointerEnter, onPointerLeave, children }: PeekProps) {
  const word = at.current?.getBoundingClientRect();
  const column = at.current?.closest('.prose')?.getBoundingClientRect();
  if (!word || !column) return null;
  const width = Math.min(WIDTH, column.width);
  const left = Math.max(column.left, Math.min(word.left, column.right - width));
  const below = word.bottom < window.innerHeight - 170;
  const place = below ? { top: word.bottom + 4 } : { bottom: window.innerHeight - word.top + 4 };
  return (
    <span
      id={id}
      role="tooltip"
      className="peek"
      style={{ left, width, ...place }}
      onPointerEnter={onPointerEnter}
      onPointerLeave={onPointerLeave}
    >
      {children}
    </span>
  );
}

type Tag = (strings: TemplateStringsArray, ...parts: readonly ReactNode[]) => ReactNode;

/** Running text with symbols, numbers and terms as its parts; a line break is a space. */
export const text: Tag = (strings, ...parts) =>
  createElement(Fragment, null, ...strings.flatMap((string, n) => [string.replaceAll(/\n\s*/g, ' '), parts[n]]));

/** Paragraphs with a blank line between them; a part with no text around it, such as a formula, is a block. */
export const prose: Tag = (strings, ...parts) => {
  const paragraphs: ReactNode[][] = [[]];
  strings.forEach((string, n) => {
    const begun = n === 0 ? string.trimStart() : string;
    const pieces = (n === parts.length ? begun.trimEnd() : begun).split(/\n\s*\n\s*/);
    pieces.forEach((piece, k) => {
      if (k > 0) paragraphs.push([]);
      if (piece !== '') paragraphs[paragraphs.length - 1].push(piece.replaceAll(/\n\s*/g, ' '));
    });
    if (n < parts.length) paragraphs[paragraphs.length - 1].push(parts[n]);
  });
  const blocks = paragraphs.map((pieces) => {
    const isBlock = pieces.length === 1 && typeof pieces[0] !== 'string';
    return isBlock ? pieces[0] : createElement(P, null, ...pieces);
  });
  return createElement(Fragment, null, ...blocks);
};

const element =
  (name: 'i' | 'b' | 'code'): Tag =>
  (...line) =>
    createElement(name, null, text(...line));
export const i = element('i');
export const b = element('b');
export const code = element('code');

export const term = (of: TermName, shown: ReactNode = of) => <Term of={of}>{shown}</Term>;
export const mark = (n: number) => <MarkTag n={n} />;
export const formula = (plain: string, numbers?: FormulaProps['numbers']) => (
  <Formula plain={plain} numbers={numbers} />
);
export const list = (...items: readonly ReactNode[]) =>
  createElement('ul', null, ...items.map((item) => createElement('li', null, item)));

/** The summary at the end of a lesson. */
export const inShort = (...items: readonly ReactNode[]) => (
  <>
    <h3>In short</h3>
    {list(...items)}
  </>
);

// Letters in the hue of their matrix.
export const W0 = <Sym of="W₀" />;
export const W = <Sym of="W" />;
export const A = <Sym of="A" />;
export const B = <Sym of="B" />;
export const DW = <Sym of="ΔW" />;
export const DWT = <Sym of="ΔW*" />;
export const R = <Sym of="r" />;
export const S = <Sym of="s" />;
export const ALPHA = <Sym of="α" />;

const gradientOf = (factor: ReactNode) => (
  <span className="whole">
    ∂<Sym of="L" />
    /∂{factor}
  </span>
);
export const GRAD_A = gradientOf(A);
export const GRAD_B = gradientOf(B);

function Live({ of }: { readonly of: (state: State) => string | number }) {
  return useLab(of);
}

/** A number or a word of the lab's current state. */
export const live = (of: (state: State) => string | number): ReactNode => <Live of={of} />;
// As the page prints it.
export const liveError = (step?: number) => live((s) => number(errorAt(s, step)));
export const liveFloor = (rank: number) => live((s) => number(floorAt(s, rank)));
export const ERROR = liveError();
export const RANK = live(({ run }) => run.experiment.rank);
