import { useRef } from 'react';
import { isComplete, lastStep } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import { useBuilt, useDispatch, useShown } from '../page.tsx';
import { announced, progressOf, type StatusWords, statusWords } from '../words/status.ts';
import { steady, useLongPreparation } from './steady.ts';

function useWords(): StatusWords {
  const long = useLongPreparation();
  return useBuilt((state) => statusWords(steady(state, long)));
}

/** How the run stands, in words; while a large experiment is prepared, how far. */
export function StatusLine() {
  const { first, rest, below, bad } = useWords();
  return (
    <div className="st">
      <b className={bad ? 'bad-word' : undefined}>{first}</b>
      {rest}
      {below ? (
        <span>
          {below} <BackToLive />
        </span>
      ) : (
        <Preparation />
      )}
      <Announcement />
    </div>
  );
}

/** While an earlier step is on show. */
function BackToLive() {
  const back = useShown((s) => shownStep(s) < lastStep(s.run));
  const dispatch = useDispatch();
  if (!back) return null;
  return (
    <button type="button" className="link live" onClick={() => dispatch({ type: 'look', step: null })}>
      Back to live
    </button>
  );
}

function Preparation() {
  const long = useLongPreparation();
  const fraction = useShown((s) => progressOf(s)?.fraction ?? 0);
  const trains = useShown((s) => s.next?.behind ?? false);
  if (!long) return null;
  return (
    <span>
      <progress value={fraction} max={1} aria-label={trains ? 'Training the new run' : 'Preparing the matrices'} />
    </span>
  );
}

/** Said to a screen reader when the status changes, not at every step. */
function Announcement() {
  const status = useShown((s) => s.run.status);
  const words = useWords();
  // A caption of the opening says that it trains, and how it has ended.
  const told = useShown((s) => s.show !== null && (s.run.status === 'training' || isComplete(s.run)));
  const said = useRef({ status, text: '' });
  if (said.current.status !== status) {
    const moving = status === 'training' || status === 'preparing';
    said.current = { status, text: moving ? words.first : announced(words) };
  }
  return (
    <span className="unseen" role="status">
      {told ? '' : said.current.text}
    </span>
  );
}
