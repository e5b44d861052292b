import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { number } from '../../numbers.ts';
import { presets } from '../../presets.ts';
import type { SmallPicture } from '../small-picture.ts';

/** What is kept of the test of a preset's claim. */
export interface Recorded {
  /** The figures over all seeds, in words. */
  readonly measured: string;
  readonly holds: string;
  readonly picture: SmallPicture;
}

export type RecordedByName = Readonly<Record<string, Recorded>>;

const FILE = new URL('../recorded.json', import.meta.url);
export const SEEDS = [1, 2, 3, 4, 5];

export const readRecorded = (): RecordedByName => JSON.parse(readFileSync(FILE, 'utf8')) as RecordedByName;

/** What one seed shows. */
export interface Shown {
  readonly figures: Readonly<Record<string, number>>;
  readonly holds: boolean;
}

/**
 * Tries a claim with seeds 1 to 5 and fails where it does not hold with all of them, or where its figures or its picture
 * are others than recorded.json has. UPDATE_RECORDED=1 npx vitest run src/experiment --no-file-parallelism writes that.
 */
export async function overSeeds(
  preset: string,
  measure: (seed: number) => Promise<Shown>,
  picture: () => Promise<SmallPicture>,
  write: (value: number) => string = number,
): Promise<void> {
  expect(presets.all.map(({ name }) => name)).toContain(preset);
  const shown: Shown[] = [];
  for (const seed of SEEDS) shown.push(await measure(seed));
  const holds = shown.filter((one) => one.holds).length;
  expect(shown.map((one, i) => (one.holds ? null : `seed ${SEEDS[i]}: ${JSON.stringify(one.figures)}`))).toEqual(
    SEEDS.map(() => null),
  );
  const figures = Object.keys(shown[0].figures).map((name) => {
    const values = shown.map((one) => one.figures[name]).sort((a, b) => a - b);
    const [least, middle, most] = [values[0], values[2], values[4]].map((value) => write(value));
    return `${name} ${least === most ? middle : `${middle} (${least}–${most})`}`;
  });
  const found: Recorded = {
    measured: figures.join(' · '),
    holds: `${holds} of ${SEEDS.length}`,
    picture: tidy(await picture()),
  };
  if (process.env.UPDATE_RECORDED) keep(preset, found);
  expect(found).toEqual(readRecorded()[preset]);
}

/** Three digits are more than a picture of 204 px shows. */
const tidy = (picture: SmallPicture): SmallPicture =>
  JSON.parse(JSON.stringify(picture, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(3)) : value)));

function keep(preset: string, found: Recorded): void {
  const all: Record<string, Recorded> = { ...readRecorded(), [preset]: found };
  const ordered = presets.all.flatMap(({ name }) => (all[name] ? [[name, all[name]]] : []));
  const lines = ordered.map(([name, one]) => `  ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
  writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}
