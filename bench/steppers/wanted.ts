import { digits, median } from '../statistics.ts';
import type { Row } from '../table.mjs';
import type { Asked } from './asked.ts';
import type { Times } from './rounds.ts';
import { type Size, sizeWords } from './start.ts';

/** How many times faster than what, at least, by d; a bare number holds at every size. */
interface Goal {
  readonly name: string;
  readonly than: string;
  readonly least: number | Readonly<Record<number, number>>;
}

export const GOALS: readonly Goal[] = [
  { name: 'fused algebraic', than: 'tfjs autodiff', least: { 64: 10, 256: 10, 512: 6, 1024: 6 } },
  { name: 'fused direct', than: 'tfjs autodiff', least: { 64: 6, 256: 6, 512: 3, 1024: 3 } },
  { name: 'wasm', than: 'TypeScript', least: 4 },
];

export interface Measured {
  readonly size: Size;
  readonly times: readonly Times[];
}

/** Ratios of medians beside what is wanted of them. */
export function ratioRows(measured: readonly Measured[], goals: readonly Goal[] = GOALS): Row[] {
  return goals.flatMap(({ name, than, least }) =>
    measured.flatMap(({ size, times }) => {
      const of = (wanted: string) => times.find((one) => one.name === wanted);
      const [fast, slow] = [of(name), of(than)];
      if (!fast || !slow) return [];
      const ratio = median(slow.all) / median(fast.all);
      const wanted = typeof least === 'number' ? least : least[size.d];
      return [goalRow(`${name} against ${than}`, sizeWords(size), ratio, wanted)];
    }),
  );
}

function goalRow(what: string, size: string, ratio: number, least: number | undefined): Row {
  return {
    ratio: what,
    'd = k, r': size,
    measured: `${digits(ratio)}×`,
    'at least': least === undefined ? '–' : `${least}×`,
    reached: reached(least === undefined ? undefined : ratio >= least),
  };
}

export const reached = (yes: boolean | undefined): string => (yes === undefined ? '–' : yes ? 'yes' : 'no');

/** JavaScript's time a step of what is fused against autodiff's: a fiftieth is wanted. */
export function scriptRows(all: readonly { readonly size: Size; readonly asked: Asked }[]): Row[] {
  const least = 50;
  return all.flatMap(({ size, asked }) => {
    const autodiff = all.find((one) => one.size === size && one.asked.name === 'tfjs autodiff');
    if (!autodiff || asked.name === 'tfjs autodiff') return [];
    const wanted = asked.name.startsWith('fused') ? least : undefined;
    return [
      goalRow(`${asked.name} against tfjs autodiff`, sizeWords(size), autodiff.asked.script / asked.script, wanted),
    ];
  });
}
