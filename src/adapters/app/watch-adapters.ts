import { goTo, isAdapters } from '../../state/places.ts';
import type { Store } from '../../state/state.ts';
import type { DifferencePlan } from '../file/checkpoints/lora-file.ts';
import type { Adapter, Fault } from '../file/model.ts';
import type { AdaptersState } from '../state/adapters-state.ts';
import { sizedFile } from '../state/predictions.ts';
import { filesOf } from '../state/reading.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { AdaptersNews, RemoteCalls } from '../worker/protocol.ts';
import { createFileOpener } from './file-opener.ts';
import {
  openChosenModule,
  openChosenPair,
  openChosenTensor,
  openFileOnNetwork,
  openTowardsModel,
} from './open-modules.ts';
import { createReader } from './reader.ts';
import { createFileWriter, type FileWriter, saveFigures } from './saving.ts';

interface ModelsWatch {
  readonly writing: FileWriter;
  readonly cancel: () => void;
  /** The page has drawn the last figures. */
  readonly drawn: () => void;
}

/** Carries out what the page of two models asks for, by a reader of its own, which the first two models start. */
function watchModels(store: AdaptersStore, reader: RemoteCalls, lab: Store): ModelsWatch {
  /** The plan that is being worked out; the newest one follows it. */
  let planned: DifferencePlan | null = null;

  async function foretell(): Promise<void> {
    const plan = store.state().models?.plan;
    if (!plan || planned !== null) return;
    planned = plan;
    const outlook = await reader.planLora(plan);
    planned = null;
    const now = store.state().models;
    if (!now || now.matched === null || now.reading) return;
    if (now.plan === plan) store.dispatch({ type: 'models-outlook', outlook });
    else void foretell();
  }

  store.react(({ models: now }, { models: before }, event) => {
    if (event.type === 'models-lab') void openChosenTensor(store, reader, lab);
    if (now === before) return;
    if (now?.base !== before?.base || now?.fine !== before?.fine) {
      if (before?.matched || before?.fine) void reader.cancel();
      if (now?.base && now.fine) void reader.compareModels(filesOf(now.base), filesOf(now.fine));
    }
    if (event.type === 'read-rest' && now?.reading) void reader.measureModels();
    if (event.type === 'models-intruders' && now) void reader.countIntruders(event.pair);
    const isMeasured = now?.matched && now.figures.length > 0 && now.reading === null;
    if (isMeasured && (now.plan !== before?.plan || before.reading !== null || before.figures !== now.figures))
      void foretell();
  });

  return {
    writing: createFileWriter(store, reader, lab),
    cancel: () => void reader.cancel(),
    drawn: () => void reader.drawn(),
  };
}

/** Carries out what is asked of the base beside the first file, by the reader that has this file open. */
function watchBase(store: AdaptersStore, reader: RemoteCalls): void {
  store.react((now, before, event) => {
    const [{ base, chosen, files }, was] = [now, before.base];
    const [first] = files;
    if (base?.model !== was?.model) {
      if (base && first) void reader.openBase(first.id, filesOf(base.model), chosen);
      else void reader.closeBase();
      return;
    }
    if (event.type === 'base-leading') void reader.findLeading(event.module);
    if (!base?.matched || !base.reading) return;
    const isAnother = event.type === 'alpha' && first?.adapter !== before.files[0]?.adapter;
    // The module on show comes first.
    const isWaiting = chosen !== before.chosen && !base.reading.stopped && base.figures[chosen] === null;
    if (isAnother || isWaiting || event.type === 'read-rest') void reader.measureBase(chosen);
  });
}

