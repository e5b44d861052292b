import { useMemo } from 'react';
import { percentile99 } from '../../charts/matrices/heatmap.ts';
import { count, number, percent } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { lastStep } from '../../state/run/run.ts';
import { useDispatch, useLab } from '../../ui/page.tsx';
import { Lengths } from '../figures/figures.tsx';
import { trainEvent } from '../step.tsx';
import { Matrix, useRunLayer } from './fold.tsx';
import { planeOf, roundedUpdate } from './layer.ts';

const useRounded = () => {
  const layer = useRunLayer();
  return useMemo(() => (layer ? { ...layer, ...roundedUpdate(layer) } : null), [layer]);
};

/** ΔW of the run, the part that W₀ in bfloat16 takes up, and the part that is rounded away. */
export function RoundingFigure() {
  const rounded = useRounded();
  const step = useLab(({ run }) => lastStep(run));
  if (!rounded) return <p className="help">The matrices are made first …</p>;
  const { d, k, update, kept, lost, share, size } = rounded;
  const scale = percentile99(update);
  const changed = kept.filter((value) => value !== 0).length;
  return (
    <section className="one-base" aria-label="An update merged in bfloat16">
      <div className="row between sum">
        <Matrix name="dW" plane={planeOf(update, d, k)} scale={scale} range={null} label="ΔW, in float32">
          <Sym of="ΔW" /> at step {count(step)}
        </Matrix>
        <span aria-hidden="true">=</span>
        <Matrix name="dW" plane={planeOf(kept, d, k)} scale={scale} range={null} label="What bfloat16 keeps of ΔW">
          taken up by <Sym of="W₀" />
        </Matrix>
        <span aria-hidden="true">+</span>
        <Matrix name="E" plane={planeOf(lost, d, k)} scale={scale} range={null} label="What is rounded away of ΔW">
          rounded away
        </Matrix>
      </div>
      <p role="status" className="reading">
        {size === 0
          ? 'ΔW is zero: train a step.'
          : `Step ${count(step)}: ‖ΔW‖ is ${number(size, 2)} of ‖W₀‖, and ${percent(share)} of ΔW is lost. Of the ${count(d * k)} numbers of W₀ in bfloat16, ${count(changed)} change.`}
      </p>
    </section>
  );
}

export function LostShare() {
  const rounded = useRounded();
  return <>{percent(rounded?.share ?? 0)}</>;
}

/** Trains on to these steps. */
const TRAINED_TO = [1, 10, 100, 1000] as const;

export function TrainTo() {
  const step = useLab(({ run }) => lastStep(run));
  const dispatch = useDispatch();
  return (
    <div className="row">
      {TRAINED_TO.map((to) => (
        <Button key={to} disabled={step >= to} onClick={() => dispatch(trainEvent(to - step))}>
          {to === 1 ? 'Train 1 step' : `To ${count(to)}`}
        </Button>
      ))}
    </div>
  );
}

/** Multiplications for one input, to scale: merged, and unmerged at the rank of the lab. */
export function MultiplicationsFigure() {
  const rank = useLab((s) => s.experiment.rank);
  const [d, k] = useLab((s) => `${s.experiment.d} ${s.experiment.k}`)
    .split(' ')
    .map(Number);
  const [full, added] = [d * k, rank * (d + k)];
  return (
    <section className="one-base counts" aria-label="Multiplications for one input">
      <div>
        <p>
          Merged, <Sym of="W" />
          <i>x</i>: {count(full)}
        </p>
        <Lengths parts={{ w: full }} whole={3 * full} mark={2 * full} />
      </div>
      <div>
        <p>
          Unmerged at rank {rank}, <Sym of="W₀" />
          <i>x</i>, <Sym of="A" />
          <i>x</i> and <Sym of="B" /> times that: {count(full)} + {count(rank * k)} + {count(rank * d)}
        </p>
        <Lengths parts={{ w0: full, a: rank * k, b: rank * d }} whole={3 * full} mark={2 * full} />
      </div>
      <p role="status" className="reading">
        {count(full + added)} multiplications for one input, {percent(added / full)} more than merged. The line is at
        twice as many.
      </p>
    </section>
  );
}
