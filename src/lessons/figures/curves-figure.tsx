import './figures.css';
import { memo, type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { type CurvesScene, curvesWords, drawCurves } from '../../charts/curves/curves.ts';
import { useSize } from '../../ui/figures/chart-picture.tsx';

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
  const room = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const named = useId();
  const measured = useSize(room);
  const { width = 0, height = 0, font = 0, short = false } = measured ?? {};
  useLayoutEffect(() => {
    if (svg.current && width > 0) drawCurves(svg.current, scene, { width, height, font, short });
  }, [scene, width, height, font, short]);
  return (
    <figure aria-labelledby={named}>
      <figcaption>
        <div className="title">
          <h2 id={named}>{title}</h2>
        </div>
        <p className="help">{help}</p>
      </figcaption>
      <div ref={room} className="plot">
        <svg ref={svg} className="chart" aria-hidden="true" />
        <p className="unseen">{curvesWords(scene)}</p>
      </div>
      {children}
    </figure>
  );
});
