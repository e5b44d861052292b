import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { initialPage, updatePage } from '../../state/page.ts';
import { createStore } from '../../state/state.ts';
import { PageProvider } from '../../ui/page.tsx';
import { type LessonProgress, NO_PROGRESS } from '../state/progress.ts';
import type { Guess } from '../step.tsx';
import { PredictionForm } from './asks.tsx';

const SAID: Readonly<Record<string, string>> = { low: 'You guessed low.' };
const guess: Guess = {
  name: 'height',
  Ask: 'How high?',
  options: { low: 'low' },
  Result: (guess) => <p>It is high. {SAID[guess]}</p>,
};

function shown(kept: string | undefined): string {
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  const guesses: LessonProgress['guesses'] = kept === undefined ? {} : { height: kept };
  const studied: LessonProgress = { step: 0, done: [], right: [], asked: 0, recalls: [], guesses };
  store.dispatch({ type: 'progress', progress: { ...NO_PROGRESS, lessons: { rank: studied } } });
  return renderToStaticMarkup(
    <PageProvider store={store}>
      <PredictionForm lesson="rank" guess={guess} />
    </PageProvider>,
  );
}

it('shows what comes out beside the guess, and without one', () => {
  expect(shown(undefined)).not.toContain('It is high.');
  expect(shown('low')).toContain('It is high. You guessed low.');
  expect(shown('')).toContain('It is high. </p>');
});

it.each(['__proto__', 'constructor', 'toString', 'medium'])('takes %s, which is not on offer, as no guess', (kept) => {
  expect(shown(kept)).toContain('It is high. </p>');
});
