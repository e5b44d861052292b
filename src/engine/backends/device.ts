import { methodCosts } from '../../experiment/network/costs.ts';
import { isBesideLora, isQuantised } from '../../experiment/settings/bounds.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type RegimePart, regimeOf } from '../../experiment/settings/regime.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { BackendName, EngineChoice } from '../protocol/engine-info.ts';
import type { Backend, NoBackend, RunShape } from './backend.ts';

export type BackendKind = BackendName | 'webgpu-direct' | `tfjs-${BackendName}`;

export type BackendStarters = Readonly<Record<BackendKind, (page: string) => Promise<Backend | NoBackend>>>;

export interface RivalBackend {
  readonly name: string;
  readonly start: () => Promise<Backend | NoBackend>;
}

export interface PickedBackend {
  readonly backend: Backend;
  readonly why: string | null;
  /** Back ends to time against it; empty if the user chose one. */
  readonly rivals: readonly RivalBackend[];
}

export function runShapeOf(e: Experiment): RunShape {
  const { d, k, rank, opt } = e;
  const target = targets.byName(e.target);
  const sampled = target.kind === 'samples';
  const regime = regimeOf(e);
  const shape = {
    d,
    k,
    rank,
    sampled,
    opt,
    ...(isBesideLora(e) && { method: e.method }),
    ...(isQuantised(e) && { quantised: true as const }),
    ...(regime && { regime: Object.keys(regime) as RegimePart[] }),
  };
  if (target.kind !== 'network') return shape;
  const { multiplyAdds } = methodCosts(target, e);
  return { ...shape, network: { target: e.target, multiplyAdds } };
}

export type BackendPick = (choice: EngineChoice, page: string, shape: RunShape) => Promise<PickedBackend>;

const NAMES: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'the processor',
};

/** Back ends that need no loading, best first; the last one always works. */
const AT_ONCE: readonly BackendName[] = ['wasm', 'cpu'];

/** Picks the user's choice, else a back end that needs no loading, to be timed against the others (contest.ts). */
export function devices(starters: BackendStarters): BackendPick {
  const started = new Map<BackendKind, Promise<Backend | NoBackend>>();
  const start = (kind: BackendKind, page: string): Promise<Backend | NoBackend> => {
    const found = started.get(kind) ?? starters[kind](page);
    started.set(kind, found);
    return found;
  };

  return async (choice, page, shape) => {
    const byHand = choice.backend !== null || choice.stepper !== null;
    const reasons: string[] = [];
    for (const kind of orderOf(choice, shape)) {
      const found = await start(kind, page);
      const missing =
        'missing' in found ? found.missing : (found.unfit?.(shape) ?? (await found.load?.(shape)) ?? null);
      if (missing === null && !('missing' in found)) {
        const { backend } = found.info;
        const why = reasons.length === 0 ? null : because(reasons, found, choice);
        return { backend: found, why, rivals: byHand ? [] : rivalsOf(backend, shape, (other) => start(other, page)) };
      }
      if (missing !== null) reasons.push(missing);
    }
    throw new Error([...new Set(reasons)].join(' '));
  };
}

function because(reasons: readonly string[], { info }: Backend, choice: EngineChoice): string {
  const by = info.backend === choice.backend ? ` by ${info.stepper}` : '';
  return `${[...new Set(reasons)].join(' ')} The steps are therefore computed on ${NAMES[info.backend]}${by}.`;
}

function orderOf(
  { backend, stepper }: EngineChoice,
  { sampled, network, method, regime }: RunShape,
): readonly BackendKind[] {
  if (stepper === 'tfjs') return [`tfjs-${backend ?? 'webgpu'}`, 'tfjs-wasm', 'tfjs-cpu', ...AT_ONCE];
  // Samples and networks go to TensorFlow.js on the same back end.
  if (stepper === 'direct')
    return ['webgpu-direct', ...(sampled || network ? (['tfjs-webgpu'] as const) : []), ...AT_ONCE];
  if (backend === null) return sampled || (regime && !network && !method) ? ['cpu'] : AT_ONCE;
  // The own kernels, else TensorFlow.js on the same back end, else the best of the others.
  return [backend, `tfjs-${backend}`, ...AT_ONCE.filter((name) => name !== backend)];
}

function rivalsOf(
  picked: BackendName,
  { sampled, network, method, regime }: RunShape,
  start: (kind: BackendKind) => Promise<Backend | NoBackend>,
): readonly RivalBackend[] {
  if (method || regime) return [];
  // On a processor TensorFlow.js needs its binary, which is not fetched for these alone.
  if (sampled || network) return [{ name: NAMES.webgpu, start: () => start('tfjs-webgpu') }];
  const others: readonly BackendName[] = picked === 'cpu' ? ['webgpu'] : ['cpu', 'webgpu'];
  return others.map((name) => ({ name: NAMES[name], start: () => start(name) }));
}
