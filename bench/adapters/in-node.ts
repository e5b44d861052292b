import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../scripts/adapter.mjs', import.meta.url));

/** Another interpreter than the one on the path. */
const PYTHON = process.env.TORCH_PYTHON ?? 'python3';
const SCRIPT = fileURLToPath(new URL('../adapters.py', import.meta.url));

export interface Ran {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** The most memory that it held, MB; NaN where the system does not tell. */
  readonly peak: number;
  readonly out: string;
}

/** `npm run adapter` with these arguments. */
export const adapterCommand = (...args: readonly string[]) => run('node', [COMMAND, ...args]);

/** What bench/adapters.py prints. */
export interface InPython {
  readonly words: string;
  readonly qr: number;
  readonly whole: number;
  readonly few: number;
  readonly modules: number;
  readonly worst: number;
}

/** The figures in PyTorch; null where it is not present. */
export async function inPython(path: string, few: number): Promise<(InPython & { readonly peak: number }) | null> {
  const has = await run(PYTHON, ['-c', 'import torch']).then(
    () => true,
    () => false,
  );
  if (!has) return null;
  const { out, peak } = await run(PYTHON, [SCRIPT, path, `${few}`]);
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

/** The most that a process has held, as Linux counts it, in MB. */
function mostOf({ pid }: ChildProcess): number | null {
  try {
    const kb = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb ? Number(kb) / 1000 : null;
  } catch {
    return null;
  }
}
