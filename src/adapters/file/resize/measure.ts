import { qrR, qrROfTransposed } from '../../../math/factor/qr.ts';
import { allFinite, frobenius, leadingColumns, multiply, scale, transpose } from '../../../math/matrix.ts';
import { readFactors } from '../factors.ts';
import type { Adapter, ByteSource, Factors, Fault, Going } from '../model.ts';
import { above, beside } from '../pair/core.ts';

/** How far a file is from another: ‖ΔW′ − ΔW‖/‖ΔW‖ of each module of the second, and over all that are compared. */
export interface Measured {
  /** null where the module is not compared: no pair, or not in both files. 0 where both are zero. */
  readonly errors: readonly (number | null)[];
  readonly error: number;
}

/**
 * Compares a file that was written with the one that it came from, module by module, by r × r work: no ΔW is formed. Modules belong
 * together by `canonical`. A Fault where a module of the first is missing from the second.
 */
export async function measureAgainst(
  before: { readonly source: ByteSource; readonly adapter: Adapter },
  after: { readonly source: ByteSource; readonly adapter: Adapter },
  going: Going = {},
): Promise<Measured | Fault> {
  const found = new Map(after.adapter.modules.map((module) => [module.canonical, module]));
  const errors: (number | null)[] = [];
  let lost = 0;
  let whole = 0;
  for (const [done, module] of before.adapter.modules.entries()) {
    going.signal?.throwIfAborted();
    const other = found.get(module.canonical);
    if (!other) return { fault: 'A module is missing from the new file.', details: `${module.name} is not in it.` };
    if (module.kind !== 'lora' || other.kind !== 'lora') {
      errors.push(null);
      continue;
    }
    const first = await readFactors(before.source, module);
    if ('fault' in first) return first;
    const second = await readFactors(after.source, other);
    if ('fault' in second) return second;
    if (![first.B, first.A, second.B, second.A].every(allFinite)) {
      errors.push(null);
      continue;
    }
    const { norm, distance } = distanceOf(first, module.scaling ?? 1, second, other.scaling ?? 1);
    errors.push(distance === 0 ? 0 : distance / norm);
    lost = Math.hypot(lost, distance);
    whole = Math.hypot(whole, norm);
    going.progress?.(done + 1, before.adapter.modules.length);
  }
  return { errors, error: lost === 0 ? 0 : lost / whole };
}

/**
 * ‖s₁B₁A₁‖ and ‖s₁B₁A₁ − s₂B₂A₂‖: the difference is [s₁B₁, −s₂B₂]·[A₁; A₂], whose norm after two QR decompositions is that of
 * a small matrix. A difference of the squared norms would lose half of the digits.
 */
export function distanceOf(
  first: Factors,
  s1: number,
  second: Factors,
  s2: number,
): { readonly norm: number; readonly distance: number } {
  const RA = qrROfTransposed(above(first.A, second.A));
  const RB = qrR(beside(scale(first.B, s1), scale(second.B, -s2)));
  const r = first.B.cols;
  return {
    norm: frobenius(multiply(leadingColumns(RB, r), transpose(leadingColumns(RA, r)))),
    distance: frobenius(multiply(RB, transpose(RA))),
  };
}
