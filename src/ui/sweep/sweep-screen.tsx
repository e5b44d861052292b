import './sweep.css';
import { cellFigures } from '../../charts/sweep/cell-words.ts';
import { cellName, MEASURES, type Measure, type SweepScene } from '../../charts/sweep/cells.ts';
import { mapHelp, mapStretch } from '../../charts/sweep/map.ts';
import { sweepSentence } from '../../charts/sweep/sentence.ts';
import { number } from '../../experiment/numbers.ts';
import { useDispatch, useShown } from '../page.tsx';
import { HeatMap } from './heat-map.tsx';
import { PlanRail } from './plan-rail.tsx';
import { RunRow } from './run-row.tsx';
import { measuresOf } from './sweep-scene.ts';
import { useOpenCell } from './use-open-cell.ts';
import { useSweepScene } from './use-sweep.ts';

/** One, two or three settings over lists of values and several seeds, as one picture. */
export default function SweepScreen() {
  const scene = useSweepScene();
  return (
    <div className="lab sweep">
      <PlanRail />
      <main id="main" tabIndex={-1}>
        <p className="claim">{sweepSentence(scene)}</p>
        {scene.axes.length > 0 && <Head scene={scene} />}
        {scene.axes.length > 0 && <HeatMap scene={scene} />}
        <RunRow />
      </main>
    </div>
  );
}

/** Measure, seeds, colour key, and what is read of the cell that is pointed at. */
function Head({ scene }: { readonly scene: SweepScene }) {
  const dispatch = useDispatch();
  return (
    <div className="hh">
      <h2>
        <select
          className="pick quiet measure"
          aria-label="Measure"
          value={scene.measure}
          onChange={(event) =>
            dispatch({ type: 'sweep', sweep: { does: 'measure', measure: event.currentTarget.value as Measure } })
          }
        >
          {measuresOf(scene.samples).map((measure) => (
            <option key={measure} value={measure}>
              {MEASURES[measure]}
            </option>
          ))}
        </select>
      </h2>
      <span className="key">{mapHelp(scene)}</span>
      <ColourKey scene={scene} />
      <span className="sp" />
      <ReadOut scene={scene} />
    </div>
  );
}

function ColourKey({ scene }: { readonly scene: SweepScene }) {
  const stretch = mapStretch(scene);
  const some = (status: string) => scene.cells.some(({ runs }) => runs.some((run) => run?.status === status));
  const write = (value: number) => (scene.measure === 'steps' ? String(Math.round(value)) : number(value, 2));
  return (
    <span className="key">
      {stretch && (
        <>
          {write(stretch.best)} <span className="ramp" /> {write(stretch.worst)}
        </>
      )}
      {some('diverged') && (
        <>
          {' '}
          <span className="bad-word">▲</span> diverged
        </>
      )}
      {scene.cells.some(({ why }) => why !== null) && (
        <>
          {' '}
          <span className="hatched" /> impossible
        </>
      )}
      {stretch && (
        <>
          {' '}
          <span className="framed" /> best of its row
        </>
      )}
    </span>
  );
}

function ReadOut({ scene }: { readonly scene: SweepScene }) {
  const open = useOpenCell();
  const coarse = useShown((s) => s.sweep.at !== null);
  const { pointed } = scene;
  if (!pointed || !coarse) return null;
  return (
    <span className="readout">
      {cellName(scene, pointed.at)}: {cellFigures(scene, pointed)}{' '}
      {pointed.why === null && (
        <button type="button" className="link open" onClick={() => open(pointed.at)}>
          Open in the lab
        </button>
      )}
    </span>
  );
}
