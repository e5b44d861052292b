/**
 * What is wrong, in words without a full stop, with a matrix of which every entry is the same, zero included: a constant hides nothing that a rank could
 * show. Null where two entries differ.
 */
export function flatFault(data: ArrayLike<number>): string | null {
  const first = data[0];
  for (let i = 1; i < data.length; i++) if (data[i] !== first) return null;
  const found = data.length === 1 ? `the only number is ${first}` : `every number is ${first}`;
  return `${found}, so there is nothing to learn; at least two different numbers are needed`;
}
