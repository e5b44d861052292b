import { inits } from '../../experiment/inits/index.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { SCALINGS, type Scaling } from '../../experiment/settings/rate.ts';
import type { Course } from './derived-runs.ts';

// The grid of the runs at derived rates, and how they are judged.

export const STEPS = 100;
export const INITS = inits.all.map(({ name }) => name);
export const OPTIMISERS = optimisers.all.map(({ name }) => name);
export const RULES = Object.keys(SCALINGS) as Scaling[];
export const RATIOS = [1, 4, 16];

const LIMIT = 1e6;
export const lossLimit = ({ start }: Course) => LIMIT * Math.max(1, start);
export const isDeadInit = (init: string) => {
  const { A, B } = inits.byName(init as (typeof INITS)[number]).filling;
  return A === 'zero' && B === 'zero';
};
