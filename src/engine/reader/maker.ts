import * as methods from '../../experiment/layer/method-module.ts';
import { prepareProblem } from '../../experiment/layer/problem.ts';
import * as merged from '../../experiment/layer/quantised/merged-weights.ts';
import * as quantised from '../../experiment/layer/quantised/quantised-module.ts';
import { giveMethodMaker } from '../../experiment/methods/method-maker.ts';
import type { RunMessage } from '../protocol/page-messages.ts';

// A separate worker makes the matrices of one experiment: those of large layers never leave the engine's worker.

export type MatricesRequest = Pick<RunMessage, 'experiment' | 'drawing'>;

/** W₀ and ΔW*, d × k row by row; or the reason they cannot be made. */
export type MatricesResponse =
  | { readonly base: Float32Array; readonly target: Float32Array }
  | { readonly why: string };

giveMethodMaker({ ...methods, ...quantised, ...merged });

// The compiler knows this file as part of a page; in a worker postMessage takes no origin.
const post = (made: MatricesResponse, transfer: Transferable[]) => self.postMessage(made, { transfer });

self.addEventListener('message', ({ data: { experiment, drawing } }: MessageEvent<MatricesRequest>) => {
  const problem = prepareProblem(experiment, drawing, { vectors: false });
  if ('why' in problem) return post({ why: problem.why }, []);
  const [{ base, wanted, quantised: was = { base, target: wanted.matrix } }] = problem.modules;
  const [W0, target] = [was.base.data.slice(), was.target.data.slice()];
  post({ base: W0, target }, [W0.buffer, target.buffer]);
});
