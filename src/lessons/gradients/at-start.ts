import { SHOWN } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';

/** The norms of both gradients at step 0 of the run on screen; null before it has one. */
export function atStart({ run: { trace } }: Pick<State, 'run'>): { readonly A: number; readonly B: number } | null {
  if (trace.length === 0) return null;
  const { gradNormA, gradNormB } = trace.modules[SHOWN];
  return { A: gradNormA[0], B: gradNormB[0] };
}
