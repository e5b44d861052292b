import { createStore, del, get, keys, promisifyRequest } from 'idb-keyval';

// Data on the device. If the browser refuses, at once or later, nothing is found, stored or thrown.

export interface Shelf {
  /** If nothing is stored, undefined; if the browser refuses, null. */
  readonly get: (name: string) => Promise<unknown>;
  /** Whether it was stored. */
  readonly set: (name: string, value: unknown) => Promise<boolean>;
  readonly del: (name: string) => Promise<void>;
  readonly names: () => Promise<readonly unknown[]>;
}

/** Set by forgetAll: until the page is loaded again nothing is stored, not even when it is left. */
let closed = false;

async function unlessRefused<T, F>(work: () => Promise<T>, refused: F): Promise<T | F> {
  try {
    return await work();
  } catch {
    return refused;
  }
}

export function openShelf(database: string, objectStore: string): Shelf {
  const store = createStore(database, objectStore);
  // Committed at once: a page that is left has no later turn in which the browser would do it.
  const put = (name: string, value: unknown) =>
    store('readwrite', (objects) => {
      objects.put(value, name);
      objects.transaction.commit?.();
      return promisifyRequest(objects.transaction).then(() => true);
    });
  return {
    get: (name) => unlessRefused(() => get<unknown>(name, store), null),
    set: (name, value) => (closed ? Promise.resolve(false) : unlessRefused(() => put(name, value), false)),
    del: (name) => unlessRefused(() => del(name, store), undefined),
    names: () => unlessRefused(() => keys(store), []),
  };
}

/** A write of which one runs at a time: what changes meanwhile is written once more when it has ended. */
export function writeInTurn(write: () => Promise<unknown>): () => Promise<void> {
  let going = false;
  let newer = false;
  return async function inTurn() {
    newer = going;
    if (going) return;
    going = true;
    await write();
    going = false;
    if (newer) await inTurn();
  };
}

/** The default of idb-keyval, which earlier builds used. */
export const SHELF = openShelf('keyval-store', 'keyval');

function unlessThrown<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** The storage of the device, and that of this window alone. */
const STORAGES = { device: () => localStorage, window: () => sessionStorage };

/** A short text in a storage that writes synchronously. */
export function storedText(key: string, place: keyof typeof STORAGES = 'device') {
  const storage = STORAGES[place];
  return {
    get: () => unlessThrown(() => storage().getItem(key)),
    set: (text: string) => (closed ? null : unlessThrown(() => storage().setItem(key, text))),
    del: () => unlessThrown(() => storage().removeItem(key)),
  };
}

/** Part of the storage: of a shelf that others use too, the names that begin with `prefix`; '' for all of it. */
export interface StoredPart {
  readonly shelf: Pick<Shelf, 'names' | 'del'>;
  readonly prefix: string;
}

/** Both storages of texts, which other pages of the same address may share. */
export const storedTexts = (prefix: string): StoredPart => ({
  prefix,
  shelf: {
    names: async () => Object.values(STORAGES).flatMap((storage) => unlessThrown(() => Object.keys(storage())) ?? []),
    del: async (name) => {
      for (const storage of Object.values(STORAGES)) unlessThrown(() => storage().removeItem(name));
    },
  },
});

export async function storedNames({ shelf, prefix }: StoredPart): Promise<readonly string[]> {
  return (await shelf.names()).map(String).filter((name) => name.startsWith(prefix));
}

/** Deletes all of these parts, and stores nothing more. */
export async function forgetAll(parts: readonly StoredPart[]): Promise<void> {
  closed = true;
  for (const part of parts) for (const name of await storedNames(part)) await part.shelf.del(name);
}
