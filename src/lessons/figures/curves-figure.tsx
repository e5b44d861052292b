import './figures.css';
import { memo, type ReactNode } from 'react';
import { Figure, Plot } from '../../kit/figure.tsx';
import { type CurvesScene, curvesDrawing } from '../charts/curves/curves.ts';

interface CurvesFigureProps {
  readonly title: ReactNode;
  /** What is drawn, in a line below the title. */
  readonly help: ReactNode;
  readonly scene: CurvesScene;
  /** Below the picture. */
  readonly children?: ReactNode;
}

/** Curves with their title; what they show is said to a screen reader. */
export const CurvesFigure = memo(function CurvesFigure({ scene, children, ...words }: CurvesFigureProps) {
  return (
    <Figure {...words}>
      <Plot chart={curvesDrawing} scene={scene} />
      {children}
    </Figure>
  );
});
