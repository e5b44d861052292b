import { expect, it } from 'vitest';
import { typescriptBackend } from '../../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../../engine/background-runs/background-run.ts';
import { layerCache } from '../../../experiment/layer/problem.ts';
import { parseLink } from '../../../experiment/link/link.ts';
import { readGoal } from '../../../experiment/plan/goal.ts';
import { readSweep } from '../../../experiment/plan/sweep.ts';
import { change } from '../../../experiment/settings/experiment.ts';
import { clockOf, minutesOf, PLANS } from './plans.ts';

const lines = PLANS.flatMap((plan) => plan.lines.map((line) => [`${plan.title}: ${line.text}`, line] as const));

it('the minutes of a plan sum up to a lesson, and each line begins after the one before it', () => {
  expect(PLANS.map((plan) => minutesOf(plan.lines))).toEqual([45, 45, 90]);
  for (const plan of PLANS) {
    const begins = plan.lines.map((_, i) => {
      const [hours, minutes] = clockOf(plan, i).split(':').map(Number);
      return 60 * hours + minutes;
    });
    expect(begins).toEqual(plan.lines.map((_, i) => minutesOf(plan.lines.slice(0, i))));
  }
});

it.each(lines)('opens without a remark: %s', (_, { link, opens, until }) => {
  const { experiment, view, faults } = parseLink(link);
  expect(faults).toEqual([]);
  expect(readGoal(view.goal).faults).toEqual([]);
  expect(readSweep(view.sweep, experiment).faults).toEqual([]);
  const place = view.lesson === '' ? view.view : 'lesson';
  expect(place).toBe(
    { Present: 'present', Lesson: 'lesson', 'Class link': 'class', Wall: 'wall', Sweep: 'sweep', 'Plan a run': 'plan' }[
      opens
    ],
  );
  expect(view.lesson !== '').toBe(until !== undefined);
});

it('every line of a plan has an address of its own', () => {
  for (const { lines: own } of PLANS) expect(new Set(own.map(({ link }) => link)).size).toBe(own.length);
});

it('rank 9 is the lowest that gets below 0.15 when each singular value is 0.8 of the one before it', async () => {
  const link = PLANS[1].classLink.link;
  const { error = 0 } = readGoal(parseLink(link).view.goal).goal ?? {};
  const floor = (rank: number) => 0.8 ** rank;
  expect([floor(8) > error, floor(9) < error]).toEqual([true, true]);
  const cache = layerCache();
  const errorAt = async (rank: number) => {
    const experiment = change(parseLink(link).experiment, { rank, alpha: 2 * rank });
    const { summary } = await trainInBackground(experiment, { backends: [typescriptBackend], cache, observe: [] });
    return summary.relativeError ?? Number.NaN;
  };
  expect(await errorAt(8)).toBeGreaterThan(error);
  expect(await errorAt(9)).toBeLessThan(error);
});
