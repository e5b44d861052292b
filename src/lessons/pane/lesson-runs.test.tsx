// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { change } from '../../experiment/settings/experiment.ts';
import {
  type BackgroundTraining,
  BackgroundTrainingProvider,
  type LessonRun,
  NO_LESSON_RUNS,
  useTraining,
} from './lesson-runs.tsx';
import { LessonValuesProvider, lessonValue } from './values.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const RUNS = lessonValue('runs', NO_LESSON_RUNS);
const { experiment } = parseLink('#v=1&target=picture&d=64&k=64');
const asked = [1, 2, 4].map((rank) => change(experiment, { rank }));

function byHand() {
  const ends = new Map<number, (run: LessonRun | null) => void>();
  const train: BackgroundTraining = ({ rank }) => {
    const done = new Promise<LessonRun | null>((resolve) => ends.set(rank, resolve));
    return { done, cancel: () => ends.get(rank)?.(null) };
  };
  const end = (rank: number) => {
    const factors = { A: new Float32Array(rank * 64), B: new Float32Array(rank * 64) };
    ends.get(rank)?.({ d: 64, k: 64, rank, ...factors, scaling: 1, error: 1 / rank, course: null });
  };
  return { train, end };
}

async function shown(train: BackgroundTraining | null) {
  const seen: { now: ReturnType<typeof useTraining> | null } = { now: null };
  function See() {
    seen.now = useTraining(RUNS);
    return null;
  }
  const root = createRoot(document.createElement('div'));
  const see = (
    <LessonValuesProvider>
      <See />
    </LessonValuesProvider>
  );
  await act(async () =>
    root.render(train ? <BackgroundTrainingProvider value={train}>{see}</BackgroundTrainingProvider> : see),
  );
  return () => seen.now ?? expect.fail('not drawn');
}

it('gives each run as it ends; cancelled, it keeps those that have ended', async () => {
  const { train, end } = byHand();
  const now = await shown(train);
  await act(async () => now().start?.(asked));
  expect(now()).toMatchObject({ going: true, runs: [null, null, null] });
  await act(async () => end(2));
  expect(now()).toMatchObject({ going: true, runs: [null, { rank: 2, error: 0.5 }, null] });
  await act(async () => now().cancel());
  expect(now()).toMatchObject({ going: false, runs: [null, { rank: 2 }, null] });
  await act(async () => now().start?.(asked));
  for (const rank of [1, 2, 4]) await act(async () => end(rank));
  expect(now()).toMatchObject({ going: false, runs: [{ rank: 1 }, { rank: 2 }, { rank: 4 }] });
});

it('trains nothing where nothing can train', async () => {
  const now = await shown(null);
  expect(now()).toMatchObject({ start: null, runs: [], going: false });
});
