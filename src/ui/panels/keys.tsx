import { KEYS } from '../keys/list.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Dialog } from './dialog.tsx';

/** The list of keys, and the switch that turns them off. */
export function KeysPanel() {
  const on = useShown((s) => s.shortcuts);
  const dispatch = useDispatch();
  return (
    <Dialog title="Keys" kind="keys">
      <label className="check">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => dispatch({ type: 'shortcuts', on: event.currentTarget.checked })}
        />{' '}
        Keys act on the page
      </label>
      <table>
        <caption className="unseen">What each key does</caption>
        <tbody>
          {KEYS.map(({ shown, does }) => (
            <tr key={does}>
              <th scope="row">
                {shown.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="note">
        None of them acts while you type. A slider, chart or matrix that has the focus keeps the arrows for itself; on
        the timeline they move by single steps, with shift as in the list. Undo and redo act even where keys are turned
        off.
      </p>
    </Dialog>
  );
}
