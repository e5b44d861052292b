import { type ChangeEvent, type PointerEvent, useEffect, useState } from 'react';
import { hoverAt } from '../../charts/chart.ts';
import { plotOf } from '../../charts/drawing/plot.ts';
import { count, number } from '../../experiment/numbers.ts';
import { usePlot } from '../../kit/chart/use-plot.ts';
import { shownStep } from '../../state/select.ts';
import { wordsRead } from '../figures/raised.ts';
import { runUnder } from '../figures/run-under.ts';
import { useDispatch, useShown } from '../page.tsx';
import { budgetShown, sceneOf } from '../scene-of.ts';

/** Half the width of a native slider's thumb: its middle, not its edge, stands at the value. */
const HALF_THUMB = 6;

type Picture = typeof import('../../charts/timeline/timeline.ts')['timeline'];

/** Loaded with the charts, while the first matrices are made; the slider is there before. */
function usePicture(): Picture | null {
  const [picture, setPicture] = useState<Picture | null>(null);
  useEffect(() => {
    let gone = false;
    void import('../../charts/timeline/timeline.ts').then(({ timeline }) => {
      if (!gone) setPicture(timeline);
    });
    return () => {
      gone = true;
    };
  }, []);
  return picture;
}

const notYet = () => {};

/** The run's error over its steps: a slider that looks back. The picture is the chart's, the slider a native one on top. */
export function Timeline() {
  const scene = useShown((state) => sceneOf(state, 'step'));
  const dispatch = useDispatch();
  const picture = usePicture();
  const { room, svg, size } = usePlot(picture?.draw ?? notYet, scene);
  const compares = scene.others.some(({ pin }) => pin);
  const hover = (event: PointerEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    dispatch({ type: 'hover', hover: hoverAt('step', (size && picture?.locate(scene, size, x)) ?? null) });
    if (compares) dispatch({ type: 'compare', does: 'point', at: runUnder(event) });
  };
  const leave = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    dispatch({ type: 'hover', hover: null });
    if (compares) dispatch({ type: 'compare', does: 'point', at: null });
  };
  const read = picture && wordsRead(picture, scene);
  return (
    <div className="course">
      <div className="title">
        <h2>Error over training</h2>
        <span className="readout" aria-hidden="true">
          {read}
        </span>
      </div>
      <div ref={room} className="timeline" onPointerMove={hover} onPointerLeave={leave}>
        <svg ref={svg} className="chart" aria-hidden="true" />
        {size && <Slider left={plotOf(size).left} right={plotOf(size).right} />}
      </div>
    </div>
  );
}

function Slider({ left, right }: { readonly left: number; readonly right: number }) {
  const step = useShown(shownStep);
  const end = useShown(budgetShown);
  const error = useShown((s) => s.run.trace.series.relativeError?.[shownStep(s)]);
  const ready = useShown((s) => s.run.ready !== null);
  const dispatch = useDispatch();
  const look = (event: ChangeEvent<HTMLInputElement>) => dispatch({ type: 'look', step: Number(event.target.value) });
  const said = `step ${count(step)} of ${count(end)}`;
  return (
    <input
      type="range"
      aria-label="Timeline: look back at an earlier step"
      aria-valuetext={error === undefined ? said : `${said}, relative error ${number(error)}`}
      min={0}
      max={end}
      step={1}
      value={step}
      disabled={!ready}
      onChange={look}
      style={{ left: left - HALF_THUMB, width: right - left + 2 * HALF_THUMB }}
    />
  );
}
