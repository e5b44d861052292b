import { presets } from '../../experiment/presets.ts';

/** SGD at one rate over ranks, under two rules. */
export const FIXED = presets.byName('scaling-rule').link;
/** Rates by ranks by rules. */
export const MAPS = { sgd: presets.byName('largest-rate').link, adam: presets.byName('best-rate').link } as const;

/** With Adam the same experiment has this rate, which is near the best at every rank. */
export const ADAM_RATE = 0.01;

/** One run whose α and rate are changed together. */
export const TOGETHER = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&opt=sgd&lr=0.05&steps=100';
/** Too slow: to be mended by α alone. */
export const SLOW = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=32&alpha=16&opt=sgd&lr=0.1&steps=100';
