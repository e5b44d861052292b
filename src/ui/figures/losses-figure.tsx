import type { ReactNode } from 'react';
import { losses } from '../../charts/losses/losses.ts';
import { ChartFigure } from './chart-figure.tsx';

/** A separate module, so that a page without samples does not load it. */
export default function LossesFigure({ title }: { readonly title: ReactNode }) {
  return <ChartFigure chart={losses} title={title} />;
}
