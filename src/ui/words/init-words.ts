import { number, percent, trim } from '../../experiment/numbers.ts';
import { type ReadyModule, shownIndex, shownModule } from '../../state/run/run.ts';
import { currentScaling, zeroFactorAtStart } from '../../state/select.ts';
import type { State } from '../../state/state.ts';

/** The output at step 0 against that of W₀, if the initialisation has moved a part of W₀; else null. */
export function outputWords({ moved }: Pick<ReadyModule, 'moved'>): string | null {
  if (!moved) return null;
  const { largest, bound } = moved.output;
  const difference = largest === 0 ? '0' : number(largest, 2);
  return `output unchanged: largest difference ${difference}, rounding allows up to ${number(bound, 2)}`;
}

/** 2·2⁻²⁴: rounding A and B to float32 changes s·B·A by at most this times s·‖B‖_F·‖A‖_F (plus its square). */
const ROUNDED = 2 ** -23;

/** Meaning of s·B·A ≠ 0 at step 0 for the output of a layer whose W₀ is unchanged. `spectrum`: that of s·B·A. */
export function perturbedWords(
  { baseNorm, facts, rank }: Pick<ReadyModule, 'baseNorm' | 'facts' | 'rank'>,
  spectrum: Float64Array,
  scaling: number,
): string {
  const size = Math.sqrt(spectrum.reduce((sum, v) => sum + v * v, 0));
  // ‖A‖_F ≤ √r·a and ‖B‖_F ≤ √r·b for the largest singular values a and b.
  const rounding = ROUNDED * scaling * rank * facts.a * facts.b;
  if (size <= rounding)
    return `B·A = 0 except for rounding: ‖ΔW‖ is ${number(size / baseNorm, 2)} of ‖W₀‖, so the layer still behaves like W₀`;
  return `the initialisation already changes the layer: ‖ΔW‖ is ${percent(size / baseNorm)} of ‖W₀‖`;
}

/** Effect on the output if s has changed since the initialisation moved s₀·B₀·A₀ out of W₀; null if it has not. */
export function scaledWords({ moved }: Pick<ReadyModule, 'moved'>, scaling: number): string | null {
  if (!moved || scaling === moved.scaling) return null;
  return `s is now ${trim(scaling)}, but W_frozen was made with s₀ = ${trim(moved.scaling)}. That change alone shifts the layer by (s − s₀)·B·A, even if nothing has been learned.`;
}

/** How far a layer on a quantised base is off W₀ at step 0; null on another base. */
function quantisedWords({ quantised }: Pick<ReadyModule, 'quantised'>): string | null {
  if (!quantised) return null;
  const { off, start } = quantised;
  if (start === off) return `ΔW = 0, so the layer behaves like Q, which is ${trim(100 * off, 2)}% of ‖W₀‖ off W₀`;
  return `Q is ${trim(100 * off, 2)}% of ‖W₀‖ off W₀; with A and B the layer starts ${trim(100 * start, 2)}% off`;
}

export function initWords(state: State): string {
  const module = shownModule(state);
  const unchanged = module && (outputWords(module) ?? quantisedWords(module));
  if (unchanged) return unchanged;
  if (module?.method && isUnmoved(state, module)) return 'ΔW = 0: the layer still behaves like W₀';
  switch (zeroFactorAtStart(state)) {
    case 'both':
      return 'A = B = 0: both gradients are exactly 0, so nothing can move';
    case 'B':
      return 'B = 0, so ΔW = 0: the layer still behaves exactly like W₀';
    case 'A':
      return 'A = 0, so ΔW = 0: the layer still behaves exactly like W₀';
    case null:
      return perturbed(state);
  }
}

/** A start of a method is W₀ up to rounding; that of LoRA-XS has an R of 1e-5. */
const UNMOVED = 1e-5;

const startSpectrum = ({ run, view }: State) => {
  const [start] = run.frames;
  return start?.step === 0 ? start.modules[shownIndex({ run, view })].spectrum : null;
};

const isUnmoved = (state: State, { baseNorm }: ReadyModule) => {
  const spectrum = startSpectrum(state);
  return spectrum !== null && Math.hypot(...spectrum) <= UNMOVED * baseNorm;
};

/** ‖ΔW‖ at step 0 against ‖W₀‖, from the singular values of ΔW. */
function perturbed(state: State): string {
  const { experiment } = state;
  const module = shownModule(state);
  const spectrum = startSpectrum(state);
  if (!spectrum || !module || !(module.baseNorm > 0))
    return `ΔW is not 0 at step 0, s = ${trim(currentScaling({ experiment }))}`;
  return perturbedWords(module, spectrum, currentScaling({ experiment }));
}
