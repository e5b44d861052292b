import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import recordedPresets from '../../experiment/recorded/recorded.json' with { type: 'json' };
import { type InitRecord, RACE_INITS, type RaceCourse, type RaceInit, type RaceOptimiser } from './recorded.ts';
import { raceErrors, STEPS } from './testing/runs.ts';
import { decayingTarget } from './widened.ts';

const FILE = join(import.meta.dirname, 'recorded.json');
const digits = (value: number) => Number(value.toPrecision(3));

it('the runs that the lesson shows before an engine is there are those of today', async () => {
  const race = { adam: {}, sgd: {} } as Record<RaceOptimiser, Record<RaceInit, RaceCourse>>;
  for (const opt of ['adam', 'sgd'] as const)
    for (const init of RACE_INITS) {
      const { median, low, high } = await raceErrors(opt, init);
      race[opt][init] = { median: median.map(digits), low: low.map(digits), high: high.map(digits) };
    }
  const { floors } = decayingTarget(16);
  const named = (preset: 'own-floors' | 'pissa' | 'pissa-against') =>
    recordedPresets[preset].picture.lines.map(({ label, points }) => ({
      label,
      points: points.map(([x, y]) => [x, y] as const),
    }));
  const map = recordedPresets['where-the-zero-goes'].picture.panels[0].cells;
  const found: InitRecord = {
    steps: STEPS,
    race,
    widened: { floors: [digits(floors[2]), digits(floors[4])] },
    zeros: { rates: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5], cells: map, floor: 0.0434 },
    ownFloors: named('own-floors'),
    pissa: { along: named('pissa'), apart: named('pissa-against') },
  };
  if (process.env.UPDATE_RECORDED) writeFileSync(FILE, `${JSON.stringify(found)}\n`);
  expect(found).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
}, 60_000);
