import { readFileSync } from 'node:fs';
import '../src/engine/testing/wasm-in-node.ts';
import type { Backend } from '../src/engine/backends/backend.ts';
import { startWasmBackend, typescriptBackend } from '../src/engine/backends/own-backends.ts';
import { trainInBackground } from '../src/engine/background-runs/background-run.ts';
import type { WasmBuild } from '../src/engine/steppers/wasm/wasm.ts';
import { assetsInNode } from '../src/engine/testing/assets-in-node.ts';
import { parseLink } from '../src/experiment/link/link.ts';
import type { RunFile } from '../src/experiment/run-file/run-file.ts';
import { partOf } from '../src/math/testing/part-of.ts';
import { openLink, runOf, type ScriptedPage, trainRun, waitUntilReady } from './explorer.ts';
import { expect } from './fixtures.ts';

export const PROCESSOR = 'processor';
const FUSED = 'processor, fused multiply-add';
const RELAXED = readFileSync(new URL('../src/engine/steppers/wasm/relaxed.wasm', import.meta.url));

const FLOAT64 = '#v=1&target=low-rank&d=64&k=64&rank=8&opt=adam&lr=0.002&steps=200&pace=max';
const NETWORK = '#v=1&target=digits&rank=4&opt=adam&lr=0.002&steps=60&pace=max';
const FLOAT32_E = '#v=1&target=decay&d=200&k=130&rank=8&opt=adamw&lr=0.002&steps=80&pace=max';
const SAMPLES = '#v=1&target=regression&d=20&k=24&rank=4&opt=adam&steps=150&pace=max';
/** The rules beyond PyTorch's, calm enough that rounding stays what it is. */
const OTHER_RULES = Object.entries({ muon: 0.002, polar: 0.002, signsgd: 0.0005, scaled: 0.3, 'lora-pro': 0.3 }).map(
  ([opt, lr]) => `#v=1&target=low-rank&d=48&k=40&rank=6&opt=${opt}&lr=${lr}&steps=25&pace=max`,
);
/** Every method, and the starts whose course is predicted. */
const METHODS = ['dora', 'oft', 'lokr', 'hira', 'shira', 'ia3', 'lora-xs']
  .map((method) => `method=${method}`)
  .concat('method=dora&norm=exact', 'init=aligned', 'init=orthonormal')
  .map((settings) => `#v=1&target=low-rank&d=48&k=40&${settings}&opt=adam&lr=0.002&steps=25&pace=max`);
/** E in float64 and in float32, and a network; Adam, whose bias corrections are powers, at a rate that amplifies no rounding. */
const LINKS = [...partOf([FLOAT64, NETWORK, FLOAT32_E], 2), ...OTHER_RULES, ...METHODS];

/** One rounding of a fused multiply-add against two, over some hundred steps. */
const FLOAT32 = 1e-5;

/** Expected device name of the page's run, from the module itself: the engine's choice is under test. */
export function deviceOf(page: ScriptedPage): Promise<string> {
  return page.evaluate(
    async ([hex, plain, fused]) => {
      const bytes = Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
      if (!WebAssembly.validate(bytes)) return plain;
      const { instance } = await WebAssembly.instantiate(bytes);
      return (instance.exports.fuses as () => number)() ? fused : plain;
    },
    [RELAXED.toString('hex'), PROCESSOR, FUSED] as const,
  );
}

async function lossesInNode(link: string, by: WasmBuild | 'cpu'): Promise<readonly number[]> {
  const backends = [by === 'cpu' ? typescriptBackend : backendOf(by)];
  const { experiment } = parseLink(link);
  const network = await assetsInNode(experiment, '');
  const { points } = await trainInBackground(experiment, { backends, network });
  return [...points.series.loss];
}

function backendOf(build: WasmBuild): Backend {
  const own = startWasmBackend(build);
  if ('missing' in own) throw new Error(own.missing);
  return own;
}

export async function runsOf(page: ScriptedPage, backend: 'wasm' | 'cpu' = 'wasm', links = LINKS): Promise<RunFile[]> {
  await page.goto(`./?backend=${backend}`);
  await waitUntilReady(page);
  const runs: RunFile[] = [];
  for (const link of links) {
    await openLink(page, link);
    await trainRun(page);
    runs.push(await runOf(page));
  }
  return runs;
}

/** The bits of Node with the build for `device`, and the other build's curves within the rounding of float32. */
export async function expectBitsOfDevice(runs: readonly RunFile[], device: string): Promise<void> {
  for (const [i, run] of runs.entries()) {
    expect([run.backend, run.device, run.status]).toEqual(['wasm', device, 'finished']);
    const [own, other]: WasmBuild[] = device === FUSED ? ['relaxed', 'plain'] : ['plain', 'relaxed'];
    expect(run.trace.loss, LINKS[i]).toEqual(await lossesInNode(LINKS[i], own));
    const others = await lossesInNode(LINKS[i], other);
    expect(Math.max(...others.map((loss, step) => Math.abs(run.trace.loss[step] / loss - 1)))).toBeLessThan(FLOAT32);
  }
}

/** In plain JavaScript the bits are the same in every browser. */
export async function expectBitsOfNode(page: ScriptedPage): Promise<void> {
  const links = [...partOf([FLOAT64, NETWORK, SAMPLES], 2), ...OTHER_RULES, ...METHODS];
  for (const [i, run] of (await runsOf(page, 'cpu', links)).entries()) {
    expect([run.backend, run.device]).toEqual(['cpu', PROCESSOR]);
    expect(run.trace.loss, links[i]).toEqual(await lossesInNode(links[i], 'cpu'));
  }
}

/** State before step 0, and the loss there, which the module measures. */
export const initialStateOf = (runs: readonly RunFile[]) =>
  runs.map(({ layers, link }) => ({
    link,
    layers: layers.map(({ base, target, initial }) => ({ base, target, initial })),
  }));
