import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import { percent, plural } from '../../experiment/numbers.ts';
import { isComplete, lastStep } from '../../experiment/run-file/run-record.ts';
import type { Run } from '../../state/run/run.ts';

/** Shares of what was not read before: from the first on the task is learned, from the second on a part of it is. */
const [LEARNED, IN_PART] = [0.75, 0.5];
/** A share of all that is learned too, if more than before: somebody's hand may have been read well without training. */
const WELL = 0.9;
/** Shares of the old task: a larger loss is reported. */
const KEPT = 0.02;

export interface TaskSentence {
  /** The words between "Training only B and A" and the end: "teaches it …". */
  readonly says: string;
  /** A sentence of its own, or empty. */
  readonly rest: string;
  readonly asks: boolean;
}

/**
 * What a run shows of its task: a question until it is over, then the answer that its numbers allow. Of a hand without
 * test drawings the numbers say nothing, since they are of those that it trained on.
 */
export function taskSentence(run: Pick<Run, 'experiment' | 'losses' | 'status' | 'trace' | 'hand'>): TaskSentence {
  const { adapt } = run.experiment;
  const { taught, old: name } = TASK_WORDS[adapt];
  const { accuracy, oldAccuracy } = run.losses;
  const [before, now] = [accuracy?.[0], accuracy?.at(-1)];
  const [was, is] = [oldAccuracy?.[0], oldAccuracy?.at(-1)];
  const over = (isComplete(run) || run.status === 'diverged') && lastStep(run) > 0;
  if (!over || before === undefined || now === undefined || was === undefined || is === undefined)
    return { says: `teach it ${taught}`, rest: adapt === 'hand' ? '' : 'Watch what it forgets.', asks: true };
  const drawn = adapt === 'hand' ? run.hand : null;
  if (drawn && (drawn.test.answers.length === 0 || (before >= WELL && Math.abs(now - before) <= KEPT))) {
    const says = `adapts it to ${plural(drawn.training.answers.length, 'drawing')} of yours`;
    const tested = drawn.test.answers.length > 0;
    return {
      says,
      rest: tested ? 'It could read your hand before.' : 'Draw on: the next round tests it.',
      asks: false,
    };
  }
  const gain = (now - before) / Math.max(1e-9, 1 - before);
  const counts = `${percent(now)} right, ${percent(before)} before`;
  const says =
    gain >= LEARNED || (now >= WELL && now > before)
      ? `teaches it ${taught}, ${percent(before)} → ${percent(now)}`
      : gain >= IN_PART
        ? `teaches it a part of that: ${taught}, ${counts}`
        : `is not enough to teach it ${taught}: ${counts}`;
  const lost = was - is > KEPT;
  const rest =
    adapt === 'hand'
      ? ''
      : `${lost ? 'It forgets' : 'It keeps'} the old task, ${name}: ${percent(was)} → ${percent(is)}.`;
  return { says, rest, asks: false };
}
