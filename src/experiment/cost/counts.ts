import { type ModuleType, total } from './model.ts';
import type { Cost } from './setting.ts';

/** What one kind of matrix trains at a rank. */
export interface TypeCount {
  /** In one matrix, r(d + k), of each size. */
  readonly each: readonly number[];
  /** In all of them. */
  readonly trained: number;
  /** Numbers of the frozen matrices. */
  readonly full: number;
  /** full/trained: below 1 LoRA trains more numbers than full fine-tuning. */
  readonly fewer: number;
}

export function countType(type: ModuleType, rank: number): TypeCount {
  const trained = total(type, ({ d, k }) => rank * (d + k));
  const full = total(type, ({ d, k }) => d * k);
  return { each: type.shapes.map(({ d, k }) => rank * (d + k)), trained, full, fewer: full / trained };
}

/** r* = dk/(d + k) of each size: at this rank A and B have as many numbers as W₀. */
export function breakEven({ shapes }: ModuleType): readonly number[] {
  return shapes.map(({ d, k }) => (d * k) / (d + k));
}

/** The rank of a kind of matrix; 0: it is frozen. */
export const rankOf = ({ ranks }: Pick<Cost, 'ranks'>, { name }: ModuleType): number => ranks[name] ?? 0;

/** The kinds that are adapted. */
export const adapted = (cost: Pick<Cost, 'model' | 'ranks'>): readonly ModuleType[] =>
  cost.model.modules.filter((type) => rankOf(cost, type) > 0);

export interface Totals {
  readonly trained: number;
  /** Numbers of the matrices that are adapted. */
  readonly full: number;
  /** trained ÷ all numbers of the model. */
  readonly share: number;
  readonly fewer: number;
}

export function totalsOf(cost: Pick<Cost, 'model' | 'ranks'>): Totals {
  const counts = adapted(cost).map((type) => countType(type, rankOf(cost, type)));
  const trained = counts.reduce((sum, one) => sum + one.trained, 0);
  const full = counts.reduce((sum, one) => sum + one.full, 0);
  return { trained, full, share: trained / cost.model.parameters, fewer: full / trained };
}
