import type { Stepper, StepperStart } from '../../src/engine/steppers/stepper.ts';
import { type OneStart, startOfMatrix } from '../../src/engine/testing/one-matrix.ts';

/** An open run: `steps` resolves when n more steps are done and a loss of the last of them has been read. */
export interface Bout {
  steps(n: number): Promise<number>;
  dispose(): void;
}

/** One way to make a training step, from the start that all contestants share. */
export interface Contestant {
  readonly name: string;
  /** By how many steps the loss from `steps` lags the last one. */
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
