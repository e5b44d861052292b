import type { BesideLora } from '../../experiment/methods/starts.ts';
import { isPairRule, optimisers, USUAL_EPSILON } from '../../experiment/optimisers.ts';
import { doraPass } from '../tasks/methods/dora.ts';
import { ia3Pass, loraXsPass, shiraPass } from '../tasks/methods/linear.ts';
import { oftPass } from '../tasks/methods/oft.ts';
import type { MakePass, TrainedArray } from '../tasks/methods/pass.ts';
import { hiraPass, lokrPass } from '../tasks/methods/products.ts';
import type { FloatArray, NetworkKernels } from '../tasks/network/kernels.ts';
import { emptyEntries, type Pack, type StepEntries, type Stepper, type StepperStart, singleModule } from './stepper.ts';

export const methodPasses: Readonly<Record<BesideLora, MakePass>> = {
  dora: doraPass,
  oft: oftPass,
  lokr: lokrPass,
  hira: hiraPass,
  shira: shiraPass,
  ia3: ia3Pass,
  'lora-xs': loraXsPass,
};

interface OwnState extends TrainedArray {
  /** For as many moments as any optimiser has. */
  readonly room: readonly FloatArray[];
  update: number;
}

/**
 * Trains a method beside LoRA on a known matrix, on any kernels. ΔW is formed once a pack, as the whole matrix that a
 * full module has; norms of the two streams are those of all its arrays together. Throws if there is no method.
 */
export function methodStepper(start: StepperStart, kernels: NetworkKernels): Stepper {
  const module = singleModule(start);
  const { method, target, d, k, moments } = module;
  if (!method) throw new Error('This stepper trains a method beside LoRA.');
  const pass = methodPasses[method.name]({ kernels, task: method, target });
  const wide = d < k;
  const still = wide ? module.B.slice() : module.A.slice();
  const own = pass.trained.map((array, i): OwnState => {
    const given = module.own?.[i];
    if (given?.length !== array.values.length) throw new Error(`${method.name} starts with other numbers.`);
    array.values.set(given);
    const room = [kernels.buffer(given.length), kernels.buffer(given.length)];
    for (const [n, known] of moments?.own?.[i]?.entries() ?? []) room[n]?.set(known);
    return { ...array, room, update: 0 };
  });
  let [settings] = start.settings;
  let t = start.state?.t ?? 0;
  let loss = 0;
  evaluate();

  function evaluate(): void {
    loss = pass.evaluate(settings.inner ?? 1);
  }

  function update(): void {
    t += 1;
    const { opt, lr, ratio, epsilon = USUAL_EPSILON } = settings;
    if (isPairRule(opt)) throw new Error(`${opt} is for the two factors of LoRA.`);
    for (const one of own) {
      const rate = one.fast ? ratio * lr : lr;
      one.update = kernels.update(one.values, one.gradient, one.room, { opt, rate, t, columns: one.cols, epsilon });
    }
  }

  const together = (stream: 'A' | 'B', norm: (one: OwnState) => number) =>
    Math.hypot(...own.filter((one) => one.stream === stream).map(norm));

  function note({ series, modules: [norms] }: StepEntries, at: number): void {
    const gradient = (one: OwnState) => kernels.norm(one.gradient);
    series.loss[at] = loss;
    norms.gradNormA[at] = together('A', gradient);
    norms.gradNormB[at] = together('B', gradient);
    norms.updateNormA[at] = together('A', (one) => one.update);
    norms.updateNormB[at] = together('B', (one) => one.update);
  }

  function pack(entries: StepEntries): Pack {
    const whole = new Float32Array(d * k);
    pass.update(whole, settings.inner ?? 1);
    const factors = wide ? { A: whole, B: still.slice() } : { A: still.slice(), B: whole };
    return { entries, modules: [{ ...factors, own: own.map(({ values }) => Float32Array.from(values)) }] };
  }

  const copies = () =>
    own.map(({ values, room, update: size }) => ({ values: values.slice(), room: room.map((m) => m.slice()), size }));

  return {
    async measure() {
      const entries = emptyEntries(1);
      note(entries, 0);
      return pack(entries);
    },
    async steps(n) {
      const entries = emptyEntries(n);
      for (let i = 0; i < n; i++) {
        update();
        evaluate();
        note(entries, i);
      }
      return pack(entries);
    },
    tune([next]) {
      const before = settings;
      settings = next;
      if (next.opt !== before.opt) {
        for (const { room } of own) for (const moment of room) moment.fill(0);
        t = 0;
      }
      if (next.inner !== before.inner) evaluate();
    },
    snapshot() {
      let kept: { readonly own: ReturnType<typeof copies>; readonly t: number } | null = { own: copies(), t };
      return {
        restore() {
          if (!kept) return;
          t = kept.t;
          for (const [i, { values, room, size }] of kept.own.entries()) {
            own[i].values.set(values);
            for (const [n, moment] of room.entries()) own[i].room[n].set(moment);
            own[i].update = size;
          }
          evaluate();
        },
        dispose() {
          kept = null;
        },
      };
    },
    async optimiserState() {
      const { moments: count } = optimisers.byName(settings.opt);
      const copy = ({ room }: OwnState) => room.slice(0, count).map((m) => Float32Array.from(m));
      return { t, modules: [{ A: [], B: [], own: own.map(copy) }] };
    },
    dispose() {},
  };
}
