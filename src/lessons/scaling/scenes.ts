import { exact } from '../../experiment/numbers.ts';
import { SCALINGS, type Scaling } from '../../experiment/settings/scaling.ts';
import type { Curve, CurvesScene } from '../charts/curves/curves.ts';
import type { RecordedMap } from '../figures/map-figure.tsx';
import { RECORDED, type SweptOptimiser } from './recorded.ts';

const RULES = Object.keys(SCALINGS) as Scaling[];
export const ruleName = (rule: Scaling) => (rule === 'none' ? 's = 1' : `s = ${SCALINGS[rule]}`);

const { ranks, floors, errors, gradients, maps } = RECORDED;
const byRank = (values: readonly number[]) => ranks.map((rank, i) => [rank, values[i]] as const);
const RANK_AXIS = { name: 'rank r', scale: 'log', ends: [ranks[0], ranks[ranks.length - 1]], ticks: ranks } as const;
const ERROR_AXIS = { name: 'error', scale: 'linear', ends: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] } as const;
const FLOOR = { name: 'floor', points: byRank(floors), hatched: true } as const;

/** Where runs ended, by rank. */
export function endsScene(optimiser: SweptOptimiser, rules: readonly Scaling[]): CurvesScene {
  const curves = rules.map((rule): Curve => {
    return {
      name: ruleName(rule),
      look: 'dw',
      points: byRank(errors[optimiser][rule]),
      kind: RULES.indexOf(rule),
      marked: true,
      ...(rules.length === 1 || rule === 'standard' ? { strong: true } : {}),
    };
  });
  return { x: RANK_AXIS, y: ERROR_AXIS, curves, floor: FLOOR };
}

/** Before anything is said: the first run alone. */
export function openScene(): CurvesScene {
  const points = byRank(errors.sgd.standard).slice(0, 1);
  return {
    x: RANK_AXIS,
    y: ERROR_AXIS,
    curves: [{ name: '?', look: 'dw', points, kind: 0, marked: true, strong: true }],
    floor: FLOOR,
  };
}

/** The size of B's first gradient, by rank. */
export function gradientScene(): CurvesScene {
  return {
    x: RANK_AXIS,
    y: { name: 'norm', scale: 'log', ends: [0.15, 3], ticks: [0.2, 0.5, 1, 2] },
    curves: RULES.map((rule): Curve => {
      return {
        name: ruleName(rule),
        look: 'b',
        points: byRank(gradients[rule]),
        kind: RULES.indexOf(rule),
        marked: true,
      };
    }),
  };
}

/** Rates by ranks, a panel for each rule. */
export function mapOf(optimiser: SweptOptimiser): RecordedMap {
  const { rates, ranks, floors, cells } = maps[optimiser];
  const axis = (key: string, name: string, before: string, numbers: readonly number[]) => {
    return { key, name, before, texts: numbers.map(exact), numbers, scale: 'log' } as const;
  };
  const rules = {
    key: 'scaling',
    name: 'scaling rule',
    before: 's = ',
    texts: RULES.map((rule) => SCALINGS[rule]),
    numbers: null,
    scale: 'linear',
  } as const;
  return {
    axes: [axis('lr', 'learning rate', 'rate ', rates), axis('rank', 'rank r', 'r = ', ranks), rules],
    panels: RULES.map((rule) => cells[rule]),
    floors,
  };
}
