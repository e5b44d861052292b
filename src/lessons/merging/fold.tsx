import './one-base.css';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { percentile99 } from '../../charts/matrices/heatmap.ts';
import type { Plane } from '../../charts/matrices/plane.ts';
import { type MergeResult, mergeInSlices, mergingInputs, STORAGES } from '../../experiment/layer/merging.ts';
import { count, number } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { Heatmap } from '../../kit/grids/heatmap.tsx';
import { useMedia } from '../../kit/media.tsx';
import { evenTrack, SliderControl } from '../../kit/slider.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { drain } from '../../math/progress.ts';
import { stream } from '../../math/random.ts';
import { shownModule } from '../../state/run/run.ts';
import { shownFrame } from '../../state/select.ts';
import { shownScaling } from '../../ui/lab-scene.ts';
import { useTheme } from '../../ui/looks/theme.tsx';
import { useLab, useLabObject } from '../../ui/page.tsx';
import { type MatrixName, matrixPixels } from '../../ui/strip/matrices.ts';
import { lessonValue, useLessonValue } from '../pane/values.tsx';

/** A layer W₀ + s·B·A: W₀ d × k, A r × k, B d × r, row by row. */
export interface RunLayer {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly W0: Float32Array;
  readonly A: Float32Array;
  readonly B: Float32Array;
  readonly scaling: number;
}

export const planeOf = (values: Float32Array, rows: number, cols: number): Plane => ({
  ...{ values, rows, cols, blockRows: 1, blockCols: 1 },
});

/** W₀ + s·Σ bᵢaᵢ over the first `folded` columns of B and rows of A. */
export function foldedWeight({ d, k, rank, W0, A, B, scaling }: RunLayer, folded: number): Float32Array {
  const sum = Float64Array.from(W0);
  for (let i = 0; i < d; i++)
    for (let q = 0; q < Math.min(folded, rank); q++) {
      const b = scaling * B[i * rank + q];
      for (let j = 0; j < k; j++) sum[i * k + j] += b * A[q * k + j];
    }
  return Float32Array.from(sum);
}

/** B and A, the first `folded` columns and rows blank. */
export function unfolded({ k, rank, A, B }: RunLayer, folded: number) {
  return {
    A: A.map((value, i) => (Math.floor(i / k) < folded ? 0 : value)),
    B: B.map((value, i) => (i % rank < folded ? 0 : value)),
  };
}

const INPUTS = 16;

/** Merged at once, on the inputs of the lab's own merge. */
export function mergedLayer({ d, k, rank, W0, A, B, scaling }: RunLayer, storage: keyof typeof STORAGES): MergeResult {
  const layer = {
    W: { rows: d, cols: k, data: W0 },
    A: { rows: rank, cols: k, data: A },
    B: { rows: d, cols: rank, data: B },
    scaling,
  };
  return drain(mergeInSlices(layer, mergingInputs(k, INPUTS, stream(1, 'merging inputs')), STORAGES[storage]));
}

/** What a merge into bfloat16 leaves of ΔW, and what it rounds away: kept + lost = ΔW. */
export function roundedUpdate(layer: RunLayer) {
  const { merged, lost: share, size } = mergedLayer(layer, 'bfloat16');
  const stored = STORAGES.bfloat16.round(layer.W0);
  const update = foldedWeight({ ...layer, W0: new Float32Array(layer.W0.length) }, layer.rank);
  const kept = merged.data.map((value, i) => value - stored[i]);
  return { update, kept, lost: update.map((value, i) => value - kept[i]), share, size };
}

/** Columns of B, each with its row of A, that have been added to W₀. */
export const FOLDED = lessonValue('folded', 0);

/** The layer of the lab's run at the shown step; null before there is one, or if it is drawn in blocks. */
export function useRunLayer(): RunLayer | null {
  const module = useLab(shownModule);
  const { A, B } = useLabObject((s) => {
    const { A = null, B = null } = shownFrame(s) ?? {};
    return { A, B };
  });
  const scaling = useLab(shownScaling);
  return useMemo(() => {
    if (!module || !A || !B || module.basePlane.mean.values.length !== module.d * module.k) return null;
    const { d, k, rank } = module;
    return { d, k, rank, A, B, scaling, W0: module.basePlane.mean.values };
  }, [module, A, B, scaling]);
}

