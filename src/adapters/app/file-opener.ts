import type { Store } from '../../state/store.ts';
import { type AdaptersEvent, isConfigFile } from '../state/adapters-state.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { AdapterListing, ImportedFile, RemoteCalls } from '../worker/protocol.ts';
import { EXAMPLE_COUNT, trainExample } from './example.ts';

interface OpenedSource {
  readonly listed: number;
  readonly slot: 0 | 1;
}

export interface FileOpener {
  /** Opens up to two adapters of the imported files. */
  readonly bring: (brought: readonly ImportedFile[], as?: 'second' | 'replace') => Promise<void>;
  readonly example: () => void;
  /** Ignores files that are still being opened. */
  readonly cancel: () => void;
  readonly slotOf: (file: number) => 0 | 1 | null;
}

export function createFileOpener(
  store: AdaptersStore,
  reader: Pick<RemoteCalls, 'list' | 'open'>,
  lab: Store,
): FileOpener {
  const opened = new Map<number, OpenedSource>();
  let files = 0;
  /** Grows with every import and every cancel: a late result of an earlier turn is ignored. */
  let turn = 0;
  let stopTraining = () => {};

  const open = (listed: number, slot: 0 | 1, config: string | null = null, file = files++) => {
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
