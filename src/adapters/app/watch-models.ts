import type { Store } from '../../state/store.ts';
import type { DifferencePlan } from '../file/checkpoints/lora-file.ts';
import { filesOf } from '../state/reading.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { RemoteCalls } from '../worker/protocol.ts';
import { openChosenTensor } from './open-modules.ts';
import { createFileWriter, type FileWriter } from './saving.ts';

interface ModelsWatch {
  readonly writing: FileWriter;
  readonly cancel: () => void;
  /** The page has drawn the last figures. */
  readonly drawn: () => void;
}

/** Carries out what the page of two models asks for, by a reader of its own, which the first two models start. */
export function watchModels(store: AdaptersStore, reader: RemoteCalls, lab: Store): ModelsWatch {
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
export function watchBase(store: AdaptersStore, reader: RemoteCalls): void {
  store.react((now, before, event) => {
    const [{ base, chosen, files }, was] = [now, before.base];
    const [first] = files;
    if (base?.model !== was?.model) {
      if (base && first) void reader.openBase(first.id, filesOf(base.model), chosen);
      else void reader.closeBase();
      return;
    }
    if (!base?.matched || !base.reading) return;
    const isAnother = event.type === 'alpha' && first?.adapter !== before.files[0]?.adapter;
    // The module on show comes first.
    const isWaiting = chosen !== before.chosen && !base.reading.stopped && base.figures[chosen] === null;
    if (isAnother || isWaiting || event.type === 'read-rest') void reader.measureBase(chosen);
  });
}
