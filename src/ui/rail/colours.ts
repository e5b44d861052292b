export type Rgb = readonly [number, number, number];

/** "#1b1e22", or the "#fff" that a minifier makes of it, as red, green and blue from 0 to 255. */
export function rgb(token: string): Rgb {
  const digits = token.trim().slice(1);
  const six = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const hex = Number.parseInt(six, 16);
  return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
}

/** Tokens in force at an element. */
function colours(element: Element, tokens: readonly string[]): Rgb[] {
  const style = getComputedStyle(element);
  return tokens.map((token) => rgb(style.getPropertyValue(token)));
}

/** Entries of a matrix, row by row, up to a factor. */
export interface Entries {
  readonly rows: number;
  readonly cols: number;
  readonly values: ArrayLike<number>;
  /** What has the full hue; left out: the 99th percentile of their sizes. */
  readonly scale?: number;
}

/** Greys 0 … 1 as a picture, in either theme: 0 is the lighter of paper and ink, 1 the darker. */
export function paintGreys(canvas: HTMLCanvasElement, { rows, cols, values }: Entries): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const [paper, ink] = colours(canvas, ['--paper', '--ink']);
  const [light, dark] = paper[1] > ink[1] ? [paper, ink] : [ink, paper];
  const image = context.createImageData(cols, rows);
  Array.from(values).forEach((value, i) => {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = light[c] + value * (dark[c] - light[c]);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** ΔW* as everywhere: zero is paper, positive crimson, negative its opponent, strength |v|/scale to the power 0.85. */
export function paintEntries(canvas: HTMLCanvasElement, { rows, cols, values, ...given }: Entries): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const [paper, positive, negative] = colours(canvas, ['--paper', '--dwt', '--neg-cool']);
  const image = context.createImageData(cols, rows);
  const scale =
    (given.scale ?? Float32Array.from(values, Math.abs).sort()[Math.floor(0.99 * (values.length - 1))]) || 1;
  Array.from(values).forEach((value, i) => {
    const strength = Math.min(1, Math.abs(value) / scale) ** 0.85;
    const hue = value > 0 ? positive : negative;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = paper[c] + strength * (hue[c] - paper[c]);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}
