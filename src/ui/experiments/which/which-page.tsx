import './which.css';
import { useEffect, useState } from 'react';
import { BUDGET_RANKS, budgetOf } from '../../../experiment/methods/which/adapters.ts';
import { type KindName, SIDE } from '../../../experiment/methods/which/kinds.ts';
import { type MapView, mapViewText, readMapView, TABLE_SEEDS } from '../../../experiment/methods/which/map.ts';
import { count } from '../../../experiment/numbers.ts';
import { defaultView } from '../../../experiment/settings/experiment.ts';
import { Check, Choice } from '../../../kit/choice.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Subscripts } from '../../../kit/symbols.tsx';
import type { PageEvent } from '../../../state/events.ts';
import { Notices } from '../../notices/notices.tsx';
import { Press, useDispatch, useLab } from '../../page.tsx';
import { KindBars } from './kind-bars.tsx';
import { cellSentence, cellTitle, headLine, shiraLine } from './map-words.ts';
import { UpdateMap } from './update-map.tsx';
import { cellExperiment, type UpdatePictures, updatePictures } from './updates.ts';

/** Opens the experiment of a cell in the lab, from where *Back to the map* leads here again. */
function openCell(view: MapView): PageEvent | null {
  const experiment = cellExperiment(view);
  if (!experiment) return null;
  const shown = { ...defaultView(), which: mapViewText(view) };
  return { type: 'opened', experiment, view: shown, drawing: null, notices: [], preset: null };
}

export default function WhichPage() {
  const view = readMapView(useLab((s) => s.view.which));
  const phone = useWidth() === 'phone';
  const dispatch = useDispatch();
  const pictures = useUpdatePictures();
  const show = (changes: Partial<MapView>) =>
    dispatch({ type: 'viewed', changes: { which: mapViewText({ ...view, ...changes }) } });
  const opens = openCell(view);
  const Shown = phone ? KindBars : UpdateMap;
  return (
    <main id="main" tabIndex={-1} className="which-page">
      <Notices />
      <p className="claim">
        <Subscripts>{headLine(view)}</Subscripts>
      </p>
      <div className="which-columns">
        <Shown view={view} pictures={pictures} onShow={show} onOpen={() => opens && dispatch(opens)} />
        <aside aria-label="The chosen cell">
          <h2 aria-live="polite">
            <Subscripts>{cellTitle(view)}</Subscripts>
          </h2>
          {!phone && (
            <p className="read">
              <b>Read a row:</b> this is the change that your task needs; how close can each adapter get?{' '}
              <b>Read a column:</b> this is all that it can write.
            </p>
          )}
          <p className="read">
            <Subscripts>{cellSentence(view)}</Subscripts>
          </p>
          {view.adapter === 'shira' && <p className="read">{shiraLine(view)}</p>}
          {opens && (
            <p className="row">
              <Press className="btn main" event={opens}>
                Open in the lab
              </Press>
            </p>
          )}
          <p className="note">
            Number: the lowest relative error that any training can reach; * the lowest found from several starts,
            training may pass it. Median of {TABLE_SEEDS} seeds, {SIDE} × {SIDE}. Frame: the kind of update an adapter
            is made for. Bold: best of its row.
          </p>
          <Check checked={view.places} onChange={(places) => show({ places })}>
            Count SHiRA’s places too: {count(budgetOf(view.rank, SIDE, SIDE) / 2)} entries
          </Check>
          <div className="ctl">
            <div className="hd">
              <span>Trained parameters</span>
            </div>
            <Choice
              aria-label="Trained parameters"
              options={BUDGET_RANKS.map((rank) => [rank, count(budgetOf(rank, SIDE, SIDE))] as const)}
              value={view.rank}
              onChange={(rank) => show({ rank })}
            />
          </div>
        </aside>
      </div>
    </main>
  );
}

/** ΔW* of each kind, made once the map is on screen; until then none. */
function useUpdatePictures(): UpdatePictures {
  const [pictures, setPictures] = useState<UpdatePictures>(new Map<KindName, never>());
  useEffect(() => {
    const timer = setTimeout(() => setPictures(updatePictures()));
    return () => clearTimeout(timer);
  }, []);
  return pictures;
}
