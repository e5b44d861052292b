import type { ModuleWithTarget } from '../../experiment/layer/module.ts';
import type { NetworkProblem } from '../../experiment/layer/problem.ts';
import type { Pack, Stepper, StepperStart } from '../steppers/stepper.ts';
import { typescriptStepper } from '../steppers/typescript.ts';

/** Several independent matrices as one network: its loss is the sum of theirs. */
export function composedProblem(modules: readonly ModuleWithTarget[]): NetworkProblem {
  const none = { inputs: new Float32Array(), answers: new Uint8Array() };
  const batches = { size: 0, at: () => new Int32Array() };
  const data = { kind: 'labelled', training: none, heldOut: none, old: none, batches } as const;
  return { kind: 'network', modules, layers: [], data };
}

/** Trains each of them by itself, in step with the others. */
export function composedStepper(start: StepperStart): Stepper {
  const parts = start.modules.map((module, i) => {
    const state = start.state && { t: start.state.t, modules: [start.state.modules[i]] };
    return typescriptStepper({ ...start, modules: [module], settings: [start.settings[i]], state });
  });
  const joined = async (packs: readonly Promise<Pack>[]) => sumOf(await Promise.all(packs));
  return {
    measure: () => joined(parts.map((part) => part.measure())),
    steps: (n) => joined(parts.map((part) => part.steps(n))),
    tune: (settings) => {
      for (const [i, part] of parts.entries()) part.tune([settings[i]]);
    },
    snapshot() {
      const kept = parts.map((part) => part.snapshot());
      return {
        restore: () => {
          for (const one of kept) one.restore();
        },
        dispose: () => {
          for (const one of kept) one.dispose();
        },
      };
    },
    async optimiserState() {
      const states = await Promise.all(parts.map((part) => part.optimiserState()));
      return { t: states[0].t, modules: states.flatMap(({ modules }) => modules) };
    },
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}

function sumOf(packs: readonly Pack[]): Pack {
  const losses = packs.map(({ entries }) => entries.series.loss);
  const loss = losses[0].map((_, i) => losses.reduce((sum, list) => sum + list[i], 0));
  return {
    entries: { series: { loss }, modules: packs.flatMap(({ entries }) => entries.modules) },
    modules: packs.flatMap(({ modules }) => modules),
  };
}
