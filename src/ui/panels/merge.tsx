import { shownModule } from '../../state/run/run.ts';
import './merge.css';
import { useEffect } from 'react';
import { count } from '../../experiment/numbers.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { Lowered } from '../../kit/symbols.tsx';
import { shownFrame } from '../../state/select.ts';
import type { MergeAnswer } from '../../state/view.ts';
import { useDispatch, useNow, useShown } from '../page.tsx';
import { BOUNDS, intruderWords, mergedWords, mergeNames, mergeRows, savedWords, smallWords } from '../words/merging.ts';
import { Dialog } from './dialog.tsx';
import { adapterShown, mergeMissing } from './merge-of.ts';

/** W + s·B·A formed once: what rounding does to the layer, in two formats, and what comes back when it is taken apart. */
export function MergePanel() {
  const missing = useShown(mergeMissing);
  const merge = useShown((s) => (s.merge?.run === s.run.number ? s.merge : null));
  const step = useShown((s) => shownFrame(s)?.step ?? null);
  const ask = useAsk();
  // When the panel opens, or when merging becomes possible.
  useEffect(() => {
    if (missing === null) ask();
  }, [missing]);
  return (
    <Dialog title="Merge the adapter" kind="merge">
      {missing !== null && <p>{missing}</p>}
      <div role="status">
        {missing === null && !merge?.answer && <p className="lead">Merging … A large layer takes a few seconds.</p>}
        {merge?.answer && (
          <p className="lead">
            <Lowered>{mergedWords(merge.answer, merge.step)}</Lowered>
          </p>
        )}
      </div>
      {merge?.answer && <Found answer={merge.answer} step={merge.step} />}
      {missing === null && merge?.answer && merge.step !== step && step !== null && (
        <button type="button" className="btn" onClick={ask}>
          Merge the step on screen
        </button>
      )}
    </Dialog>
  );
}

/** Asks the worker to merge what is on screen. */
function useAsk(): () => void {
  const now = useNow();
  const dispatch = useDispatch();
  return () => {
    const adapter = adapterShown(now());
    if (adapter) dispatch({ type: 'merge', adapter });
  };
}

function Found({ answer, step }: { readonly answer: MergeAnswer; readonly step: number }) {
  const sizes = useShown((s) => shownModule(s));
  if (!sizes) return null;
  const names = mergeNames(sizes.moved !== null);
  return (
    <>
      <DataTable
        caption={
          <>
            <Lowered>{names.frozen}</Lowered> + s·B·A at step {count(step)}, {count(sizes.d)} × {count(sizes.k)}, with
            weights stored in each format. Outputs are computed in float32.
          </>
        }
        rows={mergeRows(answer, names)}
        rowClass={({ bound }) => (bound ? 'bound' : undefined)}
        columns={[
          { key: 'what', cell: ({ what }) => <Lowered>{what}</Lowered> },
          { key: 'float32', head: 'float32', cell: ({ float32 }) => float32 },
          { key: 'bfloat16', head: 'bfloat16', cell: ({ bfloat16 }) => bfloat16 },
        ]}
      />
      <p className="note">{BOUNDS}</p>
      <p>{savedWords(sizes)}</p>
      <p>
        <Lowered>{smallWords(answer, names)}</Lowered>
      </p>
      <h3>Intruder dimensions</h3>
      <p role="status">{intruderWords(answer.intruders, sizes.d, sizes.k)}</p>
      <p className="note">
        An intruder is a leading left singular vector whose |cosine| with every left singular vector of W₀ is below 0.5
        (arXiv 2410.21228): a direction that training brought in.
      </p>
    </>
  );
}
