import type { ModuleTrace } from '../../experiment/run-file/run-record.ts';
import type {
  Factors,
  MatrixStart,
  Moments,
  Pack,
  Settings,
  StepEntries,
  Stepper,
  StepperStart,
} from '../steppers/stepper.ts';

export interface OneStart extends Omit<MatrixStart, 'name'>, Pick<StepperStart, 'samples' | 'step'> {
  readonly settings: Settings;
  readonly state?: OneState;
}

export interface OneState extends Moments {
  readonly t: number;
}

export type OneEntries = StepEntries['series'] & ModuleTrace;

export interface OnePack extends Factors {
  readonly entries: OneEntries;
}

export interface OneStepper extends Pick<Stepper, 'snapshot' | 'dispose'> {
  readonly tune: (settings: Settings) => void;
  readonly measure: () => Promise<OnePack>;
  readonly steps: (n: number) => Promise<OnePack>;
  readonly optimiserState: () => Promise<OneState>;
}

export function startOfMatrix({ settings, samples, step, state, ...module }: OneStart): StepperStart {
  const modules = [{ name: 'W', ...module }];
  return { modules, settings: [settings], samples, step, ...(state && { state: { t: state.t, modules: [state] } }) };
}

function onePack({ entries: { series, modules }, modules: [factors] }: Pack): OnePack {
  return { entries: { ...series, ...modules[0] }, ...factors };
}

export function oneStepper(stepper: Stepper): OneStepper {
  return {
    measure: async () => onePack(await stepper.measure()),
    steps: async (n) => onePack(await stepper.steps(n)),
    tune: (settings) => stepper.tune([settings]),
    snapshot: () => stepper.snapshot(),
    async optimiserState() {
      const { t, modules } = await stepper.optimiserState();
      return { t, ...modules[0] };
    },
    dispose: () => stepper.dispose(),
  };
}
