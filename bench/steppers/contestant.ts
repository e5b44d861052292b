import type { Stepper, StepperStart } from '../../src/engine/steppers/stepper.ts';
import { type OneStart, startOfMatrix } from '../../src/engine/testing/one-matrix.ts';

/** A run that is open: `steps` resolves when n more steps are made and a loss of the last of them has been read. */
export interface Bout {
  steps(n: number): Promise<number>;
  dispose(): void;
}

/** One way to make a training step, from the same start as all others. */
export interface Contestant {
  readonly name: string;
  /** How many steps the loss that `steps` gives lies behind the last one. */
  readonly lag: 0 | 1;
  open(start: OneStart): Promise<Bout>;
}

/** A stepper of the engine as a contestant. Its calls measure every step's loss and norms and copy the factors out. */
export function ofEngine(name: string, open: (start: StepperStart) => Stepper | Promise<Stepper>): Contestant {
  return {
    name,
    lag: 0,
    async open(start) {
      const stepper = await open(startOfMatrix(start));
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