export function watchAdapters(store: AdaptersStore, lab: Store): void {
  const { calls: reader, prepare } = createReader(hear, (why) => {
    const details = `Open the file again. The browser says: ${why}`;
    store.dispatch({ type: 'failed', title: 'The reader of adapter files stopped.', details });
    store.dispatch({ type: 'cancel' });
  });
  const opening = createFileOpener(store, reader, lab);
  const writing = createFileWriter(store, reader, lab);
  // Two whole models have a worker of their own: a matrix takes its memory.
  const ofModels = createReader(
    (news) => hear(news, models.writing),
    (why) => {
      const details = `Open the models again. The browser says: ${why}`;
      store.dispatch({ type: 'failed', title: 'The reader of the models stopped.', details, ofModels: true });
    },
  );
  const models = watchModels(store, ofModels.calls, lab);

  function hear(news: AdaptersNews, writer = writing): void {
    switch (news.type) {
      case 'opened': {
        const slot = opening.slotOf(news.file);
        if (slot === null) void reader.close(news.file);
        else store.dispatch({ ...news, slot });
        break;
      }
      case 'progress': {
        const { type, ...progress } = news;
        const { work } = store.state();
        if (work) store.dispatch({ type, work: { ...work, ...progress } });
        break;
      }
      case 'written':
        writer.written(news);
        break;
      default:
        store.dispatch(news);
        if (news.type === 'measured' || news.type === 'compared' || news.type === 'base-measured')
          // After the frame with these figures.
          requestAnimationFrame(() => setTimeout(() => void reader.drawn()));
        else if (news.type === 'models-measured') requestAnimationFrame(() => setTimeout(models.drawn));
    }
  }

  const compare = ({ files: [first, second], pair }: AdaptersState) => {
    if (first && second && !first.asksAlpha && !second.asksAlpha)
      void reader.compare([first.id, second.id], pair?.plan.weights ?? [1, 1]);
  };

  const fail = ({ fault: title, details }: Fault) => store.dispatch({ type: 'failed', title, details });

  /** The adapter whose sizes are searched for: one search at a time for each. */
  let searched: Adapter | null = null;
  async function findSizes(): Promise<void> {
    const { sizes, smaller } = store.state();
    const file = sizedFile(store.state());
    if (!file || sizes?.adapter === file.adapter || searched === file.adapter) return;
    const { adapter } = file;
    searched = adapter;
    const found = await reader.sizes(file.id, smaller.most);
    searched = null;
    if (sizedFile(store.state())?.adapter !== adapter) return;
    if ('fault' in found) fail(found);
    else store.dispatch({ type: 'sizes', sizes: { ...found, adapter } });
  }

  async function findSize(most: number | null | undefined): Promise<void> {
    const file = sizedFile(store.state());
    if (!file || typeof most !== 'number') return;
    const found = await reader.size(file.id, most);
    const now = store.state();
    if (now.smaller.most !== most || sizedFile(now)?.adapter !== file.adapter) return;
    if ('fault' in found) fail(found);
    else store.dispatch({ type: 'size', size: found });
  }

  async function foretell(): Promise<void> {
    const { pair, files } = store.state();
    if (!pair) return;
    const { plan } = pair;
    const work = { does: 'foretell', name: 'the merge', done: 0, of: 0, secondsLeft: null } as const;
    store.dispatch({ type: 'progress', work });
    const ids = files.map(({ id }) => id);
    const found = await reader.foretell(ids, plan);
    const now = store.state();
    // Cancelled, or another merge by now.
    if (now.work?.does !== 'foretell') return;
    if (now.pair?.plan !== plan) return store.dispatch({ type: 'cancel' });
    if ('fault' in found) fail(found);
    else store.dispatch({ type: 'outlook', outlook: { ...found, plan } });
  }

  let wantsNetwork = false;
  /** Waits until the file is read; a file that cannot be is shown among Adapters, with why. */
  function followNetwork({ work, files: [file] }: AdaptersState, failed: boolean): void {
    if (!wantsNetwork || (!failed && (work !== null || !file))) return;
    const unknown = failed || file?.asksAlpha === true;
    if (!unknown && file?.figures.includes(null)) return;
    wantsNetwork = false;
    if (!unknown) void openFileOnNetwork(store, reader, lab);
    else if (!isAdapters(lab.state().view)) lab.dispatch(goTo('adapters'));
  }

  store.react((now, before, event) => {
    switch (event.type) {
      case 'files':
        if (event.as === 'aim') void openTowardsModel(store, reader, lab, event.files);
        else if (now.dropped === null && now.models === before.models && event.as !== 'adapter-base')
          void opening.bring(event.files, event.as);
        break;
      case 'choosing':
        if (now.models?.shown) ofModels.prepare();
        else {
          prepare();
          if (lab.state().view.view === 'adapters') void import('../view/overview/overview.tsx').catch(() => {});
        }
        break;
      case 'opened': {
        // A second file leads to what is shown of both, another first file away from it.
        const again = before.files.some(({ id }) => id === event.file);
        if (event.slot !== 0 && !again) lab.dispatch(goTo('two'));
        else if (!again && lab.state().view.view === 'two') lab.dispatch(goTo('adapters'));
        break;
      }
      case 'close':
        if (lab.state().view.view !== 'smaller') lab.dispatch(goTo('adapters'));
        break;
      case 'example':
        opening.example();
        break;
      case 'cancel':
        opening.cancel();
        void reader.cancel();
        if (before.models) void models.cancel();
        break;
      case 'read-rest':
        for (const file of now.files) if (file.reading) void reader.measure(file.id);
        if (now.pair?.reading) void reader.compareRest();
        break;
      case 'alpha':
        if (event.answer === 'ask') break;
        for (const [i, { id, adapter }] of now.files.entries())
          if (adapter !== before.files[i]?.adapter) void reader.alpha(id, event.answer);
        break;
      case 'find-sizes':
        void findSizes();
        break;
      case 'foretell':
        void foretell();
        break;
      case 'smaller':
        void findSize(event.changes.most);
        break;
      case 'write':
        void (event.does === 'extract' ? models.writing : writing).write(event.does);
        break;
      case 'open-written':
        void opening.bring((before.written?.does === 'extract' ? models.writing : writing).again(), 'replace');
        break;
      case 'lab':
        void openChosenModule(store, reader, lab);
        break;
      case 'go-on':
        void openChosenPair(store, reader, lab);
        break;
      case 'network':
        wantsNetwork = true;
        break;
      case 'save':
        void saveFigures(event.what, store, reader);
        break;
      case 'merge': {
        const weights = now.pair?.plan.weights;
        if (weights && weights !== before.pair?.plan.weights) void reader.weigh(weights.slice(0, 2));
        break;
      }
      default:
    }
    followNetwork(now, event.type === 'failed');
    for (const { id } of before.files) if (!now.files.some((file) => file.id === id)) void reader.close(id);
    const [was, is] = [pairOf(before), pairOf(now)];
    if (now.files.length > 1 && is.some((one, i) => one !== was[i])) compare(now);
    const [first] = now.files;
    const moved = before.detail !== null || before.files[0]?.id !== first?.id || before.chosen !== now.chosen;
    if (first && now.detail === null && moved) void reader.detail(first.id, now.chosen);
  });

  // After the calls above: a new α first.
  watchBase(store, reader);
}

const pairOf = ({ files }: AdaptersState) =>
  files.slice(0, 2).flatMap(({ id, adapter, asksAlpha }) => [id, adapter, asksAlpha]);
