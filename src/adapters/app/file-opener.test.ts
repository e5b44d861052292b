import { describe, expect, it } from 'vitest';
import type { Store } from '../../state/state.ts';
import type { AdaptersEvent, OpenedFile } from '../state/adapters-state.ts';
import { INITIAL_STATE } from '../state/update-adapters.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { AdapterList, ImportedFile, RemoteCalls } from '../worker/protocol.ts';
import { createFileOpener } from './file-opener.ts';

const found = (names: readonly string[], config: string | null = null): AdapterList => ({
  adapters: names.map((name, listed) => ({ listed, name, config: false })),
  config,
});
const brought = (...names: readonly string[]): readonly ImportedFile[] =>
  names.map((name) => ({ file: new File([], name), path: name }));
const OPEN = { id: 7, asksAlpha: false } as unknown as OpenedFile;

function readerOf(answer: () => AdapterList) {
  const told: { file: number; listed: number; config: string | null }[] = [];
  const reader: Pick<RemoteCalls, 'list' | 'open'> = {
    list: async () => answer(),
    open: async (file, listed, config) => void told.push({ file, listed, config }),
  };
  return { told, reader };
}

/** Messages to the reader and events of the page for this answer to a list of files. */
function opening(answer: AdapterList, files: readonly OpenedFile[] = []) {
  const { told, reader } = readerOf(() => answer);
  const heard: AdaptersEvent[] = [];
  const store = {
    state: () => ({ ...INITIAL_STATE, files }),
    dispatch: (event: AdaptersEvent) => void heard.push(event),
  } as unknown as AdaptersStore;
  return { told, heard, made: createFileOpener(store, reader, {} as Store) };
}

describe('files that are brought', () => {
  it('two are opened beside each other, and more are named and left', async () => {
    const { told, heard, made } = opening(found(['a', 'b', 'c']));
    await made.bring(brought('a', 'b', 'c'));
    expect(told).toMatchObject([{ listed: 0 }, { listed: 1 }]);
    expect([made.slotOf(0), made.slotOf(1)]).toEqual([0, 1]);
    expect(heard).toMatchObject([{ type: 'failed', title: '3 adapters were brought.', names: ['a', 'b', 'c'] }]);
  });

  it('one is added to the one that is open, or takes its place', async () => {
    for (const [as, slot] of [['second', 1] as const, ['replace', 0] as const]) {
      const { made } = opening(found(['b']), [OPEN]);
      await made.bring(brought('b'), as);
      expect(made.slotOf(0)).toBe(slot);
    }
  });

  it('none are opened once that was cancelled', async () => {
    const { told, heard, made } = opening(found(['a']));
    const going = made.bring(brought('a'));
    made.cancel();
    await going;
    expect([...told, ...heard]).toEqual([]);
  });

  it('a config alone is said to hold no adapter; with a file open that file is opened again with it', async () => {
    const alone = opening(found([], '{}'));
    await alone.made.bring(brought('adapter_config.json'));
    expect(alone.heard).toMatchObject([{ title: 'A config alone holds no adapter.' }]);
    const files: OpenedFile[] = [];
    let answer = found(['a']);
    const store = { state: () => ({ ...INITIAL_STATE, files }), dispatch: () => {} } as unknown as AdaptersStore;
    const { told, reader } = readerOf(() => answer);
    const made = createFileOpener(store, reader, {} as Store);
    await made.bring(brought('a'));
    files.push({ ...OPEN, id: 0, asksAlpha: true });
    answer = found([], '{"r": 4}');
    await made.bring(brought('adapter_config.json'));
    expect(told).toMatchObject([
      { file: 0, listed: 0, config: null },
      { file: 0, listed: 0, config: '{"r": 4}' },
    ]);
  });
});
