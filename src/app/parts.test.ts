// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { carryOut } from './commands.ts';
import { runWithPart } from './parts.ts';
import { trainingStore } from './testing/store.ts';

function listener() {
  const said: string[] = [];
  const report = (event: Parameters<Parameters<typeof runWithPart>[2]>[0]) => {
    if (event.type === 'notice') said.push([event.notice.title, ...event.notice.texts].join(' '));
  };
  return { said, say: report };
}

describe('a part of the page that is loaded when it is needed', () => {
  it('does what was asked, and nothing is said', async () => {
    const { said, say: report } = listener();
    const done = vi.fn();
    await runWithPart(Promise.resolve({ done }), (part) => part.done(3), report, 'save-csv');
    expect(done).toHaveBeenCalledExactlyOnceWith(3);
    expect(said).toEqual([]);
  });

  it('says so where it cannot be loaded, and offers to load the page again', async () => {
    const { said, say: report } = listener();
    await runWithPart(Promise.reject(new TypeError('Failed to fetch')), () => expect.unreachable(), report, 'save-csv');
    expect(said).toEqual([expect.stringMatching(/^A part of this page could not be loaded\..*Reload the page/)]);
  });

  it.each([
    ['save-run', 'The run file could not be saved. The browser says: Invalid string length'],
    ['restore', 'The saved run could not be opened. The browser says: Invalid string length'],
    ['file', 'The file could not be opened. The browser says: Invalid string length'],
    [{ save: 'svg', chart: 'error' }, 'The picture could not be saved. The browser says: Invalid string length'],
    [{ bring: 'x' }, 'The matrix could not be read. The browser says: Invalid string length'],
  ] as const)('says that %s failed, and why', async (what, sentence) => {
    const { said, say: report } = listener();
    const fails = () => Promise.reject(new RangeError('Invalid string length'));
    await runWithPart(Promise.resolve({}), fails, report, what);
    expect(said).toEqual([sentence]);
  });

  it('says that a picture failed which the browser cannot draw', async () => {
    const { said, say: report } = listener();
    vi.stubGlobal(
      'Image',
      class {
        src = '';
        decode = () => Promise.reject(new Error('The source image cannot be decoded.'));
      },
    );
    const command = { save: 'png', chart: 'error' } as const;
    await runWithPart(
      Promise.resolve({ carryOut }),
      (part) => part.carryOut(command, trainingStore(), '1'),
      report,
      command,
    );
    vi.unstubAllGlobals();
    expect(said).toEqual(['The picture could not be saved. The browser says: The source image cannot be decoded.']);
  });
});
