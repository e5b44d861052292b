import { vi } from 'vitest';
import { main } from '../main.ts';

/** Exit code and both streams of a command; mocks of the process are restored after it. */
export async function runCommand(...args: readonly string[]) {
  const said = { out: '', error: '' };
  const into = (key: 'out' | 'error') => (text: unknown, done?: unknown) => {
    said[key] += String(text);
    if (typeof done === 'function') done();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('error'));
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, ...said };
}
