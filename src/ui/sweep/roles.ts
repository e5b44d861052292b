import { type Axis, canVary, MAX_CELLS, MAX_PANELS, readSweep, writeSweep } from '../../experiment/plan/sweep.ts';
import { initObstacle } from '../../experiment/settings/availability.ts';
import { type Exercise, isFixed } from '../../experiment/settings/exercise.ts';
import { isActive, isNumeric, param } from '../../experiment/settings/experiment.ts';
import type { ChoiceKind } from '../../experiment/settings/kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../../experiment/settings/params.ts';
import { leastOf, type Rate } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import { rateOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { trackOf } from '../controls/track.ts';

/** Roles of a setting, by the index of its axis. */
export const ROLES = ['columns', 'rows', 'panels'] as const;
export type Role = (typeof ROLES)[number];

export function roleOf(axes: readonly Axis[], key: ParamKey): Role | null {
  return ROLES[axes.findIndex((axis) => axis.key === key)] ?? null;
}

/** The settings that vary already, and those that may: with an effect in this experiment, not locked by an exercise. */
export function sweepRailKeys(e: Experiment, axes: readonly Axis[], view: Exercise): readonly ParamKey[] {
  const varies = (key: ParamKey) => axes.some((axis) => axis.key === key);
  return PARAM_KEYS.filter((key) => canVary(key) && ((isActive(key, e) && !isFixed(key, view)) || varies(key)));
}

/**
 * The axes after a setting was given a role, or fixed (null). The role's previous holder gets the free one; gaps close.
 */
export function withRole(
  axes: readonly Axis[],
  key: ParamKey,
  role: Role | null,
  values: readonly unknown[],
): readonly Axis[] {
  const own = axes.find((axis) => axis.key === key) ?? { key, values };
  const places: (Axis | undefined)[] = ROLES.map((_, i) => (axes[i]?.key === key ? undefined : axes[i]));
  if (role !== null) {
    const at = ROLES.indexOf(role);
    const before = places[at];
    places[at] = own;
    const free = places.indexOf(undefined);
    if (before && free >= 0) places[free] = before;
  }
  return places
    .filter((axis) => axis !== undefined)
    .map((axis, i) => (i === 2 ? { ...axis, values: some(axis.values, MAX_PANELS) } : axis));
}

/** Up to `maxCount` values, evenly spread over a list including its ends. */
function some(values: readonly unknown[], maxCount: number): readonly unknown[] {
  if (values.length <= maxCount) return values;
  return Array.from({ length: maxCount }, (_, i) => values[Math.round((i * (values.length - 1)) / (maxCount - 1))]);
}

/** `sweep` of the page's link with a setting as its columns, in addition to the present axes. */
export function variedPlan(state: State, key: ParamKey): string {
  const { experiment, view } = state;
  const { axes } = readSweep(view.sweep, experiment);
  return writeSweep({ axes: thinAxes(withRole(axes, key, 'columns', defaultValues(key, experiment, rateOf(state)))) });
}

/** Drops every second value of the longest axis until the plan is small enough. */
export function thinAxes(axes: readonly Axis[]): readonly Axis[] {
  const cells = axes.reduce((n, { values }) => n * values.length, 1);
  const longest = axes.reduce<Axis | null>((a, b) => (a && a.values.length >= b.values.length ? a : b), null);
  if (cells <= MAX_CELLS || !longest || longest.values.length < 3) return axes;
  const half = { ...longest, values: longest.values.filter((_, i) => i % 2 === 0) };
  return thinAxes(axes.map((axis) => (axis === longest ? half : axis)));
}

/** Initial values of an axis: the setting's ticks, or a series around the value in force. */
export function defaultValues(key: ParamKey, e: Experiment, rate: Rate | null): readonly unknown[] {
  const p = param(key);
  if (key === 'modules') return moduleSets(e).filter((set, _, all) => !set.includes(',') || set === all.at(-1));
  if (!isNumeric(p)) {
    const { options } = p as unknown as ChoiceKind<string>;
    if (key === 'init')
      return options.filter((name) => initObstacle(name as Experiment['init'], e) === null).slice(0, 9);
    return options.filter((name) => 'value' in p.check(name, e) && (key !== 'target' || !NEEDS_DATA.includes(name)));
  }
  const [min, max] = [p.min(e), p.max(e)];
  const within = (values: readonly number[]) => [...new Set(values.filter((v) => v >= min && v <= max))];
  if (key === 'lr') return within(series(leastOf(rate ?? 0.01)));
  const own = e[key];
  const now = typeof own === 'number' ? own : min;
  if (key === 'rank' || key === 'alpha') return within(trackOf(key, e, []).ticks);
  if (p.scale === 'log' && now > 0) {
    const around = [now / 4, now / 2, now, now * 2, now * 4];
    return within(around.map((v) => (p.kind === 'integer' ? Math.round(v) : Number(v.toPrecision(3)))));
  }
  return within(trackOf(key, e, [now]).ticks);
}

/** Sets of matrices of a network, up to this many of them: each alone, pairs, all; else each alone and all. */
const FEW_LAYERS = 3;

function moduleSets(e: Experiment): readonly string[] {
  const target = targets.byName(e.target);
  const names = target.kind === 'network' ? target.layers.map(({ name }) => name) : [];
  const pairs = names.flatMap((one, i) => names.slice(i + 1).map((other) => `${one},${other}`));
  return [...names, ...(names.length <= FEW_LAYERS ? pairs : []), names.join()];
}

const NEEDS_DATA: readonly string[] = ['matrix'];

/** 1, 2, 5 per decade, from about rate/30 to 30·rate. */
function series(rate: number): readonly number[] {
  const decade = Math.floor(Math.log10(rate));
  const all = [-2, -1, 0, 1, 2].flatMap((up) => [1, 2, 5].map((m) => Number(`${m}e${decade + up}`)));
  return all.filter((v) => v >= rate / 33 && v <= rate * 33);
}

/** Ticks that are toggles for a setting; null if its values are typed. */
export function togglesOf(key: ParamKey, e: Experiment, values: readonly unknown[]): readonly unknown[] | null {
  const p = param(key);
  if (key === 'modules') return moduleSets(e);
  if (!isNumeric(p)) return (p as unknown as ChoiceKind<string>).options.filter((name) => !NEEDS_DATA.includes(name));
  if (key !== 'rank' && key !== 'alpha') return null;
  const { ticks } = trackOf(key, e, []);
  return ticks.length <= 8 && values.every((value) => ticks.includes(value as number)) ? ticks : null;
}
