import { count, plural } from '../../experiment/numbers.ts';
import { type Scale, vline } from '../../kit/chart/axes.ts';
import type { Mark } from '../../kit/chart/marks.ts';
import type { Plot } from '../../kit/chart/plot.ts';
import { lastStep, type Scene } from '../chart.ts';

/** Two lines closer than this, in px, crowd the plot. */
const APART = 14;

/** Every first, second, fifth, tenth, … epoch, the smallest of them that leaves room. */
function everyNth(width: number): number {
  for (let power = 1; ; power *= 10) for (const n of [1, 2, 5]) if (n * power * width >= APART) return n * power;
}

/** A pale line at the start of each epoch after the first, or of every n-th one if they are close. */
export function epochMarks(scene: Scene, x: Scale, plot: Plot): Mark[] {
  const { epoch } = scene;
  if (epoch === undefined) return [];
  const apart = everyNth(x(epoch) - x(0)) * epoch;
  const marks: Mark[] = [];
  for (let at = apart; at <= lastStep(scene); at += apart) marks.push(vline(`epoch ${at}`, 'ref rule', x(at), plot));
  return marks;
}

/** For those who do not see the lines; a sentence with a leading space, or empty. */
export function epochWords({ epoch }: Scene): string {
  if (epoch === undefined) return '';
  return epoch === 1
    ? ' Every step is an epoch.'
    : ` An epoch has ${plural(epoch, 'step')}: it starts anew at step ${count(epoch)}, ${count(2 * epoch)} and so on, marked by pale lines.`;
}
