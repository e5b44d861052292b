import type { EffectiveRankKind } from '../../experiment/metric.ts';
import { useDispatch, useShown } from '../page.tsx';

const NAMES: Readonly<Record<EffectiveRankKind, string>> = {
  entropy: 'entropy of σ',
  'entropy-squared': 'entropy of σ²',
  participation: 'participation ratio',
  stable: 'stable rank',
};

/** Which of the quantities that are called effective rank is drawn. */
export function Definition() {
  const definition = useShown((s) => s.definition);
  const dispatch = useDispatch();
  return (
    <select
      className="pick quiet"
      aria-label="Definition of effective rank"
      value={definition}
      onChange={(event) => dispatch({ type: 'define', definition: event.target.value as EffectiveRankKind })}
    >
      {Object.entries(NAMES).map(([kind, name]) => (
        <option key={kind} value={kind}>
          {name}
        </option>
      ))}
    </select>
  );
}