/** B and A go into W₀, a column and a row at a time; what the layer uses stays as it is. */
export function FoldFigure() {
  const layer = useRunLayer();
  const [folded, setFolded] = useLessonValue(FOLDED);
  const at = Math.min(folded, layer?.rank ?? folded);
  const planes = useMemo(() => layer && foldPlanes(layer, at), [layer, at]);
  if (!layer || !planes) return <p className="help">The run is trained first …</p>;
  const { d, k, rank } = layer;
  const left = (rank - at) * (d + k);
  const done = at === rank;
  return (
    <section className="one-base fold" aria-label="B and A are folded into W₀">
      <div className="row between sum">
        <Matrix {...planes.base} label={`W₀ with ${at} of ${rank} columns and rows added`}>
          {done ? <Sym of="W" /> : <Sym of="W₀" />} {count(d * k)} numbers
        </Matrix>
        <span aria-hidden="true">+</span>
        <Matrix {...planes.B} className="thin" label={`B: ${rank - at} columns left`}>
          <Sym of="B" />
        </Matrix>
        <span aria-hidden="true">·</span>
        <Matrix {...planes.A} label={`A: ${rank - at} rows left`}>
          <Sym of="A" /> {done ? 'nothing is left' : `${count(left)} numbers with B`}
        </Matrix>
        <span aria-hidden="true">=</span>
        <Matrix {...planes.W} label="What the layer uses: the same all the time">
          <Sym of="W" /> what the layer uses
        </Matrix>
      </div>
      <SliderControl
        label="Columns of B and rows of A in W₀"
        text={`${at} of ${rank}`}
        track={evenTrack(0, rank, 1)}
        value={at}
        onValue={setFolded}
      />
      <p role="status" className="reading">
        The layer holds {count(d * k + left)} numbers. {done && <MergeOutputs />}
      </p>
    </section>
  );
}

function foldPlanes(layer: RunLayer, folded: number) {
  const { d, k, rank, W0, A, B } = layer;
  const base = planeOf(W0, d, k);
  const range = extremes(base);
  const left = unfolded(layer, folded);
  const factor = (name: 'A' | 'B', values: Float32Array, whole: Float32Array, rows: number, cols: number) => ({
    ...{ name, plane: planeOf(values, rows, cols), scale: percentile99(whole), range: null },
  });
  const picture = (name: 'W0' | 'W', values: Float32Array) => ({
    ...{ name, plane: planeOf(values, d, k), scale: 0, range },
  });
  return {
    base: picture(folded === rank ? 'W' : 'W0', foldedWeight(layer, folded)),
    W: picture('W', foldedWeight(layer, rank)),
    B: factor('B', left.B, B, d, rank),
    A: factor('A', left.A, A, rank, k),
  };
}

const extremes = ({ values }: Plane): readonly [number, number] => [Math.min(...values), Math.max(...values)];

interface FoldMatrixProps {
  readonly name: MatrixName;
  readonly plane: Plane;
  readonly scale: number;
  readonly range: readonly [number, number] | null;
  readonly className?: string;
  readonly label: string;
  readonly children: ReactNode;
}

export function Matrix({ name, plane, scale, range, className, label, children }: FoldMatrixProps) {
  const theme = useTheme();
  const pixels = useMemo(() => matrixPixels({ name, scale, range }, plane), [name, plane, scale, range, theme]);
  return (
    <figure className={className}>
      <Heatmap pixels={pixels} role="img" aria-label={label} style={{ aspectRatio: `${plane.cols}/${plane.rows}` }} />
      <figcaption className="soft space-above">{children}</figcaption>
    </figure>
  );
}

/** ms from one column to the next. */
const PACE = 220;

export function FoldControl() {
  const rank = useLab((s) => s.run.experiment.rank);
  const [folded, setFolded] = useLessonValue(FOLDED);
  const [folds, setFolds] = useState(false);
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  useEffect(() => {
    if (!folds) return;
    if (folded >= rank) return setFolds(false);
    const timer = setTimeout(() => setFolded(calm ? rank : folded + 1), calm ? 0 : PACE);
    return () => clearTimeout(timer);
  }, [folds, folded, rank, calm, setFolded]);
  return (
    <div className="row">
      <Button disabled={folds || folded >= rank} onClick={() => setFolds(true)}>
        Fold them in
      </Button>
      {folded > 0 && !folds && <Button onClick={() => setFolded(0)}>Take them out again</Button>}
    </div>
  );
}

/** How far the outputs of the merged layer are from those of the unmerged one. */
export function MergeOutputs() {
  const layer = useRunLayer();
  const found = useMemo(() => layer && mergedLayer(layer, 'float32'), [layer]);
  if (!found) return null;
  const { difference, bound } = found.outputs;
  return (
    <>
      The outputs differ by at most {number(difference, 2)}; float32 rounding allows up to {number(bound, 2)}.
    </>
  );
}
