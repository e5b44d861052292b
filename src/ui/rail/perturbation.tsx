import { useMemo } from 'react';
import { percent } from '../../charts/format.ts';
import { perturbation } from '../../experiment/layer.ts';
import { scalingOf } from '../../experiment/scaling.ts';
import type { Run } from '../../state/state.ts';
import { useShown } from '../page.tsx';

/** Where s·B·A is not zero at the start: by how much the layer's output is off before the first step. */
export function Perturbation() {
  const ready = useShown((s) => s.run.ready);
  const scaling = useShown((s) => scalingOf(s.run.experiment));
  const share = useMemo(() => ready && shareOf(ready, scaling), [ready, scaling]);
  return share ? <>; not zero: the output starts off by {percent(share)} of ‖W₀‖</> : null;
}

function shareOf({ d, k, rank, A, B, base, facts }: NonNullable<Run['ready']>, scaling: number): number {
  if (facts.a === 0 || facts.b === 0) return 0;
  const matrix = (rows: number, cols: number, data: Float32Array) => ({ rows, cols, data });
  return perturbation({ A: matrix(rank, k, A), B: matrix(d, rank, B), base: matrix(d, k, base) }, scaling);
}
