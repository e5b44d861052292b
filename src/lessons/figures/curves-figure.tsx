import './figures.css';
import { memo, type ReactNode, useCallback } from 'react';
import type { Size } from '../../charts/chart.ts';
import { type CurvesScene, curvesWords, drawCurves } from '../charts/curves/curves.ts';
import { FigurePlot } from '../pane/figure-plot.tsx';

interface FigureProps {
  readonly title: ReactNode;
  /** What is drawn, in a line below the title. */
  readonly help: ReactNode;
  readonly scene: CurvesScene;
  /** Below the picture. */
  readonly children?: ReactNode;
}

/** Curves with their title; what they show is said to a screen reader. */
export const CurvesFigure = memo(function CurvesFigure({ title, help, scene, children }: FigureProps) {
  const draw = useCallback((svg: SVGSVGElement, size: Size) => drawCurves(svg, scene, size), [scene]);
  return (
    <FigurePlot title={title} help={help} says={curvesWords(scene)} draw={draw}>
      {children}
    </FigurePlot>
  );
});
