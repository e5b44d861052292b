import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../scripts/adapter.mjs', import.meta.url));

/** An interpreter other than the first python3 on the path. */
const PYTHON = process.env.TORCH_PYTHON ?? 'python3';
const SCRIPT = fileURLToPath(new URL('../adapters.py', import.meta.url));

export interface Ran {
  readonly seconds: number;
  /** Peak memory, MB; NaN if the system does not report it. */
  readonly peak: number;
  readonly out: string;
}

export const adapterCommand = (...args: readonly string[]) => run('node', [COMMAND, ...args]);

export interface InPython {
  readonly words: string;
  readonly qr: number;
  readonly whole: number;
  readonly few: number;
  readonly modules: number;
  readonly worst: number;
}

/** The figures in PyTorch; null if it is not installed. */
export async function inPython(
  path: string,
  few: number,
  threads: number,
): Promise<(InPython & { readonly peak: number }) | null> {
  const has = await run(PYTHON, ['-c', 'import torch']).then(
    () => true,
    () => false,
  );
  if (!has) return null;
  const { out, peak } = await run(PYTHON, [SCRIPT, path, `${few}`, `${threads}`]);
  return { ...JSON.parse(out), peak };
}

async function run(command: string, args: readonly string[]): Promise<Ran> {
  const since = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let [out, peak] = ['', Number.NaN];
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  const looks = setInterval(() => {
    peak = mostOf(child) ?? peak;
  }, 100);
  const code = await new Promise((done, failed) => child.on('close', done).on('error', failed)).finally(() =>
    clearInterval(looks),
  );
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - since) / 1000, peak, out };
}

/** Peak memory of a process in MB, as Linux counts it; null elsewhere. */
function mostOf({ pid }: ChildProcess): number | null {
  try {
    const kb = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb ? Number(kb) / 1000 : null;
  } catch {
    return null;
  }
}
