import { change } from '../../experiment/experiment.ts';
import { prepareLayer } from '../../experiment/layer.ts';
import type { Experiment } from '../../experiment/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { ReadyDrawing } from '../../state/state.ts';

/** A small ΔW*, row by row. */
export interface Preview {
  readonly size: number;
  readonly values: Float32Array;
}

/** Entries along a side: enough for a picture, few enough for noise to be seen as entries. */
const sizeOf = (name: string) => (targets.byName(name).params.includes('picture') ? 48 : 24);

type Name = Experiment['target'];

/** Which settings a target's preview depends on, as text: made again only when it changes. */
export function previewKey(e: Experiment, name: Name): string {
  return JSON.stringify([name, e.seed, ...targets.byName(name).params.map((key) => e[key])]);
}

/** The target that a tile stands for, with this experiment's settings, small; null where it cannot be had. */
export function previewOf(e: Experiment, name: Name, drawing: ReadyDrawing | null): Preview | null {
  const size = sizeOf(name);
  const small = change(e, { target: name, d: size, k: size, rank: 1, init: 'kaiming-uniform' });
  const layer = prepareLayer(small, name === 'picture' ? drawing : null, { vectors: false });
  return 'why' in layer ? null : { size, values: layer.target.data };
}
