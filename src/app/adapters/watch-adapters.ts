import type { AdaptersUp, Answer, Listed } from '../../protocol/adapters.ts';
import type { AdaptersEvent, AdaptersState, BroughtFile } from '../../state/adapters/adapters-state.ts';
import { isConfig } from '../../state/adapters/brought.ts';
import type { Store } from '../../state/store.ts';
import { EXAMPLE_MODULES, trainExample } from './example.ts';
import { createReader } from './reader.ts';

type AdaptersStore = Store<AdaptersState, AdaptersEvent>;

/** Of a file that is open: by what it was opened. */
interface Opened {
  readonly listed: number;
  readonly slot: 0 | 1;
}

/** Does what events of the page of adapters ask for: files go to the worker, and what it finds comes back as events. */
export function watchAdapters(store: AdaptersStore, lab: Store): void {
  const opened = new Map<number, Opened>();
  let files = 0;
  const reader = createReader(hear, (why) =>
    store.dispatch({
      type: 'failed',
      title: 'The reader of adapter files stopped.',
      details: `Open the file again. The browser says: ${why}`,
    }),
  );

  function hear(message: Exclude<AdaptersUp, { readonly type: 'answer' }>): void {
    switch (message.type) {
      case 'opened': {
        const { slot } = opened.get(message.file) ?? { slot: 0 };
        store.dispatch({ ...message, slot });
        break;
      }
      case 'failed': {
        const { title, details, names } = message;
        if (message.file !== null) opened.delete(message.file);
        store.dispatch({ type: 'failed', title, details, ...(names ? { names } : {}) });
        break;
      }
      case 'detail': {
        const { type, ...detail } = message;
        store.dispatch({ type, detail });
        break;
      }
      case 'measured':
      case 'matched':
      case 'compared':
        store.dispatch(message);
        break;
      case 'progress': {
        const { work } = store.state();
        const { done, of, secondsLeft } = message;
        if (work) store.dispatch({ type: 'progress', work: { ...work, done, of, secondsLeft } });
        break;
      }
      case 'written':
        break;
      default:
        message satisfies never;
    }
  }

  const open = (listed: number, slot: 0 | 1, config: string | null = null, file = files++) => {
    opened.set(file, { listed, slot });
    reader.tell({ type: 'open', file, listed, config });
  };

  /** What was brought is looked through; up to two adapters of it are opened. */
  const bring = async (brought: readonly BroughtFile[], as?: 'second' | 'replace') => {
    const found = await reader.ask({ type: 'list', brought });
    if (!isList(found)) return store.dispatch({ type: 'failed', ...said(found) });
    const { adapters, config } = found;
    const asking = store.state().files.find(({ asksAlpha }) => asksAlpha) ?? store.state().files.at(-1);
    const of = asking && opened.get(asking.id);
    if (config !== null && asking && of) return open(of.listed, of.slot, config, asking.id);
    const [first, second] = adapters;
    if (!first) return store.dispatch(nothingFound(brought));
    const beside = as === 'second' && store.state().files.length > 0;
    open(first.listed, beside ? 1 : 0);
    if (second && !beside) open(second.listed, 1);
    if (adapters.length > (beside ? 1 : 2)) store.dispatch(tooMany(adapters, beside ? 1 : 2));
  };

  /** Ends the training of the example; null where none goes on. */
  let example: (() => void) | null = null;
  const makeExample = () => {
    const of = EXAMPLE_MODULES;
    const began = performance.now();
    const { done, cancel } = trainExample(lab, (trained) => {
      const secondsLeft = ((performance.now() - began) / 1000 / trained) * (of - trained);
      if (example === cancel)
        store.dispatch({
          type: 'progress',
          work: { does: 'opening', name: 'the example', done: trained, of, secondsLeft },
        });
    });
    example = cancel;
    done.then(
      (files) => {
        if (example !== cancel || !files) return;
        example = null;
        store.dispatch({ type: 'files', files, as: 'replace' });
      },
      (error: unknown) =>
        store.dispatch({ type: 'failed', title: 'The example could not be trained.', details: String(error) }),
    );
  };

  /** Compares the two files that are open, from the beginning. */
  const compare = ({ files: [first, second], pair }: AdaptersState) => {
    if (first && second && !first.asksAlpha && !second.asksAlpha)
      reader.tell({ type: 'compare', files: [first.id, second.id], weights: pair?.plan.weights ?? [1, 1] });
  };
  const pairOf = ({ files }: AdaptersState) => files.flatMap(({ id, adapter, asksAlpha }) => [id, adapter, asksAlpha]);

  store.react((now, before, event) => {
    switch (event.type) {
      case 'files':
        if (now.dropped === null) void bring(event.files, event.as);
        break;
      case 'cancel':
        example?.();
        reader.tell({ type: 'cancel' });
        break;
      case 'example':
        makeExample();
        break;
      case 'read-rest':
        if (now.pair?.reading) reader.tell({ type: 'compare-rest' });
        for (const file of now.files) if (file.reading) reader.tell({ type: 'measure', file: file.id });
        break;
      case 'alpha':
        if (event.answer !== 'ask')
          for (const [i, file] of now.files.entries())
            if (file.adapter !== before.files[i]?.adapter)
              reader.tell({ type: 'alpha', file: file.id, answer: event.answer });
        break;
      default:
    }
    for (const { id } of before.files)
      if (!now.files.some((file) => file.id === id)) reader.tell({ type: 'close', file: id });
    const [was, is] = [pairOf(before), pairOf(now)];
    if (now.files.length === 2 && is.some((one, i) => one !== was[i])) compare(now);
    const [weighed, weights] = [before.pair?.plan.weights, now.pair?.plan.weights];
    if (event.type === 'merge' && weights && weighed !== weights) reader.tell({ type: 'weigh', weights });
    const [first] = now.files;
    const moved = before.detail !== null || before.files[0]?.id !== first?.id || before.chosen !== now.chosen;
    if (first && now.detail === null && moved) reader.tell({ type: 'detail', file: first.id, module: now.chosen });
  });
}

const isList = (answer: Answer): answer is Extract<Answer, { readonly adapters: readonly Listed[] }> =>
  'adapters' in answer;

const said = (answer: Answer) =>
  'fault' in answer
    ? { title: answer.fault, details: answer.details }
    : { title: 'The file could not be opened.', details: '' };

function nothingFound(brought: readonly BroughtFile[]): AdaptersEvent {
  const configOnly = brought.every(isConfig);
  return {
    type: 'failed',
    title: configOnly ? 'A config alone holds no adapter.' : 'No adapter was found.',
    details: configOnly
      ? 'Choose the .safetensors file too, together with its adapter_config.json.'
      : 'Choose a .safetensors file, or the folder or zip that it is in.',
  };
}

const tooMany = (adapters: readonly Listed[], opened: 1 | 2): AdaptersEvent => ({
  type: 'failed',
  title: `${adapters.length} adapters were brought.`,
  details:
    opened === 2
      ? 'This page compares two: the first two are open.'
      : 'This page compares two: the first one is open beside the other.',
  names: adapters.map(({ name }) => name),
});
