import { losses } from '../../charts/losses/losses.ts';
import { ChartFigure } from './chart-figure.tsx';

/** On its own, so that a page without samples does not load it. */
export default function LossesFigure() {
  return <ChartFigure chart={losses} />;
}
