import { pagePool } from '../../app/pool.ts';
import type { PoolRun } from '../../engine/bridge/pool.ts';
import { type Tensor, writeSafetensors } from '../../experiment/export/safetensors.ts';
import { parseLink } from '../../experiment/link/link.ts';
import type { Store } from '../../state/store.ts';
import type { ImportedFile } from '../worker/protocol.ts';

const RANK = 8;
const ALPHA = 16;
const LAYERS = 3;

/** Sizes, and how fast the singular values of the target fall. */
const KINDS = [
  { name: 'q_proj', d: 128, k: 128, rate: 0.72 },
  { name: 'k_proj', d: 64, k: 128, rate: 0.6 },
  { name: 'v_proj', d: 64, k: 128, rate: 0.8 },
  { name: 'o_proj', d: 128, k: 128, rate: 0.45 },
] as const;

export const EXAMPLE_COUNT = LAYERS * KINDS.length;

/** Trains the modules of a small decoder and writes them as PEFT does. null: cancelled. */
export function trainExample(
  lab: Store,
  progress: (done: number) => void,
): { readonly done: Promise<readonly ImportedFile[] | null>; readonly cancel: () => void } {
  const modules = Array.from({ length: LAYERS }, (_, layer) => KINDS.map((kind) => ({ ...kind, layer }))).flat();
  let done = 0;
  const runs: PoolRun[] = modules.map(({ d, k, rate, layer }, i) => {
    const link = `#v=1&target=decay&d=${d}&k=${k}&rate=${(rate + 0.06 * layer).toFixed(2)}&rank=${RANK}&alpha=${ALPHA}&steps=250&seed=${i + 1}`;
    const { experiment } = parseLink(link);
    return pagePool(lab).run({ experiment, drawing: null, keep: ['factors'] }, { priority: 2 });
  });
  for (const run of runs) void run.done.then((result) => 'why' in result || progress(++done));
  const cancel = () => {
    for (const run of runs) run.cancel();
  };
  const written = async () => {
    const results = await Promise.all(runs.map((run) => run.done));
    const tensors: Tensor[] = [];
    for (const [i, result] of results.entries()) {
      const module = modules[i];
      if ('why' in result) {
        if (result.kind === 'cancelled') return null;
        throw new Error(result.why);
      }
      const [{ d, k, rank, factors }] = result.kept;
      if (!factors || !module) throw new Error('the trained factors did not come');
      const name = `base_model.model.model.layers.${module.layer}.self_attn.${module.name}`;
      tensors.push({ name: `${name}.lora_A.weight`, shape: [rank, k], data: factors.A });
      tensors.push({ name: `${name}.lora_B.weight`, shape: [d, rank], data: factors.B });
    }
    return filesOf(tensors);
  };
  return { done: written(), cancel };
}

function filesOf(tensors: readonly Tensor[]): readonly ImportedFile[] {
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    r: RANK,
    lora_alpha: ALPHA,
    target_modules: KINDS.map(({ name }) => name),
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: false,
    use_rslora: false,
    use_dora: false,
  };
  return [
    new File([writeSafetensors(tensors)], 'example.safetensors'),
    new File([`${JSON.stringify(config, null, 2)}\n`], 'adapter_config.json'),
  ].map((file) => ({ file, path: file.name }));
}
