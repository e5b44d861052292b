import { median } from '../../../math/median.ts';
import type { BaseFigures } from './base-figures.ts';
import type { MergedType } from './merged.ts';

/** Over all modules with figures. */
export interface BaseTotals {
  readonly modules: number;
  /** ‖ΔW‖ and ‖W₀‖ of all together. */
  readonly norm: number;
  readonly baseNorm: number;
  /** The median of the amplification factors; null: no module has one. */
  readonly amplification: number | null;
  /** By type, the first module's own first: ‖lost‖/‖ΔW‖ over the modules that have this type. */
  readonly merged: readonly { readonly type: MergedType; readonly modules: number; readonly lost: number }[];
}

const hypot = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

/** Sums over modules whose figures are there; sentences and modules that are not measured do not count. */
export function baseTotals(figures: readonly (BaseFigures | string | null)[]): BaseTotals {
  const all = figures.filter((of) => of !== null && typeof of !== 'string');
  const types = new Set(all.flatMap(({ merged }) => merged.map(({ type }) => type)));
  const amplified = all.flatMap(({ alignment }) => alignment?.amplification ?? []);
  return {
    modules: all.length,
    norm: hypot(all.map((of) => of.norm)),
    baseNorm: hypot(all.map((of) => of.baseNorm)),
    amplification: amplified.length === 0 ? null : median(amplified),
    merged: [...types].flatMap((type) => lostIn(all, type) ?? []),
  };
}

/** null: no module has a ΔW in this type that could be lost. */
function lostIn(all: readonly BaseFigures[], type: MergedType): BaseTotals['merged'][number] | null {
  const those = all.flatMap(({ merged, norm }) => {
    const lost = merged.find((one) => one.type === type)?.lost ?? null;
    return lost === null ? [] : [{ lost: lost * norm, norm }];
  });
  if (those.length === 0) return null;
  const [lost, norm] = [hypot(those.map((of) => of.lost)), hypot(those.map((of) => of.norm))];
  return { type, modules: those.length, lost: lost / norm };
}
