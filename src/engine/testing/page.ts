import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { ModuleSeries, Series } from '../../experiment/settings/metric.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { yieldTask } from '../../math/slices.ts';
import type { Backend } from '../backends/backend.ts';
import type { RivalBackend } from '../backends/device.ts';
import { typescriptBackend } from '../backends/own-backends.ts';
import { createEngine } from '../engine.ts';
import type { BackgroundMessage, BackgroundResult } from '../protocol/background-messages.ts';
import type { FrameMessage } from '../protocol/frame.ts';
import type { PageMessage, RunMessage } from '../protocol/page-messages.ts';
import type { DoneMessage, FailedMessage, ReadyMessage, WorkerMessage } from '../protocol/worker-messages.ts';
import type { Preparation } from '../run/open.ts';
import { assetsInNode } from './assets-in-node.ts';

type Sent<T extends WorkerMessage['type']> = Extract<WorkerMessage, { readonly type: T }>;

export const smallExperiment = (experiment: Partial<Experiment>): Experiment => ({
  // Defaults that follow the size, such as that of a block, fit it.
  ...change(defaults(), { d: 12, k: 10, rank: 3, truerank: 3 }),
  ...experiment,
});

/** A page for tests: keeps the engine's messages and, by default, acknowledges every frame. */
export class TestPage {
  readonly messages: WorkerMessage[] = [];
  readonly quieteds: BackgroundResult[] = [];
  acknowledges = true;
  private order = 0;
  private budget = 0;
  private waiting: (() => void)[] = [];
  private readonly engine;

  constructor(
    backend: Backend = typescriptBackend,
    rivals: readonly RivalBackend[] = [],
    clock = () => performance.now(),
    prepare?: (message: RunMessage) => Preparation,
    /** For a rule that the back end does not have. */
    fallback: Backend = backend,
  ) {
    this.engine = createEngine({
      post: (message) => this.onMessage(message),
      pick: async (_choice, _page, shape) => ({
        backend: backend.unfit?.(shape) ? fallback : backend,
        why: null,
        rivals,
      }),
      ...{ clock, prepare },
      assets: assetsInNode,
    });
  }

  send(message: PageMessage | BackgroundMessage): void {
    this.engine.receive(message);
  }

  run(run: number, experiment: Partial<Experiment>, more: Partial<RunMessage> = {}): void {
    this.budget = experiment.steps ?? defaults().steps;
    this.send({
      type: 'run',
      run,
      session: 0,
      experiment: smallExperiment(experiment),
      choice: { backend: null, stepper: null },
      drawing: null,
      watch: { metrics: ['spectrum'], modules: null },
      page: 'http://localhost/',
      replay: null,
      ...more,
    });
  }

  pace(run: number, pace = Number.POSITIVE_INFINITY, until = this.budget): number {
    this.order += 1;
    this.send({ type: 'pace', run, order: this.order, pace, until });
    return this.order;
  }

  ack(frame: FrameMessage): void {
    this.send({ type: 'ack', run: frame.run, frame: frame.frame });
  }

  all<T extends WorkerMessage['type']>(type: T, run?: number): Sent<T>[] {
    return this.messages.filter(
      (m): m is Sent<T> => m.type === type && (run === undefined || ('run' in m && m.run === run)),
    );
  }

  /** Resolves with the first matching message, past or to come. */
  when<T extends WorkerMessage>(fits: (message: WorkerMessage) => message is T): Promise<T> {
    return this.found(() => this.messages.find(fits));
  }

  /** Resolves when the engine has sent nothing for n tasks in a row; only a timer may still be running then. */
  async settled(tasks = 200): Promise<void> {
    for (let idle = 0; idle < tasks; idle++) {
      const before = this.messages.length;
      await yieldTask();
      if (this.messages.length > before) idle = 0;
    }
  }

  ready(run: number): Promise<ReadyMessage> {
    return this.when((m): m is ReadyMessage => m.type === 'ready' && m.run === run);
  }

  done(order: number): Promise<DoneMessage> {
    return this.when((m): m is DoneMessage => m.type === 'done' && m.order === order);
  }

  failed(run: number): Promise<FailedMessage> {
    return this.when((m): m is FailedMessage => m.type === 'failed' && m.run === run);
  }

  quieted(quiet: number): Promise<BackgroundResult> {
    return this.found(() => this.quieteds.find((message) => message.quiet === quiet));
  }

  /** Resolves with the first frame at this step or a later one. */
  frameAt(run: number, step: number): Promise<FrameMessage> {
    return this.when((m): m is FrameMessage => m.type === 'frame' && m.run === run && lastStep(m) >= step);
  }

  /** The record that a page would assemble from the frames of a run of one module. */
  trace(run: number, key: Series | ModuleSeries): number[] {
    const out: number[] = [];
    for (const frame of this.all('frame', run)) {
      if (frame.from > out.length) throw new Error(`steps ${out.length} to ${frame.from - 1} are missing`);
      const lists: { readonly [name in Series | ModuleSeries]?: Float64Array } = {
        ...frame.series,
        ...frame.modules[0],
      };
      out.splice(frame.from, out.length, ...(lists[key] ?? []));
    }
    return out;
  }

  private async found<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private onMessage(message: WorkerMessage | BackgroundResult): void {
    if (message.type === 'quieted') this.quieteds.push(message);
    else this.messages.push(message);
    if (message.type === 'frame' && this.acknowledges) queueMicrotask(() => this.ack(message));
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

export function lastStep(frame: FrameMessage): number {
  return frame.from + frame.series.loss.length - 1;
}
