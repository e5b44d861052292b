import { initObstacle } from '../settings/availability.ts';
import { isNetwork } from '../settings/bounds.ts';
import { autoOf, decide, followsDefault, hasAutoAlpha, isActive, param, withAutoRate } from '../settings/experiment.ts';
import type { ReadResult, SettingsDraft } from '../settings/kinds.ts';
import type { Experiment, ParamKey } from '../settings/params.ts';
import { targets } from '../targets/index.ts';
import { isOwnMatrix } from '../targets/target.ts';

/** A setting that does not fit the others: its value as text, and the allowed values. */
export interface Misfit {
  readonly key: ParamKey;
  readonly value: string;
  readonly allowed: string;
}

export interface Combination {
  readonly experiment: Experiment;
  readonly misfit: Misfit | null;
}

/** A setting that does not follow the live experiment, read or checked, with its text. */
type OwnSetting = (
  key: ParamKey,
  draft: SettingsDraft,
) => { readonly read: ReadResult<unknown>; readonly text: string } | null;

/** The live experiment in link form: an automatic rate left to the page, settings without effect at their default. */
function asLinked(live: Experiment): Experiment {
  const e = withAutoRate(live);
  return decide((key, draft) => (isActive(key, draft) ? e[key] : param(key).default(draft)));
}

/** The live experiment with some changed settings, not clamped; settings at their default follow it. */
export function combineReadings(live: Experiment, own: OwnSetting): Combination {
  const base = asLinked(live);
  let misfit: Misfit | null = null;
  let follows = followsDefault('alpha', base);
  const experiment = decide((key, draft) => {
    const p = param(key);
    const mine = own(key, draft);
    if (key === 'alpha') follows = isAutoAlpha(own('auto', draft)) || (follows && !mine);
    if (key === 'auto') return autoOf(false, follows && isNetwork(draft));
    const usual = p.default(draft);
    const value = (key === 'alpha' ? follows : followsDefault(key, base)) ? usual : base[key];
    const { read, text } = mine ?? { read: p.check(value, draft), text: p.write(value) ?? '' };
    if ('value' in read) return read.value;
    if (isActive(key, draft)) misfit ??= { key, value: text, allowed: read.fault };
    return usual;
  });
  return { experiment, misfit };
}

const isAutoAlpha = (own: ReturnType<OwnSetting>) =>
  own !== null && 'value' in own.read && hasAutoAlpha({ auto: String(own.read.value) });

export function combine(live: Experiment, settings: Partial<Experiment>): Combination {
  return combineReadings(live, (key, draft) => {
    if (!Object.hasOwn(settings, key)) return null;
    const value: unknown = settings[key];
    return { read: param(key).check(value, draft), text: String(value) };
  });
}

/** A sentence if an experiment made from a live one cannot run, else null. */
export function obstacle({ experiment, misfit }: Combination, live: Experiment): string | null {
  if (misfit) return misfitText(misfit);
  const own = isOwnMatrix(targets.byName(experiment.target));
  if (own && experiment.data === '') return 'This target needs a matrix, and the experiment has none.';
  if (own && (experiment.d !== live.d || experiment.k !== live.k)) return 'The matrix itself decides d and k.';
  return initObstacle(experiment.init, experiment);
}

function misfitText({ key, value, allowed }: Misfit): string {
  if (key === 'data') return 'What is drawn or pasted does not fit this target.';
  return `${param(key).label} ${value} is not possible here: it must be ${allowed}.`;
}
