import { memo, type PointerEvent, type SyntheticEvent } from 'react';
import { hoverAt, type RunChart, type Scene } from '../../charts/chart.ts';
import { ReadPlot } from '../../kit/figure.tsx';
import { useDispatch } from '../page.tsx';
import { runAtPointer } from './run-at-pointer.ts';

interface ChartPictureProps {
  readonly chart: RunChart;
  readonly scene: Scene;
}

/** A chart whose cursor follows pointer and arrow keys, together with that of its column. */
export const ChartPicture = memo(function ChartPicture({ chart, scene }: ChartPictureProps) {
  const compares = scene.others.some(({ pin }) => pin);
  const dispatch = useDispatch();
  const read = (at: number | null, event: SyntheticEvent<HTMLElement>) => {
    dispatch({ type: 'hover', hover: hoverAt(chart.axis, at) });
    if (!compares || event.type === 'keydown') return;
    const points = event.type === 'pointermove' || event.type === 'pointerdown';
    dispatch({ type: 'compare', does: 'point', at: points ? runAtPointer(event as PointerEvent<HTMLElement>) : null });
  };
  return <ReadPlot chart={chart} scene={scene} onRead={read} />;
});
