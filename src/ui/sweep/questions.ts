import { parseLink } from '../../experiment/link/link.ts';
import { experimentOf, readPins } from '../../experiment/plan/pins.ts';
import { presets } from '../../experiment/presets.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { plannedSweep } from '../../state/sweep/plan.ts';

/** An experiment that answers a question, offered while a screen is empty. */
export interface ReadyQuestion {
  readonly title: string;
  readonly about: string;
  /** The preset whose recorded picture it shows. */
  readonly preset: string;
  readonly link: string;
}

/** A preset's link that runs by itself. */
const started = (preset: string, more = '') => ({ preset, link: `${presets.byName(preset).link}${more}&run=1` });

/** Ranks of a ready sweep. */
const RANKS = [1, 2, 4, 8, 16, 32, 64];

/** A preset at powers of two up to its full rank, with three seeds; it runs by itself. */
export function rankSweepLink(preset: string): string {
  const { link } = presets.byName(preset);
  const { d, k } = parseLink(link).experiment;
  const ranks = RANKS.filter((rank) => rank <= Math.min(d, k));
  return `${link.replace(/&compare=[^&]*/, '')}&sweep=rank:${ranks}&repeat=3&run=1`;
}

export const SWEEP_QUESTIONS: readonly ReadyQuestion[] = [
  {
    title: 'Which rank is enough?',
    about: 'A target of true rank 8 with noise, seven ranks, three seeds.',
    ...{ preset: 'true-rank', link: rankSweepLink('true-rank') },
  },
  {
    title: 'Does a higher rank always help?',
    about: 'An update of true rank 4 to learn from 48 noisy samples, six ranks, three seeds.',
    ...{ preset: 'rank-regularises', link: rankSweepLink('rank-regularises') },
  },
  {
    title: 'α/r or α/√r?',
    about: 'Five ranks at one learning rate: under which rule does a higher rank still learn?',
    ...started('scaling-rule'),
  },
  {
    title: 'How large may the learning rate be?',
    about: 'SGD at six ranks × twelve rates under three scaling rules. Which cells still train?',
    ...started('largest-rate'),
  },
];

export const COMPARE_QUESTIONS: readonly ReadyQuestion[] = [
  {
    title: 'What does a higher rank buy?',
    about: 'The owl with sunglasses at ranks 1, 2, 4 and 8, side by side.',
    ...started('sunglasses', '&compare=rank:1,alpha:2;rank:2,alpha:4;rank:4,alpha:8'),
  },
  {
    title: 'Does it matter where training starts?',
    about: 'Five initialisations, same target, rank 8. Two of them never get below 0.84.',
    ...started('own-floors'),
  },
  {
    title: 'How many directions do two edits take?',
    about: 'A hat and sunglasses in one update, at ranks 4, 8 and 12.',
    ...started('two-tasks'),
  },
];

/** The runs that a question trains: every cell and seed of its sweep, or the run with those pinned beside it. */
export function runsOf({ link }: Pick<ReadyQuestion, 'link'>): readonly Experiment[] {
  const { experiment, view } = parseLink(link);
  if (view.compare !== '')
    return [experiment, ...readPins(view.compare, experiment).pins.map((pin) => experimentOf(pin, experiment))];
  return plannedSweep({ experiment, view }).runs.flatMap(({ cell }) => cell.experiment ?? []);
}

/** Seconds that the run on screen takes at its pace, while those pinned beside it train; 0 for a sweep. */
export function pacedSeconds({ link }: Pick<ReadyQuestion, 'link'>): number {
  const { experiment, view } = parseLink(link);
  return view.compare === '' ? 0 : experiment.steps / view.pace;
}
