import { lockedKeysOf } from '../../experiment/settings/exercise.ts';
import { isAutomatic, param } from '../../experiment/settings/experiment.ts';
import type { Group } from '../../experiment/settings/kinds.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { Symbols } from '../../kit/symbols.tsx';
import { valueText } from '../controls/numeric.tsx';
import { useLab } from '../page.tsx';

/** A setting as its control shows it: "16", "Kaiming", "automatic". */
export function valueWords(of: ParamKey, e: Experiment): string {
  return of === 'lr' && isAutomatic(e) ? 'automatic' : valueText(of, e[of]);
}

interface LockedSettingsProps {
  /** A group of the rail; default: all. */
  readonly group?: Group;
  readonly only?: ParamKey;
}

export default function LockedSettings({ group, only }: LockedSettingsProps) {
  const e = useLab((s) => s.experiment);
  const view = useLab((s) => s.view);
  const keys = lockedKeysOf(e, view).filter(
    (key) => (group === undefined || param(key).group === group) && (only === undefined || key === only),
  );
  return keys.map((key) => (
    <p key={key} className="locked" data-param={key}>
      <b>
        <Symbols>{param(key).label}</Symbols>
      </b>
      <span>{valueWords(key, e)}, locked</span>
    </p>
  ));
}
