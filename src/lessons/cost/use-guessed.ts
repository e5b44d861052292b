import { useShown } from '../../ui/page.tsx';
import { studiedOf } from '../state/progress.ts';

/** The name of the lesson's prediction. */
export const PREDICTION = 'numbers';

/** Whether the reader has made the prediction, or would rather not. */
export const useGuessed = (): boolean =>
  useShown((s) => studiedOf(s.progress, 'cost').guesses[PREDICTION] !== undefined);
