import * as methods from '../../experiment/layer/method-module.ts';
import { prepareProblem } from '../../experiment/layer/problem.ts';
import { giveMethodMaker } from '../../experiment/methods/method-maker.ts';
import type { RunMessage } from '../protocol/page-messages.ts';

// A separate worker makes the matrices of one experiment: those of large layers never leave the engine's worker.

export type MatricesRequest = Pick<RunMessage, 'experiment' | 'drawing'>;

/** W₀ and ΔW*, d × k row by row; or the reason they cannot be made. */
export type MatricesResponse =
  | { readonly base: Float32Array; readonly target: Float32Array }
  | { readonly why: string };

giveMethodMaker(methods);

// The compiler knows this file as part of a page; in a worker postMessage takes no origin.
const post = (made: MatricesResponse, transfer: Transferable[]) => self.postMessage(made, { transfer });

self.addEventListener('message', ({ data: { experiment, drawing } }: MessageEvent<MatricesRequest>) => {
  const problem = prepareProblem(experiment, drawing, { vectors: false });
  if ('why' in problem) return post({ why: problem.why }, []);
  const [{ base, wanted, quantised = { base, target: wanted.matrix } }] = problem.modules;
  const [W0, target] = [quantised.base.data.slice(), quantised.target.data.slice()];
  post({ base: W0, target }, [W0.buffer, target.buffer]);
});
