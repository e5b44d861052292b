import { newestStep, shownStep } from './columns.ts';
import { count } from './format.ts';
import type { Scene } from './scene.ts';

const WORDS: Readonly<Record<Scene['status'], string>> = {
  preparing: 'Preparing',
  idle: 'Ready',
  training: 'Training',
  paused: 'Paused',
  finished: 'Finished',
  converged: 'Converged',
  diverged: 'Diverged',
  stopped: 'Stopped',
  'device-lost': 'Stopped, the device was lost',
};

/** "Training, step 96 of 300." with what is on show where that is an earlier step. */
export function runState(scene: Scene): string {
  const newest = newestStep(scene);
  const state = `${WORDS[scene.status]}, step ${count(newest)} of ${count(scene.budget)}`;
  return scene.lookingBack ? `${state}; looking back at step ${count(shownStep(scene))}.` : `${state}.`;
}
