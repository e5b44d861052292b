import { trimmed } from '../../experiment/numbers.ts';
import { useDispatch, useShown } from '../page.tsx';

const PACES = [1, 10, 50, Number.POSITIVE_INFINITY];

/** How fast a person watches: a quiet native choice beside the buttons. */
export function Pace() {
  const pace = useShown((s) => s.view.pace);
  const dispatch = useDispatch();
  // A link may ask for any pace between.
  const paces = PACES.includes(pace) ? PACES : [...PACES, pace].sort((a, b) => a - b);
  return (
    <select
      className="pick quiet pace"
      aria-label="Pace in steps a second"
      title="Pace"
      value={String(pace)}
      onChange={(event) => dispatch({ type: 'viewed', changes: { pace: Number(event.target.value) } })}
    >
      {paces.map((value) => (
        <option key={value} value={String(value)}>
          {Number.isFinite(value) ? `${trimmed(value)}/s` : 'max'}
        </option>
      ))}
    </select>
  );
}
