/** Makes matrices under methods beside LoRA, and those on a quantised base, and compares what merging makes of these. */
export type MethodMaker = typeof import('../layer/method-module.ts') &
  typeof import('../layer/quantised/quantised-module.ts') &
  typeof import('../layer/quantised/merged-weights.ts');

let given: MethodMaker | null = null;

/** Most visits choose no such method: their worker never fetches it (engine/backends/on-demand.ts). */
export function giveMethodMaker(maker: MethodMaker): void {
  given = maker;
}

/** Throws if it has not been given. */
export function methodMaker(): MethodMaker {
  if (!given) throw new Error('The methods beside LoRA have not been loaded.');
  return given;
}
