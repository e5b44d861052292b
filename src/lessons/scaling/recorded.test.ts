import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { layerCache } from '../../experiment/layer/problem.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import recordedPresets from '../../experiment/recorded/recorded.json' with { type: 'json' };
import type { Experiment } from '../../experiment/settings/params.ts';
import { SCALINGS, type Scaling } from '../../experiment/settings/rate.ts';
import type { RateMap, ScalingRecord } from './recorded.ts';
import { ADAM_RATE } from './recorded.ts';

const FIXED = presets.byName('scaling-rule').link;
const MAPS = { sgd: presets.byName('largest-rate').link, adam: presets.byName('best-rate').link } as const;
const FILE = join(import.meta.dirname, 'recorded.json');
const RANKS = [4, 8, 16, 32, 64];
const RULES = Object.keys(SCALINGS) as Scaling[];
const digits = (value: number) => Number(value.toPrecision(3));

/** The last W₀ and ΔW*, which runs of one link share. */
const cache = layerCache();

const trained = (link: string, changes: Partial<Experiment>) =>
  trainInBackground({ ...parseLink(link).experiment, ...changes }, { backends: nodeBackends, cache });

async function overRanks(changes: Partial<Experiment>) {
  const runs = [];
  for (const rank of RANKS) runs.push(await trained(FIXED, { ...changes, rank }));
  return runs;
}

const ofRules = <T>(value: (rule: Scaling, i: number) => T) =>
  Object.fromEntries(RULES.map((rule, i) => [rule, value(rule, i)])) as Record<Scaling, T>;

function mapOf(preset: 'largest-rate' | 'best-rate', rates: readonly number[], floors: readonly number[]): RateMap {
  const { panels } = recordedPresets[preset].picture;
  return { rates, ranks: [1, 2, 4, 8, 16, 32], floors, cells: ofRules((_, i) => panels[i].cells) };
}

it('the runs that the lesson shows before an engine is there are those of today', async () => {
  const floors = async (link: string, ranks: readonly number[]) => {
    const { problem } = await trained(link, { steps: 1 });
    const all = floorOf(problem.modules[0].wanted?.spectrum.values ?? []);
    return ranks.map((rank) => digits(all[rank]));
  };
  const errors = { sgd: {}, adam: {} } as Record<'sgd' | 'adam', Record<Scaling, number[]>>;
  const gradients = {} as Record<Scaling, number[]>;
  for (const scaling of RULES) {
    const [sgd, adam] = [await overRanks({ scaling }), await overRanks({ scaling, opt: 'adam', lr: ADAM_RATE })];
    errors.sgd[scaling] = sgd.map(({ summary }) => digits(summary.relativeError ?? Number.NaN));
    errors.adam[scaling] = adam.map(({ summary }) => digits(summary.relativeError ?? Number.NaN));
    gradients[scaling] = sgd.map(({ points }) => digits(points.modules[0].gradNormB[0]));
  }
  const wide = await floors(MAPS.sgd, [1, 2, 4, 8, 16, 32]);
  const found: ScalingRecord = {
    ranks: RANKS,
    floors: await floors(FIXED, RANKS),
    errors,
    gradients,
    maps: {
      sgd: mapOf('largest-rate', [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], wide),
      adam: mapOf('best-rate', [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1], wide),
    },
  };
  if (process.env.UPDATE_RECORDED) writeFileSync(FILE, `${JSON.stringify(found)}\n`);
  expect(found).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
}, 60_000);
