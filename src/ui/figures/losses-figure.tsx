import { losses } from '../../charts/losses/losses.ts';
import { ChartFigure, type FigureProps } from './chart-figure.tsx';

/** On its own, so that a page without samples does not load it. */
export default function LossesFigure({ title }: Pick<FigureProps, 'title'>) {
  return <ChartFigure chart={losses} title={title} />;
}
