import type { Place } from '../model.ts';

/** Groups and types of modules in the order in which a layer computes them. */
export const GROUPS: readonly string[] = [
  'self-attention',
  'attention',
  'text attention',
  'cross-attention',
  'linear attention',
  'mlp',
  'text mlp',
];
export const TYPES: readonly string[] = [
  ...['q', 'k', 'v', 'qkv', 'k image', 'v image', 'out'],
  ...['gate', 'up', 'gate and up', 'down', 'fc1', 'fc2'],
  ...['conv 1', 'time', 'conv 2', 'shortcut', 'proj in', 'proj out'],
];

const at = (list: readonly string[], name: string) => {
  const found = list.indexOf(name);
  return found < 0 ? list.length : found;
};

/** In the order of the forward pass; modules whose place is not known come last, in the order in which they came. */
export function byPlace(a: Place | null, b: Place | null): number {
  if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
  for (let i = 0; i < Math.max(a.order.length, b.order.length); i++) {
    const by = (a.order[i] ?? -1) - (b.order[i] ?? -1);
    if (by !== 0) return by;
  }
  return at(GROUPS, a.group) - at(GROUPS, b.group) || at(TYPES, a.type) - at(TYPES, b.type);
}
