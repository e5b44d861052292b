import { BLOCKS, type BlockName } from './blocks.ts';
import { STAGES, type Stage, takesPart } from './stages.ts';
import type { AskedCell } from './step-picture.tsx';
import type { StepValues } from './step-values.ts';

/** Each quantity once, as a list of its numbers. */
const ONCE: readonly BlockName[] = [
  'xA',
  'W0',
  'A',
  'B',
  'zA',
  'u',
  'base',
  'h',
  'y',
  'delta',
  'gradB',
  'back',
  'gradA',
];
/** A block that stands more than once, and the one that is read. */
const SAME: Partial<Record<BlockName, readonly BlockName[]>> = {
  xA: ['xW'],
  zA: ['zB', 'zG'],
  delta: ['deltaH'],
  base: ['baseH'],
};
/** Of a larger matrix only its size is read. */
const MOST_READ = 24;

/** What the picture shows, in words: what takes part in the stage, row by row. */
export function describeStep(
  step: StepValues,
  stage: Stage,
  write: (value: number) => string,
  asked: AskedCell | null = null,
): string {
  const read = ONCE.filter((name) => {
    if (name === 'y' && step.y === null) return false;
    return [name, ...(SAME[name] ?? [])].some((one) => takesPart(stage, one));
  });
  const parts = read.map((name) => {
    const rows = BLOCKS[name].of(step);
    const size = `${rows.length} × ${rows[0].length}`;
    if (rows.length * rows[0].length > MOST_READ) return `${BLOCKS[name].label}, ${size}.`;
    const kept = (i: number, j: number) => asked?.block === name && asked.row === i && asked.col === j;
    const lines = rows.map((row, i) => row.map((v, j) => (kept(i, j) ? 'asked for' : write(v))).join(', '));
    return `${BLOCKS[name].label}, ${size}: ${lines.join('; ')}.`;
  });
  return [`Stage ${STAGES[stage].name}.`, ...parts].join(' ');
}
