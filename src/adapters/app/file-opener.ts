import { pagePool } from '../../app/pool.ts';
import type { PoolRun } from '../../engine/bridge/pool.ts';
import { type Tensor, writeSafetensors } from '../../experiment/export/safetensors.ts';
import { parseLink } from '../../experiment/link/link.ts';
import type { Store } from '../../state/state.ts';
import { type AdaptersEvent, type FileRole, type FileSlot, isConfigFile } from '../state/adapters-state.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { AdapterListing, ImportedFile, RemoteCalls } from '../worker/protocol.ts';

export interface FileOpener {
  /** Opens up to two adapters of the imported files. */
  readonly bring: (brought: readonly ImportedFile[], as?: FileRole) => Promise<void>;
  readonly example: () => void;
  /** Ignores files that are still being opened. */
  readonly cancel: () => void;
  readonly slotOf: (file: number) => FileSlot | null;
}

export function createFileOpener(
  store: AdaptersStore,
  reader: Pick<RemoteCalls, 'list' | 'open'>,
  lab: Store,
): FileOpener {
  const opened = new Map<number, { readonly listed: number; readonly slot: FileSlot }>();
  let files = 0;
  /** Grows with every import and every cancel: a late result of an earlier turn is ignored. */
  let turn = 0;
  let stopTraining = () => {};

  const open = (listed: number, slot: FileSlot, config: string | null = null, file = files++) => {
    opened.set(file, { listed, slot });
    void reader.open(file, listed, config);
  };

  const cancel = () => {
    turn++;
    stopTraining();
    const shown = new Set(store.state().files.map(({ id }) => id));
    for (const file of opened.keys()) if (!shown.has(file)) opened.delete(file);
  };

  const bring: FileOpener['bring'] = async (brought, as) => {
    const mine = ++turn;
    const found = await reader.list(brought);
    if (mine !== turn) return;
    if ('fault' in found) return store.dispatch({ type: 'failed', title: found.fault, details: found.details });
    const { adapters, config } = found;
    const now = store.state().files;
    const asking = now.find(({ asksAlpha }) => asksAlpha) ?? now.at(-1);
    const of = asking && opened.get(asking.id);
    if (config !== null && asking && of) return open(of.listed, of.slot, config, asking.id);
    if (as === 'further' && now.length > 1) {
      for (const { listed } of adapters.slice(0, MOST_FILES - now.length)) open(listed, 2);
      if (adapters.length > 0) return;
    }
    const [first, second] = adapters;
    if (!first) return store.dispatch(nothingFound(brought));
    const beside = as === 'second' && now.length > 0;
    open(first.listed, beside ? 1 : 0);
    if (second && !beside) open(second.listed, 1);
    if (adapters.length > (beside ? 1 : 2)) store.dispatch(tooMany(adapters, beside));
  };

  const example = () => {
    const mine = ++turn;
    const of = EXAMPLE_COUNT;
    const began = performance.now();
    const { done, cancel: stop } = trainExample(lab, (trained) => {
      if (mine !== turn) return;
      const secondsLeft = ((performance.now() - began) / 1000 / trained) * (of - trained);
      const work = { does: 'opening', name: 'the example', done: trained, of, secondsLeft } as const;
      store.dispatch({ type: 'progress', work });
    });
    stopTraining = stop;
    done.then(
      (trained) => {
        if (mine === turn && trained) store.dispatch({ type: 'files', files: trained, as: 'replace' });
      },
      (error: unknown) =>
        store.dispatch({ type: 'failed', title: 'The example could not be trained.', details: String(error) }),
    );
  };

  return { bring, example, cancel, slotOf: (file) => opened.get(file)?.slot ?? null };
}

/** Files of a merge. */
const MOST_FILES = 16;

function nothingFound(brought: readonly ImportedFile[]): AdaptersEvent {
  const alone = brought.every(isConfigFile);
  return {
    type: 'failed',
    title: alone ? 'A config alone holds no adapter.' : 'No adapter was found.',
    details: alone
      ? 'Choose the .safetensors file too, together with its adapter_config.json.'
      : 'Choose a .safetensors file, or the folder or zip that it is in.',
  };
}

const tooMany = (adapters: readonly AdapterListing[], beside: boolean): AdaptersEvent => ({
  type: 'failed',
  title: `${adapters.length} adapters were brought.`,
  details: `This page compares two: ${beside ? 'the first one is open beside the other' : 'the first two are open'}.`,
  names: adapters.map(({ name }) => name),
});

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

const EXAMPLE_COUNT = LAYERS * KINDS.length;

/** Trains the modules of a small decoder and writes them as PEFT does. null: cancelled. */
function trainExample(
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
