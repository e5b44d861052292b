import type { ReactNode } from 'react';
import type { Foretold } from '../../charts/chart.ts';
import { foretoldError } from '../../charts/error/foretold-error.ts';
import { directions } from '../../charts/spectrum/directions.ts';
import { cached } from '../../experiment/layer/cached.ts';
import { listed, number } from '../../experiment/numbers.ts';
import { firstStepOf } from '../../experiment/prediction/first-step.ts';
import { measuredDistance, type Prediction } from '../../experiment/prediction/predict.ts';
import { SCALINGS, type Scaling } from '../../experiment/settings/rate.ts';
import { distanceSoFar, firstChange, measuredDirections, predictedRun } from '../../state/run/predicted.ts';
import { type Run, shownIndex, shownModule, unitOfTarget } from '../../state/run/run.ts';
import { rateOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { type ForetoldRun, foretoldOf, provideForetold } from '../lab-scene.ts';
import { useLabObject } from '../page.tsx';
import { ChartFigure } from './chart-figure.tsx';

type Titled = { readonly title: ReactNode };

export const DirectionsFigure = ({ title }: Titled) => <ChartFigure chart={directions} title={title} />;
export const ForetoldErrorFigure = ({ title }: Titled) => <ChartFigure chart={foretoldError} title={title} />;

/** Measured directions by the lists that they come from, so that a chart redraws only if one of them has grown. */
const measured = cached((_: Run['frames']) => cached((_: Run['samples']) => new Map<number, Foretold['measured']>()));
const last = cached((_: Foretold['measured']) => ({ shown: null as Foretold | null }));

function foretoldRun(state: State): ForetoldRun | null {
  const known = predictedRun(state);
  if (known === null) return null;
  const { run } = state;
  const index = shownIndex(state);
  const kept = measured(run.frames)(run.samples);
  const sizes = kept.get(index) ?? measuredDirections(state);
  kept.set(index, sizes);
  const prediction = 'why' in known ? null : known;
  const until = firstChange(run);
  const before = last(sizes);
  const same = before.shown?.prediction === prediction && before.shown.until === until;
  const shown = same && before.shown ? before.shown : { prediction, until, measured: sizes };
  before.shown = shown;
  return { shown, why: 'why' in known ? known.why : null, distance: distanceSoFar(state, known) };
}

provideForetold(foretoldRun);

/** Below the switch: on what the dashes rest, how far they hold, and how large the first step will be. */
export function PredictNote() {
  const { why, law, rank } = useLabObject((s) => {
    const known = foretoldOf(s);
    return { why: known?.why ?? null, law: known?.shown.prediction?.law ?? null, rank: s.experiment.rank };
  });
  return (
    <span className="block">
      {why ?? (law && lawWords(law, rank))} <FirstStep />
    </span>
  );
}

function lawWords(law: Prediction['law'], rank: number): string {
  if (law === 'recursion') return 'Exact: from this start every step is known.';
  const { median, worst } = measuredDistance(law, rank);
  const slow = law === 'flow' ? 'Exact for slow rates; at the automatic one half' : 'At the automatic rate half';
  return `${slow} of 40 runs kept within ${median}, all within ${worst}.`;
}

function FirstStep() {
  const sizes = useLabObject((s): Readonly<Partial<Record<Scaling, number>>> => firstStepHere(s) ?? {});
  if (sizes.standard === undefined) return null;
  const words = (Object.keys(SCALINGS) as Scaling[]).map(
    (name) => `${number(sizes[name] ?? 0, 2)} if s = ${SCALINGS[name]}`,
  );
  return <span className="block first-step">The first step moves ΔW by this much of ‖ΔW*‖: {listed(words)}.</span>;
}

function firstStepHere(state: State): Readonly<Record<Scaling, number>> | null {
  const rate = rateOf(state);
  const module = shownModule(state);
  if (typeof rate !== 'number' || !module?.wanted) return null;
  const { norm } = module.wanted;
  const sizes = firstStepOf(state.experiment, rate, norm);
  const share = norm / unitOfTarget(module.wanted);
  return sizes && { standard: sizes.standard * share, rslora: sizes.rslora * share, none: sizes.none * share };
}
