import { prepareProblem } from '../../../experiment/layer/problem.ts';
import { type AdapterName, budgetOf, type CellSize, sizeWithin } from '../../../experiment/methods/which/adapters.ts';
import { KINDS, type KindName, SIDE } from '../../../experiment/methods/which/kinds.ts';
import type { MapView } from '../../../experiment/methods/which/map.ts';
import { experimentOf } from '../../../experiment/methods/which/measured.ts';
import { change } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import type { Entries } from '../../rail/colours.ts';

/** The settings of an adapter in the Lab; null if the Lab does not train it. */
const SETTINGS_OF = {
  lora: ({ rank }) => ({ method: 'lora', rank }),
  'b-only': ({ rank }) => ({ method: 'lora', train: 'B', rank }),
  hira: () => null,
  lokr: () => null,
  oft: () => null,
  ia3: () => null,
  shira: () => null,
  dora: () => null,
  'lora-xs': () => null,
} as const satisfies Record<AdapterName, (size: CellSize) => Partial<Experiment> | null>;

/** The experiment of a cell; null if the Lab does not train its adapter. */
export function cellExperiment({ kind, adapter, rank }: MapView): Experiment | null {
  const update = KINDS.find(({ name }) => name === kind) ?? KINDS[0];
  const settings: Partial<Experiment> | null = SETTINGS_OF[adapter](
    sizeWithin(adapter, SIDE, SIDE, budgetOf(rank, SIDE, SIDE)),
  );
  return settings && change(experimentOf(update, 1), settings);
}

export type UpdatePictures = ReadonlyMap<KindName, Entries>;

let made: UpdatePictures | null = null;

/** ΔW* of each kind at the first seed: some 20 ms each, once. */
export function updatePictures(): UpdatePictures {
  made ??= new Map(
    KINDS.flatMap((kind) => {
      const problem = prepareProblem(experimentOf(kind, 1), null, { vectors: false });
      if ('why' in problem) return [];
      return problem.modules.map(({ wanted: { matrix } }) => {
        const { rows, cols, data } = matrix;
        return [kind.name, { rows, cols, values: data }] as const;
      });
    }),
  );
  return made;
}
