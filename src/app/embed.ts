import type { FileKind } from '../state/events.ts';
import type { Store } from '../state/store.ts';
import type { LoraExplorer } from './page-interface.ts';

const READ = new Set(['link', 'run', 'ready', 'height']);
const COMMAND = new Set(['open', 'train', 'pause', 'reset', 'sweep', 'file']);

/** The element that contains the page. */
const whole = () => document.getElementById('root') ?? document.body;

/** The height in px that shows the whole page, independent of the current height of its frame. */
function ownHeight(): number {
  const { view } = document.documentElement.dataset;
  return view === 'embed' ? Math.ceil(whole().getBoundingClientRect().height) : document.documentElement.scrollHeight;
}

/** The request in a message from another page, checked; null for any other message. */
function request(data: unknown): { id: unknown; call: string; args: unknown[] } | null {
  if (typeof data !== 'object' || data === null) return null;
  const { lora, id, call, args } = data as Record<string, unknown>;
  if (lora !== 1 || typeof call !== 'string' || (typeof id !== 'number' && typeof id !== 'string')) return null;
  return { id, call, args: Array.isArray(args) ? args.slice(0, 2) : [] };
}

/** Whether a `data` text is the user's own: imported, drawn or dropped here. The maker of a link knows its content. */
function ownOf(store: Store): (data: string) => boolean {
  const linked = new Set(['', store.state().experiment.data]);
  store.react((_now, _before, event) => {
    if (event.type === 'opened') linked.add(event.experiment.data);
  });
  return (data) => !linked.has(data);
}

/**
 * The page interface by postMessage, for a page that embeds this one. Anyone may read, except the user's own matrix;
 * that and commands require an origin that the address named when the frame was loaded. `origins`: those, exact, or
 * "null"; `early`: messages from before this was loaded.
 */
export function answerMessages(
  lora: LoraExplorer,
  store: Store,
  origins: readonly string[],
  early: readonly MessageEvent[],
): void {
  const perform = async (call: string, args: unknown[]): Promise<unknown> => {
    const [first] = args;
    switch (call) {
      case 'link':
        return lora.link();
      case 'run':
        return lora.run();
      case 'ready':
        return lora.ready;
      case 'height':
        return ownHeight();
      case 'open':
        return lora.open(first as string);
      case 'train':
        return lora.train(first as number | undefined);
      case 'pause':
        return lora.pause();
      case 'sweep':
        return lora.sweep();
      case 'file':
        return lora.file(first as FileKind);
      default:
        return lora.reset();
    }
  };
  const isOwn = ownOf(store);
  /** Whether the answer would contain the user's own matrix. */
  const tellsOwn = (call: string) => {
    const { run, experiment } = store.state();
    return (call === 'run' && isOwn(run.experiment.data)) || (call === 'link' && isOwn(experiment.data));
  };
  const answer = (event: MessageEvent) => {
    const asked = request(event.data);
    const source = event.source;
    if (!asked || !source || source === window) return;
    const target = { targetOrigin: event.origin === 'null' ? '*' : event.origin };
    const reply = (answer: object) => source.postMessage({ lora: 1, id: asked.id, ...answer }, target);
    if (!READ.has(asked.call) && !COMMAND.has(asked.call))
      return reply({ error: `Unknown call; the calls are ${[...READ, ...COMMAND].join(', ')}.` });
    const unnamed = `the link of this frame does not name your origin (${event.origin}) in origin=.`;
    if (COMMAND.has(asked.call) && !origins.includes(event.origin))
      return reply({ error: `${asked.call}: ${unnamed}` });
    if (tellsOwn(asked.call) && !origins.includes(event.origin))
      return reply({ error: `${asked.call}: the matrix here is a person's own, and ${unnamed}` });
    perform(asked.call, asked.args).then(
      (result) => reply({ result: result ?? null }),
      (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
    );
  };
  addEventListener('message', answer);
  early.forEach(answer);
  if (parent === window) return;
  const emit = (event: string, value: unknown) => parent.postMessage({ lora: 1, event, value }, '*');
  lora.ready.then(
    (value) => emit('ready', value),
    () => {},
  );
  new ResizeObserver(() => emit('height', ownHeight())).observe(whole());
  store.react((now, before) => {
    if (now.run.status !== before.run.status) emit('status', now.run.status);
  });
}
