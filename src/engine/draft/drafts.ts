import type { DraftMessage, DraftResultMessage } from '../protocol/draft.ts';
import { type DraftSpectrum, draftResult, measureDraft } from './measure.ts';

// The compiler knows this file as part of a page; in a worker postMessage takes no origin.
const post = (answer: DraftResultMessage, transfer: ArrayBuffer[]) => self.postMessage(answer, { transfer });

let last: DraftSpectrum | null = null;

/** A separate worker that measures the user's drawing. The page requests one sheet at a time. */
self.addEventListener('message', ({ data: asked }: MessageEvent<DraftMessage>) => {
  const { on, order, d, k } = asked;
  const same = last?.of.on === on && last.of.order === order && last.of.d === d && last.of.k === k;
  if (!same) last = measureDraft(asked);
  const answer = draftResult(asked, last);
  const arrays = [answer.singularValues, answer.update, ...answer.best.map(({ values }) => values)];
  post(
    answer,
    arrays.map(({ buffer }) => buffer as ArrayBuffer),
  );
});
