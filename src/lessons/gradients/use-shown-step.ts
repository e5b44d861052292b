import { useMemo } from 'react';
import { shownFrame } from '../../state/select.ts';
import { useNow, useShown } from '../../ui/page.tsx';
import { scalingShown } from '../../ui/scene-of.ts';
import { useLessonValue } from '../pane/values.tsx';
import { shownStepOf } from './shown-step.ts';
import type { NoStep, ShownStep } from './step-of-run.ts';
import { INPUT } from './values.ts';

/** The step on screen of the lab's run; computed again when its factors are others. */
export function useShownStep(): ShownStep | NoStep {
  const [input] = useLessonValue(INPUT);
  const run = useShown((s) => s.run.number);
  const ready = useShown((s) => s.run.ready);
  const A = useShown((s) => shownFrame(s)?.A ?? null);
  const scaling = useShown(scalingShown);
  const lr = useShown((s) => s.experiment.lr);
  const now = useNow();
  return useMemo(() => shownStepOf(now(), input), [now, input, run, ready, A, scaling, lr]);
}
