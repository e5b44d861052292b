import '../figures/figures.css';
import { useMemo } from 'react';
import { sweepLines } from '../../charts/sweep/lines.ts';
import { Radios } from '../../kit/choice.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { useTheme } from '../../ui/looks/theme.tsx';
import { currentPalette } from '../../ui/rail/colours.ts';
import { lessonValue, useLessonValue } from '../pane/values.tsx';
import { useHasPredicted } from '../step.tsx';
import { HELD_OUT, heldOutScene, SAMPLES } from './held-out.ts';

/** Samples per recorded run. */
export const SAMPLE_COUNT = lessonValue<(typeof SAMPLES)[number]>('samples', 48);

/** In place of the figure until the reader has guessed, since it would give the answer away. */
export function HeldOutQuestion() {
  if (useHasPredicted('choosing', 'held-out')) return <HeldOutFigure />;
  return (
    <p className="held-out blank">
      The curves of 30 recorded runs come here, once you have guessed or skipped the guess.
    </p>
  );
}

export function HeldOutFigure() {
  const [samples, choose] = useLessonValue(SAMPLE_COUNT);
  const theme = useTheme();
  const scene = useMemo(() => (theme ? heldOutScene(samples, currentPalette()) : null), [samples, theme]);
  return (
    <Figure
      className="held-out"
      title="Held-out and training loss against rank"
      help="recorded runs: an update of true rank 4, 32 × 32, learned from noisy samples with Adam, 800 steps; five seeds: every run, and the median with the middle half"
    >
      <Radios
        aria-label="Training samples"
        options={SAMPLES.map((one) => [one, `${one.toLocaleString('en')} samples`])}
        value={samples}
        onChange={choose}
      />
      <Plot chart={sweepLines} scene={scene} />
      <p className="help">
        <a href={HELD_OUT(samples, 4, 1)}>Open the run of rank 4, seed 1, in the lab</a>
      </p>
    </Figure>
  );
}
