import type { Adapter, Matched, Module } from '../model.ts';

/** Parts of a pipeline beside its main network: their layers have numbers of their own. */
const BESIDE = /^(?:te\d?|second)_/;

/**
 * Which modules of two files adapt the same layer, whatever the files call it: those with one canonical name; of what is
 * left, those whose names agree from their first numbered block on ("language_model_layers_0_…" and "layers_0_…"),
 * where just one module of each file does. In the order of the first file.
 */
export function matchModules(a: Adapter, b: Adapter): Matched {
  const found = new Map<number, number>();
  const taken = new Set<number>();
  const match = (keyOf: (module: Module) => string | null) => {
    const second = unique(b.modules, taken, keyOf);
    for (const [key, i] of unique(a.modules, found, keyOf)) {
      const j = second.get(key);
      if (j === undefined) continue;
      found.set(i, j);
      taken.add(j);
    }
  };
  match((module) => module.canonical);
  match(fromFirstNumber);

  const all = a.modules.flatMap(({ index }) => {
    const j = found.get(index);
    return j === undefined ? [] : [[index, j] as const];
  });
  const alike = all.map(([i, j]) => sameShape(a.modules[i], b.modules[j]));
  const onlyFirst = a.modules.map((m) => m.index).filter((i) => !found.has(i));
  const onlySecond = b.modules.map((m) => m.index).filter((j) => !taken.has(j));
  const notPairs = (of: Adapter, indices: readonly number[]) => indices.filter((i) => of.modules[i].kind !== 'lora');
  return {
    pairs: all.filter((_, n) => alike[n]),
    unlike: all.filter((_, n) => !alike[n]),
    onlyFirst,
    onlySecond,
    notPairs: [notPairs(a, onlyFirst), notPairs(b, onlySecond)],
  };
}

/** Modules by key, without those that are found already and those that share theirs. */
function unique(
  modules: readonly Module[],
  found: { has(index: number): boolean },
  keyOf: (module: Module) => string | null,
): ReadonlyMap<string, number> {
  const by = new Map<string, number>();
  const several = new Set<string>();
  for (const module of modules) {
    const key = keyOf(module);
    if (key === null || found.has(module.index)) continue;
    if (by.has(key)) several.add(key);
    by.set(key, module.index);
  }
  for (const key of several) by.delete(key);
  return by;
}

function fromFirstNumber({ canonical }: Module): string | null {
  if (BESIDE.test(canonical)) return null;
  return /(?:^|_)([a-z]+_\d+_.+)$/.exec(canonical)?.[1] ?? null;
}

/** Whether both are pairs B·A of one ΔW's shape: a 1 × 1 convolution is a linear layer, other kernels must agree. */
function sameShape(a: Module, b: Module): boolean {
  const kernel = (m: Module) => (m.kernel === null ? '1,1' : String(m.kernel));
  return a.kind === 'lora' && b.kind === 'lora' && a.d === b.d && a.k === b.k && kernel(a) === kernel(b);
}
