import { readFileSync, writeFileSync } from 'node:fs';
import { number } from '../../../experiment/numbers.ts';
import { SEEDS } from '../../../experiment/recorded/testing/check-over-seeds.ts';
import { crc32 } from '../../../math/crc32.ts';
import { CASE_NAMES, type CaseName, type CaseRuns, type ClinicCase } from '../case.ts';
import type { CaseFigures, Figures } from './case-checks.ts';
import { ownSeed } from './train-case.ts';

/** What the runs of a case gave at one seed. */
export interface CaseOfSeed extends CaseFigures {
  /** By run: CRC-32 of the bits of its first losses, and of all. */
  readonly bits: Readonly<Record<string, readonly [first: number, all: number]>>;
}

/** By case, a list over SEEDS. */
export type RecordedCases = Readonly<Partial<Record<CaseName, readonly CaseOfSeed[]>>>;

const FILE = new URL('./recorded.json', import.meta.url);

export const readRecordedCases = (): RecordedCases => JSON.parse(readFileSync(FILE, 'utf8'));

/** Steps whose losses `npm test` compares of a case that is too slow to train to its end. */
const FIRST = 10;

export function bitsOf(runs: CaseRuns): CaseOfSeed['bits'] {
  const bits = [...runs].map(([key, { trace }]) => {
    const losses = trace.series.loss.slice(0, trace.length);
    const of = (list: Float64Array) => crc32(new Uint8Array(list.buffer, list.byteOffset, list.byteLength));
    return [key, [of(losses.slice(0, FIRST + 1)), of(losses)]] as const;
  });
  return Object.fromEntries(bits);
}

export function keepCase(name: CaseName, found: readonly CaseOfSeed[]): void {
  writeByCase(FILE, { ...readRecordedCases(), [name]: found });
}

/** JSON with a line for each case, in page order. */
export function writeByCase(file: URL, all: { readonly [name in CaseName]?: unknown }): void {
  const lines = CASE_NAMES.flatMap((name) =>
    all[name] ? [`  ${JSON.stringify(name)}: ${JSON.stringify(all[name])}`] : [],
  );
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}

/** The figures of a case at the seed of its links. */
export function ownFigures(of: ClinicCase): CaseOfSeed {
  const found = readRecordedCases()[of.name]?.[SEEDS.indexOf(ownSeed(of))];
  if (!found)
    throw new Error(`${of.name} is not recorded: UPDATE_RECORDED=1 npx vitest run src/clinic/cases/cases.test.ts`);
  return found;
}

/** "error 0.0734 (0.0733–0.0735)": the median over the seeds, and the smallest and the largest if they differ. */
export function spreadOf(list: readonly Figures[], write: (value: number) => string = number): string {
  return Object.keys(list[0] ?? {})
    .map((name) => {
      const values = list.map((figures) => figures[name]).sort((a, b) => a - b);
      const [least, middle, most] = [0, values.length >> 1, values.length - 1].map((i) => write(values[i]));
      return `${name} ${least === most ? middle : `${middle} (${least}–${most})`}`;
    })
    .join(' · ');
}
