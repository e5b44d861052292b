import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Player } from './players.ts';
import { type Size, startOf } from './start.ts';

const SCRIPT = fileURLToPath(new URL('../pytorch.py', import.meta.url));
export const PYTHON = process.env.PYTHON ?? 'python3';
/**
 * The environment in which PyTorch has one thread, and glibc keeps the memory of its temporaries, whose pages would fault
 * in every step otherwise. 32 MB is the largest threshold that glibc takes.
 */
export const ONE_THREAD = {
  ...process.env,
  ...{ OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  ...{ MALLOC_MMAP_THRESHOLD_: '33554432', MALLOC_TRIM_THRESHOLD_: '1073741824' },
};

export interface PyTorch {
  readonly players: readonly Player[];
  readonly words: string;
  close(): void;
}

/** PyTorch in a process that idles while others have their turn; null if python3 has no torch. */
export async function startPyTorch(): Promise<PyTorch | null> {
  const child = spawn(PYTHON, [SCRIPT], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: ONE_THREAD,
  });
  const ask = conversation(child);
  const hello = await ask(null);
  if (!hello) return null;
  const { names, words } = JSON.parse(hello) as { names: string[]; words: string };
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const order = async (fields: object): Promise<{ loss: number; ms: number }> => {
    const answer = await ask(JSON.stringify(fields));
    if (!answer) throw new Error('PyTorch has ended; run bench/pytorch.py by hand to see why.');
    return JSON.parse(answer);
  };
  return {
    words,
    players: names.map((name) => player(name, join(folder, 'start.f32'), order)),
    close() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function player(name: string, file: string, order: (fields: object) => Promise<{ loss: number; ms: number }>): Player {
  return {
    name,
    async open(size: Size) {
      const { target, A, B, settings } = startOf(size);
      const flat = new Float32Array(target.length + A.length + B.length);
      flat.set(target);
      flat.set(A, target.length);
      flat.set(B, target.length + A.length);
      writeFileSync(file, flat);
      await order({ do: 'open', name, file, ...size, scaling: settings.scaling, lr: settings.lr });
    },
    async time(n) {
      const { ms } = await order({ do: 'steps', name, n });
      return { all: ms, script: Number.NaN };
    },
    async close() {
      await order({ do: 'close', name });
    },
  };
}

/** Sends a line and reads one; null once the program has ended. Sending null only reads the first line. */
export function conversation(child: ChildProcessByStdio<Writable, Readable, null>) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise<null>((resolve) => child.on('error', () => resolve(null)));
  child.stdin.on('error', () => {});
  return async (line: string | null): Promise<string | null> => {
    if (line !== null) child.stdin.write(`${line}\n`);
    const next = await Promise.race([lines.next(), failed]);
    return next === null || next.done ? null : next.value;
  };
}
