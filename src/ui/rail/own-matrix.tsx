import { isMatrixData } from '../../experiment/settings/data-kind.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { isOwnMatrix } from '../../experiment/targets/target.ts';
import type { PageEvent } from '../../state/events.ts';
import type { State } from '../../state/state.ts';
import { useVisible } from '../controls/visible.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Typeset } from '../symbols.tsx';
import { sizeText } from './size.ts';

const BRING: PageEvent = { type: 'panel', panel: { name: 'matrix', read: null } };

/** What a click on a target's tile does: one's own matrix is the last that was brought, or is asked for. */
export function chosen(target: Experiment['target'], { drawings, experiment }: State): PageEvent {
  if (!isOwnMatrix(targets.byName(target))) return { type: 'changed', changes: { target } };
  const last = [...drawings].findLast(([data]) => isMatrixData(data));
  if (!last || experiment.target === target) return BRING;
  const [data, { rows: d, cols: k }] = last;
  return { type: 'changed', changes: { target, data, d, k } };
}

/** The matrix that is the target, in words, another one, and whether it is scaled. */
export function OwnMatrix() {
  const [data, normalise] = [useVisible('data'), useVisible('normalise')];
  const size = useShown((s) => sizeText(s.experiment));
  const scaled = useShown((s) => s.experiment.normalise);
  const dispatch = useDispatch();
  const { label, help } = param('normalise');
  return (
    <div className="group own">
      {data && (
        <div className="row" data-param="data">
          <span className="grow">Your matrix, {size}</span>
          <button type="button" className="btn" onClick={() => dispatch(BRING)}>
            Another
          </button>
        </div>
      )}
      {normalise && (
        <label className="check" title={help} data-param="normalise">
          <input
            type="checkbox"
            checked={scaled}
            onChange={() => dispatch({ type: 'changed', changes: { normalise: !scaled } })}
          />
          <span>
            <Typeset>{label}</Typeset>
          </span>
        </label>
      )}
    </div>
  );
}
