import { presets } from '../../experiment/presets.ts';

/** The race: B = 0 against others. */
export const RACE = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&steps=60';
/** B = 0, before anything has moved. */
export const ZERO = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&steps=200';
/** A = B = 0. */
export const DEAD = presets.byName('dead-start').link;
/** PiSSA on a target that has nothing to do with W₀. */
export const STUCK = presets.byName('pissa-against').link;

export const RACERS = ['kaiming-uniform', 'symmetric', 'svd', 'pissa'] as const;
export type Racer = (typeof RACERS)[number];
