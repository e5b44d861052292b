/** Published configs and logs of each tool are read as their tools read them, and recommended ones are not accused. */

import { expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { FIELD_NAMES } from './fields.ts';
import { readPasted } from './read.ts';
import { PUBLISHED, PUBLISHED_LOGS } from './testing/published.ts';

const all = Object.entries(PUBLISHED).flatMap(([format, examples]) => examples.map((one) => ({ format, ...one })));

it('has three published examples or more of each tool', () => {
  for (const examples of Object.values(PUBLISHED)) expect(examples.length).toBeGreaterThanOrEqual(3);
  expect(PUBLISHED_LOGS.length).toBeGreaterThanOrEqual(3);
});

it.each(all)('$source: reads its settings, each from its place', ({ text, found }) => {
  const run = readPasted(text);
  if ('refused' in run) throw new Error(run.refused);
  const values = Object.fromEntries(Object.entries(run.settings).map(([field, setting]) => [field, setting.value]));
  expect(values).toMatchObject(found);
  for (const field of FIELD_NAMES) {
    const setting = run.settings[field];
    if (setting && !setting.key.endsWith('()')) expect(text.slice(setting.start, setting.end)).toContain(setting.key);
  }
});

it.each(all)('$source: $fits', ({ text, fits }) => {
  const found = diagnose(text);
  expect(found.kind === 'read' && found.hits.map(({ name }) => name)).toEqual(fits);
});

interface LogRecord {
  readonly step: number;
  readonly loss?: number;
  readonly eval_loss?: number;
  readonly learning_rate?: number;
}

const records = ({ every, losses, heldOut, rates }: (typeof PUBLISHED_LOGS)[number]): readonly LogRecord[] =>
  losses.flatMap((loss, i) => [
    { loss, step: every * (i + 1), ...(rates[i] === undefined ? {} : { learning_rate: rates[i] }) },
    ...(heldOut[i] === undefined ? [] : [{ eval_loss: heldOut[i], step: every * (i + 1) }]),
  ]);

it.each(PUBLISHED_LOGS)('$source: as trainer_state.json, as lines of a log and as CSV', (log) => {
  const state = JSON.stringify(
    { best_metric: null, log_history: [...records(log), { train_loss: 1, train_runtime: 2 }] },
    null,
    2,
  );
  const lines = records(log)
    .map((record) => JSON.stringify(record).replaceAll('"', "'"))
    .join('\n');
  const csv = `step,loss,eval_loss\n${log.losses.map((loss, i) => `${log.every * (i + 1)},${loss},${log.heldOut[i] ?? ''}`).join('\n')}`;
  for (const text of [state, lines, `Some words before it\n${lines}`, csv]) {
    const run = readPasted(text);
    if ('refused' in run) throw new Error(run.refused);
    const [train, heldOut] = run.losses?.series ?? [];
    expect(train.values).toEqual(log.losses);
    expect(train.steps).toEqual(log.losses.map((_, i) => log.every * (i + 1)));
    expect(heldOut?.values ?? []).toEqual(log.heldOut);
    const found = diagnose(text);
    expect(found.kind === 'read' && found.hits.map(({ name }) => name)).toEqual(log.fits);
  }
});
