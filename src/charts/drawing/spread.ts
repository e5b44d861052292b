/**
 * Moves heights as little as possible until each is at least `gap` below the one before it and all lie between low and
 * high; the order stays. Where there is no room for all, the last ones run over high.
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  // Stacks of labels that touch: where two stacks meet they become one, at the mean of what their labels want.
  const stacks: { sum: number; members: number[] }[] = [];
  const top = ({ sum, members }: { sum: number; members: number[] }) => {
    const room = Math.max(low, high - (members.length - 1) * gap);
    return Math.min(room, Math.max(low, sum / members.length));
  };
  for (const i of order) {
    let stack = { sum: wanted[i], members: [i] };
    for (
      let above = stacks.at(-1);
      above && top(above) + above.members.length * gap > top(stack);
      above = stacks.at(-1)
    ) {
      const n = above.members.length;
      stack = {
        sum: above.sum + stack.sum - stack.members.length * n * gap,
        members: [...above.members, ...stack.members],
      };
      stacks.pop();
    }
    stacks.push(stack);
  }
  const result = [...wanted];
  for (const stack of stacks) {
    for (const [place, i] of stack.members.entries()) result[i] = top(stack) + place * gap;
  }
  return result;
}
