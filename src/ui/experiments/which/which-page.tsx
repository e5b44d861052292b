import { defaultView } from '../../../experiment/settings/view.ts';
import './which.css';
import { useEffect, useMemo, useState } from 'react';
import { BUDGET_RANKS, budgetOf } from '../../../experiment/methods/which/adapters.ts';
import { SIDE } from '../../../experiment/methods/which/kinds.ts';
import { type MapView, mapViewText, OWN, readMapView, TABLE_SEEDS } from '../../../experiment/methods/which/map.ts';
import { count } from '../../../experiment/numbers.ts';

import { Check, Choice } from '../../../kit/choice.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Subscripts } from '../../../kit/symbols.tsx';
import type { PageEvent } from '../../../state/events.ts';
import { goTo } from '../../../state/places.ts';
import type { State } from '../../../state/state.ts';
import { Notices } from '../../notices/notices.tsx';
import { Press, useDispatch, useGetLab, useLab } from '../../page.tsx';
import type { Entries } from '../../rail/colours.ts';
import { KindBars } from './kind-bars.tsx';
import { cellSentence, cellTitle, doraLine, headLine, OFT_LINE, shiraLine, unsearchedSentence } from './map-words.ts';
import { useOwnUpdate } from './own-update.ts';
import { RowRuns } from './row-runs.tsx';
import { UpdateMap } from './update-map.tsx';
import { cellExperiment, type UpdatePictures, updatePictures, updateRows } from './updates.ts';

const FRAMES = 'Frame: the kind of update an adapter is made for. Bold: best of its row.';

/** Opens the experiment of a cell in the lab, from where *Back to the map* leads here again. */
function openCell(
  view: MapView,
  { experiment: own, drawing }: Pick<State, 'experiment' | 'drawing'>,
): PageEvent | null {
  const experiment = cellExperiment(view, own);
  if (!experiment) return null;
  const shown = { ...defaultView(), which: mapViewText(view) };
  const brought = view.kind === OWN ? drawing : null;
  return { type: 'opened', experiment, view: shown, drawing: brought, notices: [], preset: null };
}

export default function WhichPage() {
  const asked = readMapView(useLab((s) => s.view.which));
  const own = useOwnUpdate(asked);
  // A link may name one's own update where there is none.
  const view = asked.kind === OWN && !own ? { ...asked, kind: readMapView('').kind } : asked;
  const { rank, places } = view;
  const rows = useMemo(() => updateRows({ rank, places }, own), [rank, places, own]);
  const row = rows.find(({ name }) => name === view.kind);
  const error = row?.errors[view.adapter] ?? null;
  const phone = useWidth() === 'phone';
  const presented = useLab((s) => s.view.view === 'present');
  const dispatch = useDispatch();
  const now = useGetLab();
  const pictures = useUpdatePictures(own?.entries ?? null);
  const show = (changes: Partial<MapView>) =>
    dispatch({ type: 'viewed', changes: { which: mapViewText({ ...view, ...changes }) } });
  const opens = openCell(view, now());
  const Shown = phone ? KindBars : UpdateMap;
  return (
    <main id="main" tabIndex={-1} className="which-page">
      <Notices />
      {presented && <h1 className="unseen">LoRA Explorer</h1>}
      <p className="claim">
        <Subscripts>{headLine(view)}</Subscripts>
      </p>
      <div className="which-columns">
        <Shown view={view} rows={rows} pictures={pictures} onShow={show} onOpen={() => opens && dispatch(opens)} />
        <aside aria-label="The chosen cell">
          <h2 aria-live="polite">
            <Subscripts>{cellTitle(view, error)}</Subscripts>
          </h2>
          {!phone && !presented && (
            <p className="read">
              <b>Read a row:</b> this is the change that your task needs; how close can each adapter get?{' '}
              <b>Read a column:</b> this is all that it can write.
            </p>
          )}
          <p className="read">
            <Subscripts>
              {row?.without.includes(view.adapter)
                ? unsearchedSentence(view)
                : cellSentence(view, error, own && view.kind === OWN ? own : undefined)}
            </Subscripts>
          </p>
          {view.adapter === 'shira' && <p className="read">{shiraLine(view)}</p>}
          {view.adapter === 'dora' && (
            <p className="read">{doraLine(view, view.kind === OWN ? (own ?? undefined) : undefined)}</p>
          )}
          {view.adapter === 'oft' && <p className="note">{OFT_LINE}</p>}
          {opens && !presented && (
            <p className="row">
              <Press className="btn main" event={opens}>
                Open in the lab
              </Press>
            </p>
          )}
          <p className="note">
            Number: the lowest relative error that any training can reach; * the lowest found from several starts,
            training may pass it. Median of {TABLE_SEEDS} seeds, {SIDE} × {SIDE}.
            {own && ' Your own update: at its seed.'} {phone ? 'Bold: the best.' : FRAMES}
          </p>
          {!presented && (
            <>
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
            </>
          )}
          {presented && (
            <Press className="btn exit" aria-keyshortcuts="Escape" event={goTo('which')}>
              Exit <kbd>Esc</kbd>
            </Press>
          )}
        </aside>
      </div>
      {row && !presented && <RowRuns view={view} label={row.label} floors={row.floors} onShow={show} />}
    </main>
  );
}

/** ΔW* of each kind, made once the map is on screen, and of one's own update. */
function useUpdatePictures(own: Entries | null): UpdatePictures {
  const [pictures, setPictures] = useState<UpdatePictures>(new Map());
  useEffect(() => {
    const timer = setTimeout(() => setPictures(updatePictures()));
    return () => clearTimeout(timer);
  }, []);
  return useMemo(() => (own ? new Map([...pictures, [OWN, own]]) : pictures), [pictures, own]);
}
