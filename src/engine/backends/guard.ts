import type { Stepper } from '../steppers/stepper.ts';
import { RunFault } from './backend.ts';

const NEWS_MS = 250;
const TOO_LITTLE = 'Not enough graphics memory: use a smaller matrix or ?backend=cpu.';

export interface DeviceWatch {
  /** Runs `work`; rejects with a RunFault if the device was lost or refused something meanwhile. */
  readonly check: <T>(work: () => Promise<T>) => Promise<T>;
}

/** WebGPU reports errors apart from results (a lost device reads as zeros), so every call is checked. */
export function watchDevice(device: GPUDevice): DeviceWatch {
  let fault: RunFault | null = null;
  const lost = device.lost.then(({ message }) => {
    fault = new RunFault('device-lost', message || 'The graphics device was lost.');
  });
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    fault ??= faultOf(event.error);
  });

  return {
    async check(work) {
      device.pushErrorScope('out-of-memory');
      device.pushErrorScope('validation');
      const [done, ...errors] = await Promise.allSettled([work(), device.popErrorScope(), device.popErrorScope()]);
      for (const error of errors) {
        if (error.status === 'fulfilled' && error.value) fault ??= faultOf(error.value);
      }
      if (done.status === 'rejected' && !fault) {
        await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, NEWS_MS))]);
      }
      if (fault) {
        const found = fault;
        // A smaller matrix may do; a lost device stays lost.
        if (found.kind !== 'device-lost') fault = null;
        throw found;
      }
      if (done.status === 'rejected') throw done.reason;
      return done.value;
    },
  };
}

function faultOf(error: GPUError): RunFault {
  return error instanceof GPUOutOfMemoryError
    ? new RunFault('refused', TOO_LITTLE)
    : new RunFault('broken', error.message);
}

/** A stepper with every call checked; disposed of if the device had no memory for it. */
export async function openGuardedStepper(make: () => Stepper, watch: DeviceWatch): Promise<Stepper> {
  let made: Stepper | null = null;
  try {
    const stepper = await watch.check(async () => {
      made = make();
      return made;
    });
    return guardedStepper(stepper, watch);
  } catch (error) {
    (made as Stepper | null)?.dispose();
    throw error instanceof RangeError ? new RunFault('refused', TOO_LITTLE) : error;
  }
}

export function guardedStepper(stepper: Stepper, watch: DeviceWatch): Stepper {
  return {
    measure: () => watch.check(() => stepper.measure()),
    steps: (n) => watch.check(() => stepper.steps(n)),
    tune: (settings) => stepper.tune(settings),
    snapshot: () => stepper.snapshot(),
    optimiserState: () => watch.check(() => stepper.optimiserState()),
    dispose: () => stepper.dispose(),
  };
}
