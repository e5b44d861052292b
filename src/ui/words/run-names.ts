import { inits } from '../../experiment/inits/index.ts';
import { shortName } from '../../experiment/inits/init.ts';
import { cached } from '../../experiment/layer/cached.ts';
import { methods } from '../../experiment/methods/index.ts';
import { allDigits, count, display, plural } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { besideLora, frozenFactorOf, isQuantised } from '../../experiment/settings/bounds.ts';
import {
  diffKeys,
  isActive,
  isAutomatic,
  param,
  unsetText,
  withAutoRate,
} from '../../experiment/settings/experiment.ts';
import { GROUPS } from '../../experiment/settings/kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey, SETTINGS } from '../../experiment/settings/params.ts';
import { rateText, SCALINGS } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { Compare, PinnedRun } from '../../state/compare/compare.ts';
import type { State } from '../../state/state.ts';

/** A setting in few words: "PiSSA", or name and value as in "r = 2" and "rate 0.5". */
type SettingWords = readonly [words: string] | readonly [name: string, between: ' ' | ' = ', value: string];

const WORDS: { readonly [key in ParamKey]?: (e: Experiment) => SettingWords } = {
  target: ({ target }) => [targets.byName(target).label],
  data: () => ['other data'],
  method: ({ method }) => [SETTINGS.method.names[method]],
  rank: ({ rank }) => ['r', ' = ', count(rank)],
  alpha: ({ alpha }) => ['α', ' = ', display(alpha)],
  scaling: ({ scaling }) => ['s', ' = ', SCALINGS[scaling]],
  train: ({ train }) => [train === 'both' ? 'both factors' : SETTINGS.train.names[train]],
  quant: ({ quant }) => [SETTINGS.quant.names[quant]],
  init: ({ init }) => [shortName(inits.byName(init))],
  opt: ({ opt }) => [optimisers.byName(opt).label],
  lr: (e) => (isAutomatic(e) || e.lr === null ? ['automatic rate'] : ['rate', ' ', rateText(e.lr)]),
  ratio: ({ ratio }) => ['λ', ' = ', display(ratio)],
  seed: ({ seed }) => ['seed', ' ', String(seed)],
  steps: ({ steps }) => [plural(steps, 'step')],
};

function partsOf(key: ParamKey, e: Experiment): SettingWords {
  const known = WORDS[key]?.(e);
  if (known !== undefined) return known;
  const [{ label }, value] = [param(key), e[key]];
  const name = label.charAt(0).toLowerCase() + label.slice(1);
  if (typeof value === 'boolean') return [value ? name : `no ${name}`];
  return [name, ' ', typeof value === 'number' ? allDigits(value) : value === null ? unsetText(key) : value];
}

export const settingWords = (key: ParamKey, e: Experiment): string => partsOf(key, e).join('');

const RAIL = PARAM_KEYS.map((key, i) => ({ key, place: GROUPS.indexOf(param(key).group) * PARAM_KEYS.length + i }))
  .sort((a, b) => a.place - b.place)
  .map(({ key }) => key);

/** The settings in which two runs differ, in the order of the rail, without those that have no effect in either. */
export function differences(a: Experiment, b: Experiment): ParamKey[] {
  const keys = diffKeys(withAutoRate(a), withAutoRate(b));
  return RAIL.filter((key) => keys.includes(key) && key !== 'auto' && (isActive(key, a) || isActive(key, b)));
}

/** Longer names are not read. */
const MOST_KEYS = 2;

/**
 * The settings in a run's name, in the order of the rail: of its differences from the run on screen those that the
 * fewest other runs share, and more if the name would not be unique.
 */
export function nameKeys(e: Experiment, live: Experiment, others: readonly Experiment[] = []): readonly ParamKey[] {
  const keys = differences(e, live);
  const shared = (key: ParamKey) => others.filter((other) => settingWords(key, other) === settingWords(key, e)).length;
  const telling = others.length === 0 ? keys : keys.toSorted((a, b) => shared(a) - shared(b));
  const alike = (named: readonly ParamKey[]) =>
    others.some(
      (other) =>
        differences(e, other).length > 0 && named.every((key) => settingWords(key, other) === settingWords(key, e)),
    );
  let n = Math.min(MOST_KEYS, keys.length);
  while (n < keys.length && alike(telling.slice(0, n))) n++;
  const named = telling.slice(0, n);
  return keys.filter((key) => named.includes(key));
}

