import type { LinkFault } from '../link/link.ts';
import {
  autoOf,
  change,
  hasAutoAlpha,
  isActive,
  isAuto,
  isParamKey,
  param,
  withAutoRate,
} from '../settings/experiment.ts';
import { plainText, type ReadResult, type SettingsDraft } from '../settings/kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../settings/params.ts';
import { combine, combineReadings, obstacle } from './combine.ts';
import { escapeValue, partFault, pieces, splitKey, unescapeValue } from './parts.ts';

/** A pinned run: its name, and its own settings; in all others it follows the live one. */
export interface Pin {
  readonly name: string | null;
  /** `lr: null` is an automatic rate if the live one is fixed, `auto: 'alpha'` an automatic α. */
  readonly settings: Partial<Experiment>;
}

const MOST_PINS = 4;
const LONGEST_NAME = 40;
const NAME = plainText(LONGEST_NAME);
const LEFT = 'this pin is left out.';

/** The experiment of a pin for this live one; if it has become impossible, the nearest possible one. */
export function experimentOf({ settings }: Pin, live: Experiment): Experiment {
  const { experiment, misfit } = combine(live, settings);
  return misfit ? change(live, settings) : experiment;
}

/** A pin with this experiment: the fewest own settings relative to this live one. */
export function pinOf(e: Experiment, live: Experiment, name: string | null = null): Pin {
  const wanted = withAutoRate(e);
  const settings: Partial<Record<ParamKey, unknown>> = {};
  // In table order: each choice decides what later settings follow.
  for (const key of PARAM_KEYS) {
    const { experiment, misfit } = combine(live, settings as Partial<Experiment>);
    const other = misfit?.key === key || !Object.is(experiment[key], wanted[key]);
    const follows = key === 'alpha' && hasAutoAlpha(wanted) && Object.is(wanted.alpha, param('alpha').default(wanted));
    if (key === 'auto' || !isActive(key, wanted)) continue;
    if (follows && (other || !hasAutoAlpha(experiment))) settings.auto = 'alpha';
    else if (other || (key === 'alpha' && hasAutoAlpha(experiment) && !follows)) settings[key] = wanted[key];
  }
  return { name, settings: settings as Partial<Experiment> };
}

/** Pins as a link holds them: "init:pissa;rank:2,name:small". A pin with another matrix or drawing is left out. */
export function writePins(pins: readonly Pin[], live: Experiment): string {
  return pins
    .slice(0, MOST_PINS)
    .flatMap((pin) => {
      const experiment = experimentOf(pin, live);
      const { settings } = pinOf(experiment, live);
      if (Object.hasOwn(settings, 'data')) return [];
      const auto = autoOf(settings.lr === null, settings.auto !== undefined);
      const own = { ...settings, auto: auto === '' ? undefined : auto };
      const written = PARAM_KEYS.flatMap((key) =>
        own[key] === undefined || (key === 'lr' && own.lr === null) ? [] : [pair(key, own[key])],
      );
      const named = pin.name === null ? [] : [`name:${escapeValue(pin.name)}`];
      const all = [...written, ...named];
      // The live run itself needs at least one setting.
      return [(all.length > 0 ? all : [pair('seed', experiment.seed)]).join(',')];
    })
    .join(';');
}

function pair(key: ParamKey, value: unknown): string {
  if (typeof value === 'boolean') return `${key}:${Number(value)}`;
  return `${key}:${escapeValue(param(key).write(value) ?? '')}`;
}

/** Reads `compare` of a link. It is hostile until checked: a pin with a fault is left out, with the reason. */
export function readPins(text: string, live: Experiment): { pins: readonly Pin[]; faults: readonly LinkFault[] } {
  const faults: LinkFault[] = [];
  const parts = pieces(text, ';');
  if (parts.length > MOST_PINS)
    faults.push(partFault('compare', `${parts.length} pins`, `at most ${MOST_PINS}; the first ${MOST_PINS} count.`));
  const pins = parts.slice(0, MOST_PINS).flatMap((part) => readPin(part, live, faults) ?? []);
  return { pins, faults };
}

function readPin(part: string, live: Experiment, faults: LinkFault[]): Pin | null {
  const out = (piece: string, said: string) => {
    faults.push(partFault('compare', piece, `${said}; ${LEFT}`));
    return null;
  };
  const given = new Map<string, string>();
  for (const piece of pieces(part, ',')) {
    const [key, rest] = splitKey(piece);
    const value = rest === null ? null : unescapeValue(rest);
    if (value === null) return out(piece, 'must be key:value, such as rank:4');
    if (key === 'data') return out(key, 'cannot be part of a pin');
    if (key !== 'name' && !isParamKey(key)) return out(piece, 'unknown setting');
    if (given.has(key)) return out(piece, `${key} is given more than once`);
    given.set(key, value);
  }
  if (given.size === 0) return out(part, 'must be key:value, such as rank:4');
  const automatic = given.get('auto') ?? '';
  const isAutomatic = { lr: isAuto('lr', automatic), alpha: isAuto('alpha', automatic) };
  const name = given.get('name') ?? null;
  if (name !== null && !NAME.test(name))
    return out(`name:${name}`, `must be a text of at most ${LONGEST_NAME} characters`);
  const made = combineReadings(live, (key, draft) => {
    if (key === 'lr' && isAutomatic.lr) return { read: { value: null }, text: 'auto' };
    const value = key === 'alpha' && isAutomatic.alpha ? undefined : given.get(key);
    return value === undefined ? null : { read: readOwn(key, value, draft), text: value };
  });
  const { experiment, misfit } = made;
  if (misfit && !given.has(misfit.key))
    return out(part, `${misfit.key}=${misfit.value} of this link does not fit it, it must be ${misfit.allowed}`);
  if (misfit) return out(`${misfit.key}:${misfit.value}`, `must be ${misfit.allowed}`);
  const why = obstacle(made, live);
  if (why !== null) return out(part, why.replace(/\.$/, ''));
  const auto = param('auto').read(automatic, experiment);
  if (given.has('auto') && 'fault' in auto) return out(`auto:${automatic}`, `must be ${auto.fault}`);
  const settings: Partial<Record<ParamKey, unknown>> = isAutomatic.alpha ? { auto: 'alpha' } : {};
  for (const key of PARAM_KEYS) {
    const own = key === 'lr' || key === 'alpha' ? given.has(key) || isAutomatic[key] : given.has(key);
    if (!own || key === 'auto' || (key === 'alpha' && isAutomatic.alpha)) continue;
    if (isActive(key, experiment)) settings[key] = experiment[key];
    else faults.push(partFault('compare', `${key}:${given.get(key)}`, 'has no effect on this pin, ignored.'));
  }
  return { name, settings: settings as Partial<Experiment> };
}

/** Like a link; an empty value of an optional number means left out. */
function readOwn(key: ParamKey, value: string, draft: SettingsDraft): ReadResult<unknown> {
  const p = param(key);
  if ('special' in p && p.special === 'null' && value === '') return { value: null };
  return p.read(value, draft);
}
