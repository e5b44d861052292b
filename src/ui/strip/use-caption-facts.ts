import { useMemo } from 'react';
import { adapterOf } from '../../experiment/settings/counts.ts';
import { targets } from '../../experiment/targets/index.ts';
import { type ReadyModule, shownModule } from '../../state/run/run.ts';
import { floorReason, reachOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { useLabObject } from '../page.tsx';
import type { CaptionFacts, ShownSum } from './captions.ts';
import { portraitOf } from './portrait.ts';
import { isBlank } from './scales.ts';
import type { PaintedStrip } from './use-painted-matrices.ts';

function known(state: State) {
  const { run } = state;
  const module = shownModule(state);
  const { d, k, rank } = module ?? state.experiment;
  const settings = module ? run.experiment : state.experiment;
  const reach = reachOf(run);
  const decides = floorReason(run);
  return {
    d,
    k,
    rank,
    about: targets.byName(settings.target).caption(settings),
    sigma1: module?.wanted?.spectrum[0] ?? null,
    error: run.trace.series.relativeError?.[shownStep(state)] ?? null,
    floor: reach?.floor ?? null,
    floorBy: decides === null ? `at rank ${rank}` : `with ${decides}`,
    settings,
    moves: !!module?.moved,
    moved: movedShare(module),
    frozenFactor: (module ?? adapterOf(settings)).frozenFactor,
  };
}

type Pictures = Pick<PaintedStrip, 'planes' | 'drawn' | 'split' | 'means'>;

function seen(moves: boolean, painted: Pictures | null) {
  const { blockRows: rows = 1, blockCols: columns = 1 } = painted?.planes.dW ?? {};
  const shown: ShownSum = moves ? (painted?.split ?? 'frozen') : 'plain';
  const blank = !!painted && shown !== 'frozen' && isBlank(painted.means.dW);
  return { rows, columns, drawn: painted?.drawn ?? ('means' as const), shown, blank };
}

export function captionFacts(state: State, painted: Pictures, aside: CaptionFacts['aside']): CaptionFacts {
  const facts = known(state);
  const { rows, columns, ...rest } = seen(facts.moves, painted);
  return { ...facts, ...rest, blocks: { rows, columns }, portrait: portraitOf(facts.settings), aside };
}

/** The facts of the captions, memoised; from the settings alone until the matrices exist. */
export function useCaptionFacts(painted: PaintedStrip | null, aside: CaptionFacts['aside']): CaptionFacts {
  const facts = useLabObject(known);
  const { rows, columns, drawn, shown, blank } = seen(facts.moves, painted);
  const portrait = useMemo(() => portraitOf(facts.settings), [facts.settings]);
  return useMemo(
    () => ({ ...facts, blocks: { rows, columns }, drawn, shown, blank, portrait, aside }),
    [facts, rows, columns, drawn, shown, blank, portrait, aside],
  );
}

type ModuleWithMovedPart = Pick<ReadyModule, 'd' | 'k' | 'rank' | 'A' | 'B' | 'baseNorm' | 'moved'>;

const shares = new WeakMap<ModuleWithMovedPart, number | null>();
/** Upper bound of multiply-adds, once per run. */
const MOST_WORK = 2e8;

/** ‖s₀·B₀·A₀‖_F/‖W₀‖_F moved out of W₀; null if nothing was moved, or the factors are too large to multiply here. */
export function movedShare(ready: ModuleWithMovedPart | null): number | null {
  if (!ready?.moved || !(ready.baseNorm > 0)) return null;
  const known = shares.get(ready);
  if (known !== undefined) return known;
  const { d, k, rank, A, B, baseNorm, moved } = ready;
  const share = (rank * rank * (d + k)) / 2 > MOST_WORK ? null : (moved.scaling * productNorm(B, A, rank)) / baseNorm;
  shares.set(ready, share);
  return share;
}

/** ‖B·A‖_F from ‖B·A‖²_F = Σ_pq (BᵀB)_pq·(AAᵀ)_pq, without the d × k entries. */
function productNorm(B: Float32Array, A: Float32Array, rank: number): number {
  const [d, k] = [B.length / rank, A.length / rank];
  let sum = 0;
  for (let p = 0; p < rank; p++) {
    for (let q = 0; q <= p; q++) {
      let [ofB, ofA] = [0, 0];
      for (let i = 0; i < d; i++) ofB += B[i * rank + p] * B[i * rank + q];
      for (let j = 0; j < k; j++) ofA += A[p * k + j] * A[q * k + j];
      sum += (p === q ? 1 : 2) * ofB * ofA;
    }
  }
  return Math.sqrt(Math.max(0, sum));
}
