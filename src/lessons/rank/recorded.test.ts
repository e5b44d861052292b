import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { layerCache } from '../../experiment/layer/problem.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { change } from '../../experiment/settings/experiment.ts';
import { PICTURE, RANKS } from './predict.tsx';

const PLANE = '#v=1&target=decay&law=geometric&rate=0.6&d=3&k=3&rank=2&steps=300';
/** B stays at its random draw; only A trains. */
const FROZEN = `${PLANE}&init=mica`;

const backends = [typescriptBackend];
const digits = (values: Iterable<number>, n: number) => Array.from(values, (v) => Number(v.toPrecision(n)));

/** The six runs of the picture, and the floors of rank 1 … 32. */
async function picture() {
  const { experiment } = parseLink(PICTURE);
  const cache = layerCache();
  const runs = [];
  for (const rank of RANKS) runs.push(await trainInBackground(change(experiment, { rank }), { backends, cache }));
  const errors = runs.map(({ summary }) => summary.relativeError ?? Number.NaN);
  const floor = floorOf(runs[0].problem.modules[0].wanted.spectrum.values).slice(1, 33);
  return { errors: digits(errors, 6), floor: digits(floor, 6) };
}

/** Steps whose A and B are kept: all early ones, where the plane turns most. */
const KEPT = Array.from({ length: 301 }, (_, step) => step).filter(
  (step) => step <= 40 || (step <= 100 ? step % 5 === 0 : step % 10 === 0),
);

async function plane(link: string) {
  const { experiment } = parseLink(link);
  const {
    problem,
    observed,
    scalings: [scaling],
    summary,
  } = await trainInBackground(experiment, { backends, observe: KEPT });
  const wanted = problem.modules[0].wanted;
  return {
    scaling,
    error: Number(summary.relativeError?.toPrecision(6)),
    target: digits(wanted.matrix.data, 7),
    values: digits(wanted.spectrum.values, 7),
    steps: observed.map(({ step }) => step),
    A: observed.map(({ factors: [{ A }] }) => digits(A, 6)),
    B: observed.map(({ factors: [{ B }] }) => digits(B, 6)),
  };
}

// To record again: UPDATE_RECORDED=1 npx vitest run lessons/rank/recorded
it('holds what the runs of the lesson give', async () => {
  const made = { picture: await picture(), learned: await plane(PLANE), frozen: await plane(FROZEN) };
  const file = new URL('recorded.json', import.meta.url);
  if (process.env.UPDATE_RECORDED) writeFileSync(file, `${JSON.stringify(made)}\n`);
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  const close = (value: unknown): unknown =>
    typeof value === 'number'
      ? expect.closeTo(value, 4)
      : Array.isArray(value)
        ? value.map(close)
        : Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, close(one)]));
  expect(made).toEqual(close(kept));
});
