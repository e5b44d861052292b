import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parseLink } from '../../link/link.ts';
import { number } from '../../numbers.ts';
import { presets } from '../../presets.ts';
import type { SmallPicture } from '../small-picture.ts';

export interface RecordedClaim {
  readonly measured: string;
  readonly holds: string;
  readonly picture: SmallPicture;
}

export type RecordedByName = Readonly<Record<string, RecordedClaim>>;

const FILE = new URL('../recorded.json', import.meta.url);
const SEEDS_FILE = new URL('./seeds.json', import.meta.url);
export const SEEDS = [1, 2, 3, 4, 5];

export const readRecorded = (): RecordedByName => JSON.parse(readFileSync(FILE, 'utf8')) as RecordedByName;

type Figures = Readonly<Record<string, number>>;

const readSeeds = (): Readonly<Record<string, readonly Figures[]>> => JSON.parse(readFileSync(SEEDS_FILE, 'utf8'));

/** If `holds` is a function, some figures may be left out, and those of seeds.json are taken. */
export interface SeedResult {
  readonly figures: Figures;
  readonly holds: boolean | ((figures: Figures) => boolean);
}

/**
 * Tries a claim with the seed of the preset's link, whose figures must match seeds.json, and fails if the claim does
 * not hold, or if the figures over all seeds or the picture differ from recorded.json. ALL_SEEDS=1 tries seeds 1 to 5;
 * UPDATE_RECORDED=1 npx vitest run src/experiment --no-file-parallelism does so too, and writes both files.
 */
export async function checkOverSeeds(
  preset: string,
  measure: (seed: number) => Promise<SeedResult>,
  picture: (own: Figures) => Promise<SmallPicture>,
  write: (value: number) => string = number,
): Promise<void> {
  const { seed: own } = parseLink(presets.byName(preset).link).experiment;
  const update = Boolean(process.env.UPDATE_RECORDED);
  const figuresBySeed = [...(readSeeds()[preset] ?? [])];
  const misses: string[] = [];
  for (const seed of update || process.env.ALL_SEEDS ? SEEDS : [SEEDS.includes(own) ? own : SEEDS[0]]) {
    const { figures: found, holds } = await measure(seed);
    const place = SEEDS.indexOf(seed);
    const figures = typeof holds === 'function' ? { ...figuresBySeed[place], ...found } : found;
    if (!(typeof holds === 'function' ? holds(figures) : holds))
      misses.push(`seed ${seed}: ${JSON.stringify(figures)}`);
    // Processors round the last digits differently.
    if (!update) expect(written(figures, write)).toEqual(written(figuresBySeed[place], write));
    figuresBySeed[place] = figures;
  }
  expect(misses).toEqual([]);
  expect(figuresBySeed).toHaveLength(SEEDS.length);
  const measured = Object.keys(figuresBySeed[0]).map((name) => {
    const values = figuresBySeed.map((figures) => figures[name]).sort((a, b) => a - b);
    const [min, middle, max] = [values[0], values[2], values[4]].map((value) => write(value));
    return `${name} ${min === max ? middle : `${middle} (${min}–${max})`}`;
  });
  const found: RecordedClaim = {
    measured: measured.join(' · '),
    holds: `${SEEDS.length} of ${SEEDS.length}`,
    picture: tidy(await picture(figuresBySeed[Math.max(0, SEEDS.indexOf(own))])),
  };
  if (update) {
    keep(FILE, readRecorded(), preset, found);
    keep(SEEDS_FILE, readSeeds(), preset, figuresBySeed);
  }
  expect(found).toEqual(readRecorded()[preset]);
}

const written = (figures: Figures, write: (value: number) => string) =>
  Object.entries(figures).map(([name, value]) => [name, write(value)]);

/** Three digits are more than a picture of 204 px shows. */
const tidy = (picture: SmallPicture): SmallPicture =>
  JSON.parse(JSON.stringify(picture, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(3)) : value)));

function keep<T>(file: URL, before: Readonly<Record<string, T>>, preset: string, found: T): void {
  const all: Record<string, T> = { ...before, [preset]: found };
  const ordered = presets.all.flatMap(({ name }) => (all[name] ? [[name, all[name]]] : []));
  const lines = ordered.map(([name, one]) => `  ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}
