/** Writes a line n times: loops over registers must be written out, since registers have no addresses. */
export function each(n: number, line: (i: number) => string, between = '\n'): string {
  return Array.from({ length: n }, (_, i) => line(i)).join(between);
}
