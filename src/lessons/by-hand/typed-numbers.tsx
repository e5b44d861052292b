import { type KeyboardEvent, useState } from 'react';
import { readings } from '../../kit/number-field.tsx';
import type { Rows } from '../one-step/one-step.ts';
import type { Layout } from '../slow-motion/layout.ts';
import { fourDecimals } from '../slow-motion/product-line.tsx';
import { BLOCKS, type BlockName, type Stage, type StepValues, takesPart } from '../slow-motion/stages.ts';
import { figureSize } from '../slow-motion/step-picture.tsx';
import type { ExampleInputs } from './worked-example.ts';

const HOLDS: Partial<Record<BlockName, keyof ExampleInputs>> = {
  W0: 'W0',
  A: 'A',
  B: 'B',
  xA: 'x',
  xW: 'x',
  delta: 'delta',
};

/** The editable blocks: after the first step A and B follow from it. */
export const FIRST_STEP_BLOCKS = Object.keys(HOLDS) as readonly BlockName[];
export const LATER_STEP_BLOCKS = FIRST_STEP_BLOCKS.filter((name) => name !== 'A' && name !== 'B');

function changed(
  typed: ExampleInputs,
  key: keyof ExampleInputs,
  row: number,
  col: number,
  value: number,
): ExampleInputs {
  const put = (M: Rows): Rows => M.map((r, i) => (i === row ? r.map((v, j) => (j === col ? value : v)) : r));
  if (key === 'x') return { ...typed, x: put([typed.x])[0] };
  if (key === 'delta') return { ...typed, delta: typed.delta.map((v, i) => (i === row ? value : v)) };
  return { ...typed, [key]: put(typed[key]) };
}

interface TypedNumbersProps {
  readonly layout: Layout;
  readonly names: readonly BlockName[];
  readonly step: StepValues;
  readonly stage: Stage;
  readonly typed: ExampleInputs;
  readonly onTyped: (typed: ExampleInputs) => void;
  readonly onFault: (fault: string) => void;
}

export function TypedNumbers({ layout, names, step, stage, typed, onTyped, onFault }: TypedNumbersProps) {
  const { blocks, cell } = layout;
  return blocks
    .filter(({ name }) => names.includes(name))
    .map(({ name, x, y }) => {
      const key = HOLDS[name] ?? 'x';
      const lit = takesPart(stage, name);
      return BLOCKS[name].of(step).map((row, i) =>
        row.map((value, j) => (
          <NumberField
            key={`${name}${i},${j}`}
            name={`${name === 'xW' ? 'x above W₀' : BLOCKS[name].label}, row ${i + 1}, column ${j + 1}`}
            value={value}
            // Fields outside the stage are reached with the pointer only.
            reached={lit}
            className={lit ? BLOCKS[name].hue : 'pale'}
            place={{ left: x + j * cell, top: y + i * cell, width: cell, height: cell }}
            onValue={(next) => onTyped(changed(typed, key, i, j, next))}
            onFault={onFault}
          />
        )),
      );
    });
}

interface HandNumberProps {
  readonly name: string;
  readonly value: number;
  readonly reached: boolean;
  readonly className: string;
  readonly place: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly onValue: (value: number) => void;
  readonly onFault: (fault: string) => void;
}

/** Enter or blur takes the input; Esc restores the number. */
function NumberField({ name, value, reached, className, place, onValue, onFault }: HandNumberProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const text = draft ?? fourDecimals(value);
  const take = () => {
    if (draft === null) return;
    const read = readTypedNumber(draft);
    if (typeof read === 'string') {
      setWrong(true);
      onFault(`${read} ${name}, is still ${fourDecimals(value)}.`);
      return;
    }
    setDraft(null);
    setWrong(false);
    onFault('');
    if (read !== value) onValue(read);
  };
  const back = () => {
    setDraft(null);
    setWrong(false);
    onFault('');
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') take();
    if (event.key !== 'Escape' || draft === null) return;
    // Or Esc would close the lesson.
    event.preventDefault();
    event.stopPropagation();
    back();
  };
  const leave = () => {
    if (draft !== null && typeof readTypedNumber(draft) === 'string') back();
    else take();
  };
  return (
    <input
      type="text"
      inputMode="text"
      autoComplete="off"
      className={className}
      aria-label={name}
      aria-invalid={wrong}
      tabIndex={reached ? 0 : -1}
      value={text}
      style={{ ...place, fontSize: figureSize(text, place.width) }}
      onChange={(event) => setDraft(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={leave}
      onKeyDown={press}
    />
  );
}

/** The picture has no space for larger numbers. */
const LARGEST = 1000;

/** The number, or a sentence on what is wrong with the text. */
export function readTypedNumber(text: string): number | string {
  if (text.trim() === '') return 'A number is missing.';
  const [value] = readings(text);
  if (value === undefined) return `“${text.trim().slice(0, 20)}” is not a number.`;
  return Math.abs(value) > LARGEST ? 'Numbers from −1,000 to 1,000 fit here.' : value;
}
