import type { Stepper, StepperStart } from '../../src/engine/steppers/stepper.ts';
import { type OneStart, startOfMatrix } from '../../src/engine/testing/one-matrix.ts';

/** An open run: `steps` resolves when n more steps are done and a loss of the last of them has been read. */
export interface Bout {
  steps(n: number): Promise<number>;
  dispose(): void;
}

/** One way to make a training step, from the start that all contestants share. */
export interface Contestant<Start = OneStart> {
  readonly name: string;
  /** By how many steps the loss from `steps` lags the last one. */
  readonly lag: 0 | 1;
  open(start: Start): Promise<Bout>;
}

/** A stepper of the engine as a contestant. Its calls measure every step's loss and norms and copy the factors out. */
export const ofEngine = (name: string, open: OpenStepper): Contestant => {
  const { open: opened, ...one } = ofNetworkEngine(name, open);
  return { ...one, open: (start) => opened(startOfMatrix(start)) };
};

type OpenStepper = (start: StepperStart) => Stepper | Promise<Stepper>;

/** The same from a start of any number of matrices. */
export function ofNetworkEngine(name: string, open: OpenStepper): Contestant<StepperStart> {
  return {
    name,
    lag: 0,
    async open(start) {
      const stepper = await open(start);
      return {
        async steps(n) {
          const { loss } = (await stepper.steps(n)).entries.series;
          return loss[n - 1];
        },
        dispose: () => stepper.dispose(),
      };
    },
  };
}
