// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openShelf, storedText } from './storage.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

describe('a shelf of a browser that refuses', () => {
  const refused = () => {
    throw new DOMException('no', 'SecurityError');
  };
  const failing = () => {
    const request = { error: new DOMException('full', 'QuotaExceededError'), onerror: null as (() => void) | null };
    queueMicrotask(() => request.onerror?.());
    return request;
  };

  it.each([
    ['at once', refused],
    ['later', failing],
  ])('%s finds nothing, stores nothing and throws nothing', async (_, open) => {
    vi.stubGlobal('indexedDB', { open });
    const shelf = openShelf('database', 'objects');
    expect(await shelf.get('a')).toBeNull();
    expect(await shelf.set('a', 1)).toBe(false);
    expect(await shelf.names()).toEqual([]);
    await expect(shelf.del('a')).resolves.toBeUndefined();
  });
});

describe('a text in local storage', () => {
  it('is found under its key until it is deleted', () => {
    const text = storedText('key');
    expect(text.get()).toBeNull();
    text.set('one');
    expect([text.get(), localStorage.getItem('key'), storedText('other').get()]).toEqual(['one', 'one', null]);
    text.del();
    expect(text.get()).toBeNull();
  });

  it('is not there if the browser refuses', () => {
    const thrown = vi.fn(() => {
      throw new DOMException('no', 'SecurityError');
    });
    vi.stubGlobal('localStorage', { getItem: thrown, setItem: thrown, removeItem: thrown, clear: () => {} });
    const text = storedText('key');
    text.set('one');
    text.del();
    expect(text.get()).toBeNull();
    expect(thrown).toHaveBeenCalledTimes(3);
  });
});
