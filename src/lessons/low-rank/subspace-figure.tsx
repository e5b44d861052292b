import '../figures/figures.css';
import './low-rank.css';
import { useMemo } from 'react';
import { number } from '../../experiment/numbers.ts';
import { optionsOf, Radios } from '../../kit/choice.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { drawSubspaces } from '../charts/subspace/subspace.ts';
import { lessonValue, useLessonValue } from '../pane/values.tsx';
import { dimensionFor, EQUATIONS, INPUTS, NUMBERS, SEEDS, SIDE, type Task } from './subspaces.ts';
import { useDraws } from './use-draws.ts';

/** Which task is learned in random subspaces. */
export const TASK = lessonValue<Task>('task', 'matrix');

const TASKS: Readonly<Record<Task, string>> = {
  matrix: `All ${NUMBERS} numbers of a matrix`,
  few: `The outputs for ${INPUTS} inputs`,
};

/** How far a layer gets when its numbers may only move in a random subspace. */
export function SubspaceFigure() {
  const [task, choose] = useLessonValue(TASK);
  const draws = useDraws(task);
  const scene = useMemo(() => ({ draws, equations: EQUATIONS[task] }), [draws, task]);
  const at = (m: number) => number(draws[0][m]);
  const reached = draws.map((errors) => dimensionFor(errors, 0.1));
  const words = `Relative error, first draw: ${at(12)} at m = 12, ${at(24)} at 24, ${at(72)} at 72, ${at(NUMBERS)} at ${NUMBERS}. An error of 0.1 takes ${Math.min(...reached)} to ${Math.max(...reached)} dimensions.`;
  return (
    <Figure
      className="of-low-rank"
      title="Error in a random subspace against its dimension"
      help={
        <>
          a {SIDE} × {SIDE} layer, {NUMBERS} numbers <i>θ</i> = <i>θ</i>₀ + <i>P</i>·<i>z</i>, trained to the best{' '}
          <i>z</i>; {SEEDS.length} draws of <i>P</i>
        </>
      }
    >
      <Radios aria-label="What is to be learned" options={optionsOf(TASKS)} value={task} onChange={choose} />
      <Plot chart={{ draw: drawSubspaces, describe: () => words }} scene={scene} />
    </Figure>
  );
}
