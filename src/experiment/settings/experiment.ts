import { isNetwork } from './bounds.ts';
import type { ControlWords, Kind, Numeric, SettingsDraft } from './kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey, SETTINGS } from './params.ts';

/** The table's entry without its value's type: for code that treats all parameters alike. */
export function param(key: ParamKey): Kind<unknown> & ControlWords {
  return SETTINGS[key] as unknown as Kind<unknown> & ControlWords;
}

export function isParamKey(key: string): key is ParamKey {
  return Object.hasOwn(SETTINGS, key);
}

/** Decides every parameter in table order; `pick` sees what has been decided so far. */
export function decide(pick: (key: ParamKey, draft: SettingsDraft) => unknown): Experiment {
  const draft: Record<string, unknown> = {};
  for (const key of PARAM_KEYS) {
    // A bound only looks at entries above it, which are decided: the cast holds where it is read.
    draft[key] = pick(key, draft as unknown as SettingsDraft);
  }
  return draft as unknown as Experiment;
}

export function defaults(): Experiment {
  return decide((key, draft) => param(key).default(draft));
}

export function isActive(key: ParamKey, e: SettingsDraft): boolean {
  return param(key).active?.(e) ?? true;
}

const UNSET: { readonly [K in ParamKey]?: string } = { align: 'independent', clip: 'no limit' };

/** What it is called that an optional number is left out. */
export const unsetText = (key: ParamKey): string => UNSET[key] ?? 'automatic';

export type AutoKey = 'lr' | 'alpha';

/** Whether `auto` of a link lists a key. */
export const isAuto = (key: AutoKey, auto: string) => auto.split(',').includes(key);

export const autoOf = (lr: boolean, alpha: boolean): string => [lr && 'lr', alpha && 'alpha'].filter(Boolean).join();

/** Whether the learning rate is left to the page: derived now, or for the link that was opened. */
export function isAutomatic({ lr, auto }: Experiment): boolean {
  return lr === null || isAuto('lr', auto);
}

/** The experiment with an automatic rate that follows its settings, if a link held its number. */
export function withAutoRate(e: Experiment): Experiment {
  return isAuto('lr', e.auto) ? { ...e, lr: null, auto: autoOf(false, hasAutoAlpha(e)) } : e;
}

/** Whether α of a network is left to the page: it follows the rank. */
export const hasAutoAlpha = (e: Pick<Experiment, 'auto'>): boolean => isAuto('alpha', e.auto);

/** Whether α changes with other settings: that of a network if it is automatic, of a matrix if it is at its default. */
export const followsDefault = (key: ParamKey, e: Experiment): boolean =>
  key === 'alpha' && isNetwork(e) ? hasAutoAlpha(e) : Object.is(e[key], param(key).default(e));

/**
 * The experiment after the user moved a control. Here, and only here, values are clamped. Settings at their default
 * follow.
 */
export function change(before: Experiment, changes: Partial<Experiment>): Experiment {
  const e = withAutoRate(before);
  const own = changes.alpha !== undefined;
  const follows =
    changes.auto === undefined ? !own && followsDefault('alpha', e) : hasAutoAlpha({ auto: String(changes.auto) });
  const after = decide((key, draft) => {
    const p = param(key);
    const wanted = Object.hasOwn(changes, key) ? changes[key] : undefined;
    if (key === 'auto') return autoOf(false, follows && isNetwork(draft));
    if (wanted === undefined && (key === 'alpha' ? follows : followsDefault(key, e))) return p.default(draft);
    const value = wanted === undefined ? e[key] : wanted;
    const checked = p.check(value, draft);
    if ('value' in checked) return checked.value;
    return isNumeric(p) && typeof value === 'number' && !Number.isNaN(value)
      ? clamp(p, value, draft)
      : fallback(p, e, key, draft);
  });
  const set = Object.hasOwn(changes, 'lr') || !areSame(e, after);
  return set ? after : before;
}

/** A value that cannot be clamped leaves the setting as it was, or at its default if that no longer fits. */
function fallback(p: Kind<unknown>, e: Experiment, key: ParamKey, draft: SettingsDraft): unknown {
  const kept = p.check(e[key], draft);
  return 'value' in kept ? kept.value : p.default(draft);
}

function clamp(p: Numeric<unknown>, value: number, draft: SettingsDraft): number {
  const whole = p.kind === 'integer' ? Math.round(value) : value;
  return Math.min(p.max(draft), Math.max(p.min(draft), whole));
}

export function isNumeric(p: Kind<unknown>): p is Numeric<unknown> {
  return p.kind === 'integer' || p.kind === 'number';
}

/** The settings whose values differ; `auto`, which says where values come from, is none. */
export function diffKeys(a: Experiment, b: Experiment): ParamKey[] {
  return PARAM_KEYS.filter((key) => key !== 'auto' && !Object.is(a[key], b[key]));
}

export const areSame = (a: Experiment, b: Experiment): boolean => a.auto === b.auto && diffKeys(a, b).length === 0;