/** Name of a run by its differences from another one; `others`: further runs to distinguish it from. */
function distinguishingName(e: Experiment, live: Experiment, others: readonly Experiment[] = []): string {
  const keys = differences(e, live);
  if (keys.length === 0) return 'the same settings';
  const named = nameKeys(e, live, others).map((key) => settingWords(key, e));
  const more = keys.length - named.length;
  return named.join(', ') + (more > 0 ? ` + ${more} more` : '');
}

/** Settings for the name of a run: one stopped before its budget has as many steps as it made. */
export function trainedExperiment({ experiment, run }: Pick<PinnedRun, 'experiment' | 'run'>): Experiment {
  return run && (run.status === 'paused' || run.status === 'stopped')
    ? { ...experiment, steps: Math.max(1, run.trace.length - 1) }
    : experiment;
}

/** Distinct names of the pins: given by the user, or by differences from the run on screen before a drag. */
export function pinNames({ compare: { pins }, group, experiment }: NamedBy): readonly string[] {
  return namesOf(pins)(group?.from ?? experiment);
}

const namesOf = cached((pins: readonly PinnedRun[]) =>
  cached((base: Experiment): readonly string[] => {
    const list: string[] = [];
    const all = pins.map(trainedExperiment);
    for (const [i, pin] of pins.entries()) {
      const name = pin.own ?? distinguishingName(all[i], base, all.toSpliced(i, 1));
      const same = list.filter((other) => other === name || other.startsWith(`${name} (`)).length;
      list.push(same > 0 ? `${name} (${same + 1})` : name);
    }
    return list;
  }),
);

type NamedBy = Pick<State, 'group' | 'experiment'> & { readonly compare: Pick<Compare, 'pins'> };

export function firstDifference(e: Experiment, live: Experiment): string | null {
  const key = differences(e, live).find((one) => one in WORDS && one !== 'target' && one !== 'data');
  return key === undefined ? null : settingWords(key, e);
}

/** The change from one run to the next: "α 64 → 16", "seed 2, Adam"; null if there is none. */
export function changedWords(before: Experiment, now: Experiment): string | null {
  const keys = differences(before, now);
  if (keys.length === 0) return null;
  if (keys.length > 1) return distinguishingName(now, before);
  const [from, to] = [partsOf(keys[0], before), partsOf(keys[0], now)];
  // A common beginning appears once: "seed 1 → 2".
  const [name, between, was] = from;
  const is = to[2];
  if (was === undefined || is === undefined) return `${from.join('')} → ${to.join('')}`;
  return `${name === 'r' ? 'rank' : name}${name === 's' ? between : ' '}${was} → ${is}`;
}

/** The cause of a floor that is not that of the rank, "PiSSA" or "B only"; null if there is none. */
export function ownFloorBy(e: Experiment): string | null {
  const beside = besideLora(e);
  if (beside) return methods.byName(beside).label;
  const { moves, frozen, quantises, label } = inits.byName(e.init);
  if (moves || frozen || quantises === 'rest') return label;
  const kept = frozenFactorOf(e);
  return kept ? SETTINGS.train.names[e.train] : isQuantised(e) ? SETTINGS.quant.names[e.quant] : null;
}

/** Short name of a whole run: "Kaiming, r = 8, Adam". */
export function settingsName(e: Experiment): string {
  const beside = besideLora(e);
  const how = beside
    ? [methods.byName(beside).label, ...(isActive('rank', e) ? [`r = ${count(e.rank)}`] : [])]
    : [shortName(inits.byName(e.init)), `r = ${count(e.rank)}`];
  return [...how, optimisers.byName(e.opt).label].join(', ');
}
