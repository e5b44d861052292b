import { once } from '../../experiment/layer/cached.ts';
import type { BesideLora } from '../../experiment/methods/starts.ts';
import { isPairRule, optimisers, USUAL_EPSILON } from '../../experiment/optimisers.ts';
import { doraPass } from '../tasks/methods/dora.ts';
import { ia3Pass, loraXsPass, shiraPass } from '../tasks/methods/linear.ts';
import { oftPass } from '../tasks/methods/oft.ts';
import type { MakePass, TrainedArray } from '../tasks/methods/pass.ts';
import { hiraPass, lokrPass } from '../tasks/methods/products.ts';
import type { FloatArray, NetworkKernels } from '../tasks/network/kernels.ts';
import { pacedAt } from './regime/rate-share.ts';
import { shortenJointly } from './regime/regime-steps.ts';
import {
  emptyEntries,
  type Factors,
  type Pack,
  type StepEntries,
  type Stepper,
  type StepperStart,
  singleModule,
} from './stepper.ts';

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

/** √(a² + b²), and exactly b if a is 0. */
const joined = (a: number, b: number) => (a === 0 ? b : Math.sqrt(a * a + b * b));

/**
 * Trains a method beside LoRA on a known matrix, on any kernels. ΔW, the whole matrix that a full
 * module has, is formed where somebody reads it; norms of the two streams are those of all its arrays together. Throws if there is no method.
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
  let step = start.step ?? 0;
  let loss = 0;
  evaluate();

  function evaluate(): void {
    loss = pass.evaluate(settings.inner ?? 1);
  }

  function update(): void {
    t += 1;
    const { opt, lr, ratio, epsilon = USUAL_EPSILON } = pacedAt(start.schedule, settings, step);
    if (isPairRule(opt)) throw new Error(`${opt} is for the two factors of LoRA.`);
    shortenJointly(
      start.regime?.clip,
      own.map(({ gradient }) => gradient),
      (gradient) => kernels.norm(gradient),
    );
    for (const one of own) {
      const rate = one.fast ? ratio * lr : lr;
      one.update = kernels.update(one.values, one.gradient, one.room, { opt, rate, t, columns: one.cols, epsilon });
    }
    step += 1;
  }

  /** The norms of each stream gather in the entries, which begin as zeros. */
  function note({ series, modules: [norms] }: StepEntries, at: number): void {
    series.loss[at] = loss;
    for (const { stream, gradient, update: moved } of own) {
      const [gradients, updates] =
        stream === 'A' ? [norms.gradNormA, norms.updateNormA] : [norms.gradNormB, norms.updateNormB];
      gradients[at] = joined(gradients[at], kernels.norm(gradient));
      updates[at] = joined(updates[at], moved);
    }
  }

  /** ΔW of these numbers, whatever the present ones are. */
  function updateOf(numbers: readonly Float32Array[], s: number): Float32Array {
    const whole = new Float32Array(d * k);
    const present = own.map(({ values }) => values.slice());
    for (const [i, { values }] of own.entries()) values.set(numbers[i]);
    pass.update(whole, s);
    for (const [i, { values }] of own.entries()) values.set(present[i]);
    return whole;
  }

  function pack(entries: StepEntries): Pack {
    const numbers = own.map(({ values }) => new Float32Array(values));
    const { inner = 1 } = settings;
    const update = once(() => updateOf(numbers, inner));
    const identity = once(() => still.slice());
    const module: Factors = {
      own: numbers,
      get A() {
        return wide ? update() : identity();
      },
      get B() {
        return wide ? identity() : update();
      },
    };
    return { entries, modules: [module] };
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
      let kept: { readonly own: ReturnType<typeof copies>; readonly t: number; readonly step: number } | null = {
        ...{ own: copies(), t, step },
      };
      return {
        restore() {
          if (!kept) return;
          ({ t, step } = kept);
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
      const copy = ({ room }: OwnState) => room.slice(0, count).map((m) => new Float32Array(m));
      return { t, modules: [{ A: [], B: [], own: own.map(copy) }] };
    },
    dispose() {},
  };
}
