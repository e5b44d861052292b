import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeOutput } from './write.ts';

it('leaves nothing when it is interrupted, and ends by the same signal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'adapter-write-'));
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  let files: readonly string[] = [];
  const bytes = async () => {
    files = readdirSync(folder);
    process.listeners('SIGINT').at(-1)?.('SIGINT');
    expect(readdirSync(folder)).toEqual([]);
    throw new Error('ended');
  };
  const file = { metadata: {}, tensors: [{ name: 'a', dtype: 'F32', shape: [1], bytes }] };
  const listeners = process.listenerCount('SIGINT');
  const place = { out: join(folder, 'lora.safetensors'), force: false };
  await expect(writeOutput(place, { file, config: '{}' }, async () => 0)).rejects.toThrow('ended');
  expect(files).toHaveLength(2);
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGINT');
  expect(process.listenerCount('SIGINT')).toBe(listeners);
  kill.mockRestore();
  rmSync(folder, { recursive: true });
});
