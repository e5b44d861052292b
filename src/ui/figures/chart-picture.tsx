import { type KeyboardEvent, memo, type PointerEvent, useId, useLayoutEffect, useMemo, useRef } from 'react';
import type { Chart } from '../../charts/chart.ts';
import type { Scene } from '../../charts/scene.ts';
import { useDispatch } from '../page.tsx';
import { useSize } from './measure.ts';
import { walk } from './walk.ts';

/** The picture of a chart, drawn by the chart itself; pointer and arrow keys move the cursor of its column. */
export const ChartPicture = memo(function ChartPicture({
  chart,
  scene,
}: {
  readonly chart: Chart;
  readonly scene: Scene;
}) {
  const room = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const description = useId();
  const dispatch = useDispatch();
  const measured = useSize(room);
  const { width = 0, height = 0, font = 0, short = false } = measured ?? {};
  const size = useMemo(() => ({ width, height, font, short }), [width, height, font, short]);

  useLayoutEffect(() => {
    if (svg.current && size.width > 0) chart.draw(svg.current, scene, size);
  }, [chart, scene, size]);

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    dispatch({ type: 'hover', hover: chart.locate(scene, size, x) });
  };
  const leave = () => dispatch({ type: 'hover', hover: null });
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const hover = walk(scene, chart.axis, event.key, event.shiftKey);
    if (hover === undefined) return;
    dispatch({ type: 'hover', hover });
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture that arrow keys walk through; no element is that
    <div
      ref={room}
      className="plot"
      role="group"
      aria-label={`${chart.title}: arrow keys read its values`}
      aria-describedby={description}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      data-arrows=""
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={leave}
      onKeyDown={press}
      onBlur={leave}
    >
      <svg ref={svg} className="chart" data-chart={chart.name} aria-hidden="true" />
      <p id={description} className="unseen">
        {chart.describe(scene)}
      </p>
    </div>
  );
});
