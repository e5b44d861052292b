import { type Axis, canVary, MAX_CELLS, MAX_PANELS, readSweep, writeSweep } from '../../experiment/plan/sweep.ts';
import { initObstacle } from '../../experiment/settings/availability.ts';
import { type Exercise, isFixed } from '../../experiment/settings/exercise.ts';
import { isActive, isNumeric, param } from '../../experiment/settings/experiment.ts';
import type { ChoiceKind } from '../../experiment/settings/kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../../experiment/settings/params.ts';
import { rateOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { trackOf } from '../controls/track.ts';

/** What a setting does in a sweep: an axis by its place, or nothing. */
export const ROLES = ['columns', 'rows', 'panels'] as const;
export type Role = (typeof ROLES)[number];

export function roleOf(axes: readonly Axis[], key: ParamKey): Role | null {
  return ROLES[axes.findIndex((axis) => axis.key === key)] ?? null;
}

/**
 * The settings that the rail of a sweep lists: what may vary, has a use in this experiment and is not kept by an exercise, or
 * varies already.
 */
export function sweepRailKeys(e: Experiment, axes: readonly Axis[], view: Exercise): readonly ParamKey[] {
  const varies = (key: ParamKey) => axes.some((axis) => axis.key === key);
  return PARAM_KEYS.filter((key) => canVary(key) && ((isActive(key, e) && !isFixed(key, view)) || varies(key)));
}

/**
 * The axes after a setting was given a role, or was fixed (null). What had the role takes the one that is free; an axis
 * in front of which there is none moves up.
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

/** So many values spread over a list, its ends among them. */
function some(values: readonly unknown[], maxCount: number): readonly unknown[] {
  if (values.length <= maxCount) return values;
  return Array.from({ length: maxCount }, (_, i) => values[Math.round((i * (values.length - 1)) / (maxCount - 1))]);
}

/** `sweep` of the page's link with a setting as its columns, beside what varied already. */
export function variedPlan(state: State, key: ParamKey): string {
  const { experiment, view } = state;
  const { axes } = readSweep(view.sweep, experiment);
  return writeSweep({ axes: thinAxes(withRole(axes, key, 'columns', defaultValues(key, experiment, rateOf(state)))) });
}

/** Every second value of the longest axis, as often as it takes for a plan to be small enough. */
export function thinAxes(axes: readonly Axis[]): readonly Axis[] {
  const cells = axes.reduce((n, { values }) => n * values.length, 1);
  const longest = axes.reduce<Axis | null>((a, b) => (a && a.values.length >= b.values.length ? a : b), null);
  if (cells <= MAX_CELLS || !longest || longest.values.length < 3) return axes;
  const half = { ...longest, values: longest.values.filter((_, i) => i % 2 === 0) };
  return thinAxes(axes.map((axis) => (axis === longest ? half : axis)));
}

/** The values that a setting is offered with: its ticks, or a series about the value in force. */
export function defaultValues(key: ParamKey, e: Experiment, rate: number | null): readonly unknown[] {
  const p = param(key);
  if (!isNumeric(p)) {
    const { options } = p as unknown as ChoiceKind<string>;
    if (key === 'init')
      return options.filter((name) => initObstacle(name as Experiment['init'], e) === null).slice(0, 9);
    return options.filter((name) => key !== 'target' || !NEEDS_DATA.includes(name));
  }
  const [min, max] = [p.min(e), p.max(e)];
  const within = (values: readonly number[]) => [...new Set(values.filter((v) => v >= min && v <= max))];
  if (key === 'lr') return within(series(rate ?? 0.01));
  const own = e[key];
  const now = typeof own === 'number' ? own : min;
  if (key === 'rank' || key === 'alpha') return within(trackOf(key, e, []).ticks);
  if (p.scale === 'log' && now > 0) {
    const around = [now / 4, now / 2, now, now * 2, now * 4];
    return within(around.map((v) => (p.kind === 'integer' ? Math.round(v) : Number(v.toPrecision(3)))));
  }
  return within(trackOf(key, e, [now]).ticks);
}

const NEEDS_DATA: readonly string[] = ['matrix'];

/** 1, 2, 5 of the decades about a rate: from about a thirtieth of it to thirty times as much. */
function series(rate: number): readonly number[] {
  const decade = Math.floor(Math.log10(rate));
  const all = [-2, -1, 0, 1, 2].flatMap((up) => [1, 2, 5].map((m) => Number(`${m}e${decade + up}`)));
  return all.filter((v) => v >= rate / 33 && v <= rate * 33);
}

/** The ticks that are toggles for a setting; null where its values are typed. */
export function togglesOf(key: ParamKey, e: Experiment, values: readonly unknown[]): readonly unknown[] | null {
  const p = param(key);
  if (!isNumeric(p)) return (p as unknown as ChoiceKind<string>).options.filter((name) => !NEEDS_DATA.includes(name));
  if (key !== 'rank' && key !== 'alpha') return null;
  const { ticks } = trackOf(key, e, []);
  return ticks.length <= 8 && values.every((value) => ticks.includes(value as number)) ? ticks : null;
}
