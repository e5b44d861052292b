import { optimisers } from '../../experiment/optimisers.ts';
import { onlyModule, type Settings, type Start } from './stepper.ts';

/** All that changes from step to step. */
export interface State {
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** ∂L/∂A and ∂L/∂B of the present factors, waiting for the next update. */
  readonly gradA: Float64Array;
  readonly gradB: Float64Array;
  momentsA: Float32Array[];
  momentsB: Float32Array[];
  /** Updates since the optimiser's state was fresh. */
  t: number;
  /** Updates made, those before the start included. */
  step: number;
  loss: number;
  /** ‖s·B·A − target‖_F, where the loss is another. */
  distance: number;
  updateNormA: number;
  updateNormB: number;
}

/** Nothing is measured yet. */
export function stateOf(start: Start): State {
  const { settings } = start;
  const { A, B } = onlyModule(start);
  const moments = start.state?.modules[0];
  return {
    A: A.slice(),
    B: B.slice(),
    gradA: new Float64Array(A.length),
    gradB: new Float64Array(B.length),
    momentsA: moments ? moments.A.map((m) => m.slice()) : freshMoments(settings, A.length),
    momentsB: moments ? moments.B.map((m) => m.slice()) : freshMoments(settings, B.length),
    t: start.state?.t ?? 0,
    step: start.step ?? 0,
    loss: 0,
    distance: 0,
    updateNormA: 0,
    updateNormB: 0,
  };
}

export function freshMoments({ opt }: Settings, length: number): Float32Array[] {
  return Array.from({ length: optimisers.byName(opt).moments }, () => new Float32Array(length));
}

export function copyOf(state: State): State {
  return {
    ...state,
    A: state.A.slice(),
    B: state.B.slice(),
    gradA: state.gradA.slice(),
    gradB: state.gradB.slice(),
    momentsA: state.momentsA.map((m) => m.slice()),
    momentsB: state.momentsB.map((m) => m.slice()),
  };
}
