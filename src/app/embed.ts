import { isHand } from '../experiment/settings/bounds.ts';
import type { FileKind } from '../state/events.ts';
import type { State, Store } from '../state/state.ts';
import type { LoraExplorer } from './page-interface.ts';

/** The element that contains the page. */
const whole = () => document.getElementById('root') ?? document.body;

/** The height in px that shows the whole page, independent of the current height of its frame. */
function ownHeight(): number {
  const { view } = document.documentElement.dataset;
  return view === 'embed' ? Math.ceil(whole().getBoundingClientRect().height) : document.documentElement.scrollHeight;
}

type Call = (lora: LoraExplorer, first: unknown) => unknown;

const READ: Readonly<Record<string, Call>> = {
  link: (lora) => lora.link(),
  run: (lora) => lora.run(),
  ready: (lora) => lora.ready,
  height: ownHeight,
};
const COMMANDS: Readonly<Record<string, Call>> = {
  open: (lora, link) => lora.open(link as string),
  train: (lora, steps) => lora.train(steps as number | undefined),
  pause: (lora) => lora.pause(),
  reset: (lora) => lora.reset(),
  sweep: (lora) => lora.sweep(),
  file: (lora, kind) => lora.file(kind as FileKind),
};

/** The request in a message from another page, checked; null for any other message. */
function request(data: unknown): { id: unknown; call: string; first: unknown } | null {
  if (typeof data !== 'object' || data === null) return null;
  const { lora, id, call, args } = data as Record<string, unknown>;
  if (lora !== 1 || typeof call !== 'string' || (typeof id !== 'number' && typeof id !== 'string')) return null;
  return { id, call, first: Array.isArray(args) ? args[0] : undefined };
}

/**
 * Whether the answer of `link` or `run` would contain what the user has imported, drawn or dropped here: a matrix, digits,
 * an adapter or a run. The maker of a link knows its content.
 */
export function ownAnswers(store: Store): (call: string) => boolean {
  const linked = new Set<string>();
  const own = new Set<string>();
  /** A dropped run is the newest one that was opened; it is on screen. */
  let [asked, shown] = [false, false];
  const note = ({ experiment, view }: State, isGiven: boolean) => {
    for (const text of [experiment.data, view.hand]) {
      if (isGiven && !own.has(text)) linked.add(text);
      else if (text !== '' && !linked.has(text)) own.add(text);
    }
  };
  note(store.state(), true);
  store.react((now, before, event) => {
    note(now, event.type === 'opened' && (event.fromAddress === true || event.scripted === true));
    if (event.type === 'recorded') [asked, shown] = [true, true];
    if (event.type === 'opened') asked = false;
    if (now.run.number !== before.run.number) shown = asked;
  });
  return (call) => {
    const { run, experiment, view, hand } = store.state();
    const its = call === 'run' ? run.experiment : experiment;
    if (call !== 'run' && call !== 'link') return false;
    return (
      (call === 'run' ? shown : asked) || own.has(its.data) || own.has(view.hand) || (isHand(its) && hand !== null)
    );
  };
}

/**
 * The page interface by postMessage, for a page that embeds this one. Anyone may read, except the user's own work;
 * that and commands require an origin that the address named when the frame was loaded. `origins`: those, exact, or
 * "null"; `early`: messages from before this was loaded.
 */
export function answerMessages(
  lora: LoraExplorer,
  store: Store,
  origins: readonly string[],
  early: readonly MessageEvent[],
): void {
  const perform = async (act: Call, first: unknown) => act(lora, first);
  const tellsOwn = ownAnswers(store);
  const answer = (event: MessageEvent) => {
    const asked = request(event.data);
    const source = event.source;
    if (!asked || !source || source === window) return;
    const target = { targetOrigin: event.origin === 'null' ? '*' : event.origin };
    const reply = (answer: object) => source.postMessage({ lora: 1, id: asked.id, ...answer }, target);
    const commands = Object.hasOwn(COMMANDS, asked.call);
    if (!commands && !Object.hasOwn(READ, asked.call))
      return reply({ error: `Unknown call; the calls are ${Object.keys({ ...READ, ...COMMANDS }).join(', ')}.` });
    const unnamed = `the link of this frame does not name your origin (${event.origin}) in origin=.`;
    if (commands && !origins.includes(event.origin)) return reply({ error: `${asked.call}: ${unnamed}` });
    if (tellsOwn(asked.call) && !origins.includes(event.origin))
      return reply({ error: `${asked.call}: what is here is a person's own, and ${unnamed}` });
    perform((commands ? COMMANDS : READ)[asked.call], asked.first).then(
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
