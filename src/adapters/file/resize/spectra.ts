import type { Adapter, Figures, Module, Spectrum } from '../model.ts';

/** Whether a module is cut: a pair that is the whole of its ΔW. Others are carried through untouched. */
function canBeCut(module: Module): boolean {
  return module.kind === 'lora' && module.magnitude === null && module.rank > 0;
}

/** What ways to cut see of a file, module by module; null for one that is carried through: see canBeCut, or not finite. */
export function spectraOf(adapter: Adapter, figures: readonly (Figures | null)[]): (Spectrum | null)[] {
  return adapter.modules.map((module, index) => {
    const of = figures[index] ?? null;
    if (of === null || !of.finite || of.sigma.length === 0 || !canBeCut(module)) return null;
    const { d, k, kernel } = module;
    return { d, k, convolution: kernel !== null && kernel[0] * kernel[1] > 1, sigma: of.sigma };
  });
}
