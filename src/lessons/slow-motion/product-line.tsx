import { Fragment, type ReactNode, useEffect, useId, useRef } from 'react';
import { hueOf } from '../../kit/symbols.tsx';
import { Tab, TabList } from '../../kit/tabs.tsx';
import type { Entry, SpelledProduct } from './products.ts';

/** Up to four decimals, as in a calculation by hand: "−0.5313", "2", "0". */
export function fourDecimals(value: number): string {
  const short = Number(value.toFixed(4));
  return short === 0 ? '0' : String(short).replace('-', '−');
}

/** Three fixed decimals, for pictures of many numbers; integers without. */
export function threeDecimals(value: number): string {
  if (Number.isInteger(value)) return fourDecimals(value);
  const text = value.toFixed(3);
  return Number(text) === 0 ? '0.000' : text.replace('-', '−');
}

/** In a product a negative factor is in brackets. */
export const factorText = (text: string) => (text.startsWith('−') ? `(${text})` : text);

interface LineProps {
  readonly line: SpelledProduct;
  readonly write: (value: number) => string;
  readonly second?: boolean;
  /** The value is the answer to a question, hidden. */
  readonly asked?: boolean;
}

/** Most terms written out; of more, the first ones. */
const MOST_TERMS = 6;
const FIRST = 3;

/** A number and the product that gives it: "∂L/∂A₁,₂ = s·(Bᵀδ)₁·x₂ = 2 × 1.575 × 2 = 6.3". */
export function ProductLine({ line, write, second = false, asked = false }: LineProps) {
  const { made, parts, joined, terms, minus, value, becomes } = line;
  const shown = terms.length > MOST_TERMS ? terms.slice(0, FIRST) : terms;
  const sign = joined === '·' ? '·' : ` ${joined} `;
  return (
    <p className={second ? 'eq second' : 'eq'}>
      <Placed of={made} />
      {parts.length > 0 && (
        <>
          {becomes ? ' ← ' : ' = '}
          {parts.map((part, i) => (
            <Fragment key={i}>
              {i > 0 && sign}
              {typeof part === 'string' ? <Letters of={part} /> : <Placed of={part} />}
            </Fragment>
          ))}
        </>
      )}
      {shown.length > 0 && (
        <>
          {' = '}
          {shown.map((term, i) => (
            <Fragment key={i}>
              {i > 0 && (minus ? ' − ' : ' + ')}
              {term.map((v, n) => {
                const text = write(v);
                return `${n > 0 ? ' × ' : ''}${i > 0 || n > 0 || term.length > 1 ? factorText(text) : text}`;
              })}
            </Fragment>
          ))}
          {shown.length < terms.length && ` + … (${terms.length} products)`}
        </>
      )}
      {' = '}
      <b>{asked ? '?' : write(value)}</b>
    </p>
  );
}

function Placed({ of: { symbol, places } }: { readonly of: Entry }): ReactNode {
  return (
    <>
      <Letters of={symbol} />
      {places.length > 0 && <sub>{places.join(',')}</sub>}
    </>
  );
}

/** Letters in serif italics, those of matrices in their hue; brackets, dots and ∂ upright. */
function Letters({ of: text }: { readonly of: string }): ReactNode {
  return text.split(/(W₀|lr|[A-Za-zδ])/).map((part, i) => {
    if (i % 2 === 0 || part === 'L' || part === 'lr') return <Fragment key={i}>{part}</Fragment>;
    return (
      <i key={i} className={hueOf(part)}>
        {part}
      </i>
    );
  });
}

interface TabGroup {
  /** "1st step"; prefix of its tabs' names for a screen reader. */
  readonly name: string;
  readonly tabs: readonly { readonly key: string; readonly text: string; readonly number?: number }[];
}

interface StageTabsProps {
  readonly label: string;
  readonly groups: readonly TabGroup[];
  readonly shown: string;
  readonly onShow: (key: string) => void;
  readonly children: ReactNode;
}

/** The stages of a step as one or two groups of tabs. Arrow keys go from tab to tab. */
export function StageTabs({ label, groups, shown, onShow, children }: StageTabsProps) {
  const panel = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>(`[id="${panel}-${shown}"]`);
    if (!list.current || !tab) return;
    // scrollIntoView would also move the page vertically.
    const middle = tab.offsetLeft + tab.offsetWidth / 2 - list.current.offsetLeft;
    list.current.scrollLeft = middle - list.current.clientWidth / 2;
  }, [shown, panel]);
  return (
    <>
      <TabList ref={list} className="stages" aria-label={label}>
        {groups.map(({ name, tabs }) => (
          <div key={name} className="group" role="presentation">
            <span className="g" aria-hidden="true">
              {name}
            </span>
            {tabs.map(({ key, text, number }) => (
              <Tab
                key={key}
                panel={panel}
                name={key}
                shown={key === shown}
                aria-label={`${name}: ${text}`}
                onClick={() => onShow(key)}
              >
                {number} <i>{text}</i>
              </Tab>
            ))}
          </div>
        ))}
      </TabList>
      <div id={panel} role="tabpanel" aria-labelledby={`${panel}-${shown}`}>
        {children}
      </div>
    </>
  );
}

/** Each step of the lesson begins at its own place. */
export function useStepStart<T>(begins: T, chosen: T | null, set: (to: T) => void): void {
  useEffect(() => {
    if (chosen === null) set(begins);
  }, [begins, chosen, set]);
}
