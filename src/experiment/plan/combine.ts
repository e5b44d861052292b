import { initObstacle } from '../settings/availability.ts';
import { decide, isActive, param, withAutoRate } from '../settings/experiment.ts';
import type { ReadResult, SettingsDraft } from '../settings/kinds.ts';
import type { Experiment, ParamKey } from '../settings/params.ts';
import { targets } from '../targets/index.ts';
import { isOwnMatrix } from '../targets/target.ts';

/** A setting that does not go with the others: its value as text, and what would be allowed. */
export interface Misfit {
  readonly key: ParamKey;
  readonly value: string;
  readonly allowed: string;
}

export interface Combination {
  readonly experiment: Experiment;
  /** The first setting that does not fit; then the experiment is none that was asked for. */
  readonly misfit: Misfit | null;
}

/** What a setting is, where it does not follow the live experiment: read or checked, with its text. */
type OwnSetting = (
  key: ParamKey,
  draft: SettingsDraft,
) => { readonly read: ReadResult<unknown>; readonly text: string } | null;

/** As its link is read: an automatic rate left to the page, and at its default what has no effect. */
function asLinked(live: Experiment): Experiment {
  const e = withAutoRate(live);
  return decide((key, draft) => (isActive(key, draft) ? e[key] : param(key).default(draft)));
}

/**
 * The live experiment with some settings of one's own. Nothing is clamped. What sits at its default in the live experiment
 * follows it, and so does an automatic learning rate.
 */
export function combineReadings(live: Experiment, own: OwnSetting): Combination {
  const base = asLinked(live);
  let misfit: Misfit | null = null;
  const experiment = decide((key, draft) => {
    const p = param(key);
    if (key === 'auto') return '';
    const mine = own(key, draft);
    const usual = p.default(draft);
    const value = Object.is(base[key], p.default(base)) ? usual : base[key];
    const { read, text } = mine ?? { read: p.check(value, draft), text: p.write(value) ?? '' };
    if ('value' in read) return read.value;
    if (isActive(key, draft)) misfit ??= { key, value: text, allowed: read.fault };
    return usual;
  });
  return { experiment, misfit };
}

export function combine(live: Experiment, settings: Partial<Experiment>): Combination {
  return combineReadings(live, (key, draft) => {
    if (!Object.hasOwn(settings, key)) return null;
    const value: unknown = settings[key];
    return { read: param(key).check(value, draft), text: String(value) };
  });
}

/** Why an experiment made from a live one cannot be run, as a sentence; null where nothing is known against it. */
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
