import type { Store } from '../../state/store.ts';
import type { AdaptersState } from '../state/adapters-state.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { AdaptersUp } from '../worker/protocol.ts';
import { createOpening } from './opening.ts';
import { createReader } from './reader.ts';
import { saveOf } from './saving.ts';
import { chosenToLab } from './to-lab.ts';
import { createWriting } from './writing.ts';

/** Does what events of the page of adapters ask for: files go to the worker, and what it finds comes back as events. */
export function watchAdapters(store: AdaptersStore, lab: Store): void {
  const reader = createReader(hear, (why) => {
    const details = `Open the file again. The browser says: ${why}`;
    store.dispatch({ type: 'failed', title: 'The reader of adapter files stopped.', details });
    // What it was at is not going on.
    store.dispatch({ type: 'cancel' });
  });
  const opening = createOpening(store, reader, lab);
  const writing = createWriting(store, reader);

  function hear(message: Exclude<AdaptersUp, { readonly type: 'answer' }>): void {
    switch (message.type) {
      case 'opened': {
        const slot = opening.slotOf(message.file);
        if (slot === null) reader.tell({ type: 'close', file: message.file });
        else store.dispatch({ ...message, slot });
        break;
      }
      case 'failed': {
        const { title, details, names, file } = message;
        store.dispatch({ type: 'failed', title, details, ...(names && { names }), ...(file !== null && { file }) });
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
        const { done, of, back, secondsLeft } = message;
        if (work) store.dispatch({ type: 'progress', work: { ...work, done, of, back, secondsLeft } });
        break;
      }
      case 'written':
        writing.written(message);
        break;
      default:
        message satisfies never;
    }
  }

  /** Compares the two files that are open, from the beginning. */
  const compare = ({ files: [first, second], pair }: AdaptersState) => {
    if (first && second && !first.asksAlpha && !second.asksAlpha)
      reader.tell({ type: 'compare', files: [first.id, second.id], weights: pair?.plan.weights ?? [1, 1] });
  };

  store.react((now, before, event) => {
    switch (event.type) {
      case 'files':
        if (now.dropped === null) void opening.bring(event.files, event.as);
        break;
      case 'example':
        opening.example();
        break;
      case 'cancel':
        opening.cancel();
        reader.tell({ type: 'cancel' });
        break;
      case 'read-rest':
        for (const file of now.files) if (file.reading) reader.tell({ type: 'measure', file: file.id });
        if (now.pair?.reading) reader.tell({ type: 'compare-rest' });
        break;
      case 'alpha':
        if (event.answer === 'ask') break;
        for (const [i, { id, adapter }] of now.files.entries())
          if (adapter !== before.files[i]?.adapter) reader.tell({ type: 'alpha', file: id, answer: event.answer });
        break;
      case 'write':
        void writing.write(event.does);
        break;
      case 'open-written':
        void opening.bring(writing.again(), 'replace');
        break;
      case 'lab':
        void chosenToLab(store, reader, lab);
        break;
      case 'save':
        void saveOf(event.what, store, reader);
        break;
      case 'merge': {
        const weights = now.pair?.plan.weights;
        if (weights && weights !== before.pair?.plan.weights) reader.tell({ type: 'weigh', weights });
        break;
      }
      default:
    }
    for (const { id } of before.files)
      if (!now.files.some((file) => file.id === id)) reader.tell({ type: 'close', file: id });
    const [was, is] = [pairOf(before), pairOf(now)];
    if (now.files.length === 2 && is.some((one, i) => one !== was[i])) compare(now);
    const [first] = now.files;
    const moved = before.detail !== null || before.files[0]?.id !== first?.id || before.chosen !== now.chosen;
    if (first && now.detail === null && moved) reader.tell({ type: 'detail', file: first.id, module: now.chosen });
  });
}

/** What a comparison depends on. */
const pairOf = ({ files }: AdaptersState) => files.flatMap(({ id, adapter, asksAlpha }) => [id, adapter, asksAlpha]);
