import { count } from '../../experiment/numbers.ts';
import type { KeptScene } from './kept.ts';
import type { RanksScene } from './ranks.ts';

/** "What am I looking at", in paragraphs. */
export function explainKept({ newName, oldName, paths, rank }: KeptScene): readonly string[] {
  return [
    `Up: the share of right answers to the new task (${newName}). To the right: the share of the old one (${oldName}) that is still right. The best corner is the upper right one.`,
    'The ring is the network before training. The dotted line is this run, step by step, and the dot is where it is now.',
    paths.length === 0
      ? 'Each method will be a line: its dots are runs with different learning rates, at their last step.'
      : `Each line is a method: its dots are runs with different learning rates, at their last step. The thick line is rank ${count(rank)}, the dashed one full fine-tuning.`,
    'Two methods are comparable at the same height: the one further to the right keeps more of the old task for the same gain.',
  ];
}

export function explainRanks({ ranks, run }: RanksScene): readonly string[] {
  const here = run ? `, and the thick line is this run at rank ${count(run.rank)}` : '';
  return [
    `The height is the share of right answers to the new task. A ring is the best run of its rank over all learning rates${here}.`,
    'The solid line is full fine-tuning, which trains every entry. The dashed line is the same network after its update is cut, in each matrix, to the i strongest directions.',
    'If a ring lies above the dashed line, training at that rank has found a better update of that rank than cutting the full one.',
    `Below each rank: the parameters that it trains, as a share of those of full fine-tuning.${ranks.some(({ best }) => best === null) ? ' Ranks without a ring have not run yet.' : ''}`,
  ];
}
