import { duration, percent } from '../../../experiment/numbers.ts';
import type { SizeChoices } from '../../file/resize/size-choices.ts';
import type { SizeGoalName } from '../../state/adapters-state.ts';
import { megabytes, sizeParts } from '../size-words.ts';

/** Errors below this show as 0 in every unit of the page. */
const NOTHING = 0.0005;

export const offText = (error: number): string => `${percent(error < NOTHING ? 0 : error)} off`;

/** A cut changes ΔW by its error; so does the strength 1 − error, exactly in the Frobenius norm. */
type GoalSizes = Pick<SizeChoices, SizeGoalName | 'knee'>;

export function goalWords(choices: GoalSizes, goal: SizeGoalName): string {
  const { limit, predicted } = choices[goal];
  const { bytes, error } = predicted;
  if (bytes > limit) return `One direction in each module already takes ${megabytes(bytes)}.`;
  if (error < NOTHING) return 'Changes nothing: the directions left out are zero.';
  const strength = (1 - error).toFixed(2);
  switch (goal) {
    case 'nearly':
      return `Changes it as much as turning its strength from 1 to ${strength}.`;
    case 'half':
    case 'most':
      return `As much as turning its strength from 1 to ${strength}, but only in its weakest directions.`;
    case 'smallest':
      return `As much as strength ${strength}. ${choices.knee ? kneeWords(choices) : `No knee: every ${sizeParts(bytes)[1]} counts about the same.`}`;
    default:
      return goal satisfies never;
  }
}

function kneeWords({ smallest, half }: GoalSizes): string {
  const { bytes, error } = smallest.predicted;
  const more = half.predicted.bytes - bytes;
  const [all, left] = [error, half.predicted.error].map((of) => Math.round(100 * of));
  const start = 'This is the knee: smaller files lose fast';
  if (more <= 0 || left >= all) return `${start}.`;
  const won = all - left;
  return `${start}, and ${megabytes(more)} more would win back ${2 * won <= all ? 'only ' : ''}${won} of the ${all}%.`;
}

const exact = (error: number): string => `${(100 * error).toFixed(1)}%`;

/** "Read back and compared: 14.6% off, as predicted." */
export function comparedWords(measured: number, predicted: number): string {
  const [is, was] = [exact(measured), exact(predicted)];
  return `Read back and compared: ${is} off, ${is === was ? 'as predicted' : `predicted ${was}`}.`;
}

/**
 * Seconds to write a file and to read it back, from those for reading it: both factors of a module are decomposed
 * again, and compared with the new ones. Measured: 3.2 times as long for the smallest files to 6.4 times for the whole.
 */
export function writeTimeWords(readSeconds: number, part: number): string {
  const seconds = readSeconds * (3.2 + 3.2 * part);
  if (seconds < 1) return 'less than a second';
  return `about ${duration(Number(seconds.toPrecision(seconds < 10 ? 1 : 2)))}`;
}
