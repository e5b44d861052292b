import { LARGEST_RUN_FILE } from '../experiment/run-file/run-file.ts';
import type { NewNotice } from './notices.ts';
import type { RunText } from './run-text.ts';

/** What a run file that was just saved does not hold, or is not good for; null where there is nothing to say. */
export function savedNotice({ length, leftOut }: RunText): NewNotice | null {
  const most = LARGEST_RUN_FILE / 1e6;
  if (length > LARGEST_RUN_FILE)
    return {
      ...{ about: 'file', tone: 'bad', actions: [] },
      title: `The run file has ${Math.round(length / 1e6)} MB.`,
      texts: [
        `This page opens run files of up to ${most} MB, so not this one. Scripts can read it, and its link makes the run again.`,
      ],
    };
  if (leftOut.length === 0) return null;
  return {
    ...{ about: 'file', tone: 'plain', actions: [] },
    title: `The run file was saved without ${listed(leftOut)}.`,
    texts: [
      'They would make it too large. Its link rebuilds them bit for bit, so that it opens here and goes on all the same.',
    ],
  };
}

/** "W₀, ΔW* and the samples" */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
