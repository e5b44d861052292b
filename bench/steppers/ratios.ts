import type { Machine } from '../machine.ts';
import { median } from '../statistics.ts';
import type { Row } from '../table.mjs';
import { goalRow } from './goal.ts';
import type { Times } from './rounds.ts';
import type { Size } from './start.ts';

/** Least ratio of medians, by d; a bare number holds at every size, none is no goal. */
interface Goal {
  readonly name: string;
  readonly than: string;
  readonly least?: number | Readonly<Record<number, number>>;
}

const FUSED = 1.4;

/** The gain of relaxed SIMD, if the page's WebAssembly fuses; otherwise both builds do the same. */
export const fusedGoal = ({ fused }: Pick<Machine, 'fused'>): Goal => ({
  name: 'wasm',
  than: 'wasm plain',
  least: fused ? { 256: FUSED, 512: FUSED, 1024: FUSED, 4096: FUSED } : undefined,
});

export const GOALS: readonly Goal[] = [
  { name: 'fused algebraic', than: 'tfjs autodiff', least: { 64: 10, 256: 10, 512: 6, 1024: 6 } },
  { name: 'fused direct', than: 'tfjs autodiff', least: { 64: 6, 256: 6, 512: 3, 1024: 3 } },
  { name: 'wasm', than: 'TypeScript', least: 4 },
];

export interface Measured {
  readonly size: Size;
  readonly times: readonly Times[];
}

export function ratioRows(measured: readonly Measured[], goals: readonly Goal[] = GOALS): Row[] {
  return goals.flatMap(({ name, than, least }) =>
    measured.flatMap(({ size, times }) => {
      const of = (wanted: string) => times.find((one) => one.name === wanted);
      const [fast, slow] = [of(name), of(than)];
      if (!fast || !slow) return [];
      const bound = { least: typeof least === 'object' ? least[size.d] : least };
      return [goalRow(`${name} against ${than}`, size, median(slow.all) / median(fast.all), bound, '×')];
    }),
  );
}
