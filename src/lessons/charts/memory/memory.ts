import { scaleLinear } from 'd3-scale';
import { fitting, horizontalAxis, type Scale, type Tick } from '../../../charts/drawing/axes.ts';
import { box, type Mark, segment, words } from '../../../charts/drawing/marks.ts';
import { isLarge, type Plot } from '../../../charts/drawing/plot.ts';
import { render } from '../../../charts/drawing/render.ts';
import { textWidth } from '../../../charts/drawing/text-width.ts';
import { cardFor, GIB, sumOf } from '../../../experiment/cost/counts.ts';
import type { Chart, Size } from '../../../kit/chart/chart.ts';
import { type Area, dotted, hatched, outline } from './fills.ts';
import { gibText, type MemoryBar, type MemoryScene, PARTS } from './memory-scene.ts';

/** Weights, gradients, optimiser state and activations of each way of training, with the sizes of common cards. */
export const memoryBoard: Chart<MemoryScene> = {
  name: 'memory',
  title: 'Memory to train',
  help: () => 'GiB; weights slate, gradients hatched, optimiser dotted, activations open; dotted rules: common cards',
  draw: (svg, scene, size) => render(svg, size, memoryPicture(scene, size)),
  describe: ({ bars }) =>
    bars
      .map(({ name, parts }) => {
        const card = cardFor(sumOf(parts));
        const fits = card === null ? 'more than a card of 80' : `a card of ${card} has room`;
        return `${name}: ${gibText(sumOf(parts) / GIB)} GiB, ${partsText(parts).join(', ')}; ${fits}.`;
      })
      .join(' '),
};

const gib = (bytes: number) => bytes / GIB;
const partsText = (parts: MemoryBar['parts']) => PARTS.map((part) => `${part} ${gibText(gib(parts[part]))}`);

/** The axis ends no sooner than here: the smallest card is always seen. */
const LEAST = 8.8;

export function memoryPicture({ bars, cards }: MemoryScene, size: Size): Mark[] {
  const { font, width, height, short } = size;
  const large = isLarge(size);
  const names = Math.max(...bars.map(({ name }) => textWidth(name, font, true)));
  const plot: Plot = {
    left: short ? 1 : names + 1.2 * font,
    right: width - (short ? 8 : 1),
    top: 2.6 * font,
    bottom: height - 2.2 * font,
  };
  const x = scaleOf(bars, cards, plot, size);
  const row = (plot.bottom - plot.top) / bars.length;
  const inAxis = cards.filter((card) => x(card) <= plot.right + 0.5);
  const labels = inAxis.map((value, i): Tick => ({ value, text: i === 0 ? `card of ${value}` : String(value) }));
  // The first says what all are, and stays inside.
  const place = (value: number) =>
    value === inAxis[0] ? Math.max(x(value), plot.left + textWidth(labels[0]?.text ?? '', font) / 2) : x(value);
  const ticks = scaleLinear()
    .domain([0, gibAt(x, plot)])
    .ticks(large || short ? 4 : 6);
  const last = ticks.at(-1) ?? 0;
  const texts = ticks.map((value): Tick => ({ value, text: value === last ? `${value} GiB` : String(value) }));
  return [
    ...inAxis.map((card) =>
      segment(`card ${card}`, 'hair axis dotted', [x(card), plot.top - 0.7 * font], [x(card), plot.bottom]),
    ),
    ...fitting(labels, place, font).map((tick) =>
      words(`card name ${tick.value}`, 'ink-2', [place(tick.value), plot.top - 1.15 * font], 'middle', tick.text),
    ),
    ...axis(texts, x, plot, size),
    ...bars.flatMap((bar, i) => barMarks(bar, i, { ...plot, top: plot.top + i * row }, row, x, size)),
  ];
}

/** The axis: as far as the longest bar with its total beside it, and to the card that has room for it. */
function scaleOf(bars: readonly MemoryBar[], cards: readonly number[], plot: Plot, { font, short }: Size): Scale {
  const most = Math.max(...bars.map(({ parts }) => gib(sumOf(parts))));
  const beside = short ? 0 : textWidth(`${gibText(most)} GiB`, font, true) + font;
  const card = cards.find((one) => one >= most) ?? 0;
  const room = Math.max(0.5, (plot.right - plot.left - beside) / (plot.right - plot.left));
  const end = Math.max(LEAST, most / room, card * 1.04);
  return scaleLinear().domain([0, end]).range([plot.left, plot.right]);
}

/** The value at the right end. */
function gibAt(x: Scale, plot: Plot): number {
  return (plot.right - x(0)) / (x(1) - x(0));
}

/** The first number stands where the axis begins, so that nothing is cut off. */
function axis(ticks: readonly Tick[], x: Scale, plot: Plot, size: Size): Mark[] {
  const half = (text: string) => textWidth(text, size.font) / 2;
  const kept = fitting([...ticks].reverse(), x, size.font).map((tick) => ({ ...tick, at: x(tick.value) }));
  const inside = kept.map(({ at, text, value }) => ({
    text,
    value,
    at: Math.min(Math.max(at, half(text)), size.width - half(text)),
  }));
  return [
    ...horizontalAxis('', [], x, plot, size).filter(({ key }) => key === 'axis'),
    ...kept.map(({ value, at }) => segment(`tick ${value}`, 'hair axis', [at, plot.bottom], [at, plot.bottom + 4])),
    ...inside.map(({ value, at, text }) =>
      words(`x ${value}`, '', [at, plot.bottom + 4 + 1.12 * size.font], 'middle', text),
    ),
  ];
}

/** One bar in its row: its name, its parts, its total, and what each part is. */
function barMarks({ name, parts }: MemoryBar, i: number, plot: Plot, row: number, x: Scale, size: Size): Mark[] {
  const { font, short } = size;
  const y = plot.top + (short ? 1.45 * font : 0.12 * row);
  const height = Math.min(short ? 26 : 48, Math.max(0.7 * font, row * (short ? 0.3 : 0.46)));
  const key = (what: string) => `${what} ${i}`;
  const total = `${gibText(gib(sumOf(parts)))} GiB`;
  let from = 0;
  const segments = PARTS.map((part) => {
    const [a, b] = [x(from), x(from + gib(parts[part]))];
    from += gib(parts[part]);
    return { part, area: { x: a, y, width: b - a, height } };
  });
  const end = x(from);
  const middle = y + height / 2 + 0.4 * font;
  const fills = segments
    .filter(({ area }) => area.width > 0.05)
    .flatMap(({ part, area }) => fillOf(part, i, area, font));
  const bottom = y + height + 1.2 * font;
  if (short) {
    const at = textWidth(`${name} `, font, true);
    return [
      ...fills,
      words(key('name'), 'ink strong halo', [plot.left, y - 0.45 * font], 'start', name),
      words(key('total'), 'ink strong halo', [plot.left + at + 0.4 * font, y - 0.45 * font], 'start', total),
      ...wrapped(partsText(parts), key('parts'), plot.left, bottom, size),
    ];
  }
  const beside = end + 0.7 * font;
  const all = partsText(parts).join(', ');
  const after = beside + textWidth(total, font, true) + 0.8 * font;
  const fits = after + textWidth(all, font) <= size.width;
  return [
    ...fills,
    words(key('name'), 'ink strong', [plot.left - 0.8 * font, middle], 'end', name),
    words(key('total'), 'ink strong halo', [beside, middle], 'start', total),
    ...(fits
      ? [words(key('parts'), 'ink-2 halo', [after, middle], 'start', all)]
      : (below(parts, segments, key, bottom, font) ??
        wrapped(partsText(parts), key('parts'), plot.left, bottom, size))),
  ];
}

const FILLS = {
  weights: (key: string, area: Area) => [box(key, 'w0', area.x, area.y, area.width, area.height)],
  gradients: (key: string, area: Area, font: number) => [
    box(`${key} paper`, 'paper', area.x, area.y, area.width, area.height),
    hatched(key, area, 0.58 * font),
  ],
  optimiser: (key: string, area: Area, font: number) => [
    box(`${key} paper`, 'paper', area.x, area.y, area.width, area.height),
    dotted(key, area, 0.42 * font),
  ],
  activations: (key: string, area: Area) => [box(key, 'paper', area.x, area.y, area.width, area.height)],
} as const satisfies Record<(typeof PARTS)[number], (key: string, area: Area, font: number) => Mark[]>;

function fillOf(part: (typeof PARTS)[number], i: number, area: Area, font: number): Mark[] {
  return [...FILLS[part](`${part} ${i}`, area, font), outline(`${part} edge ${i}`, area)];
}

/** Each part's name under it; the last one may end with the bar. Null where they would not stand apart. */
function below(
  parts: MemoryBar['parts'],
  segments: readonly { readonly area: Area }[],
  key: (what: string) => string,
  y: number,
  font: number,
): Mark[] | null {
  const texts = partsText(parts);
  let free = 0;
  const marks: Mark[] = [];
  for (const [n, { area }] of segments.entries()) {
    const text = texts[n] ?? '';
    const width = textWidth(text, font);
    const last = n === segments.length - 1;
    const right = area.x + area.width;
    const left = last && width > area.width - 6 ? right - width : area.x + 4;
    if (left < free || (!last && left + width > right + 1)) return null;
    free = left + width + 0.6 * font;
    marks.push(words(key(`part ${n}`), 'ink-2 halo', [left, y], 'start', text));
  }
  return marks;
}

/** The parts in as many lines as they need. */
function wrapped(texts: readonly string[], key: string, x: number, y: number, { font, width }: Size): Mark[] {
  const lines: string[] = [];
  for (const text of texts) {
    const line = lines.at(-1);
    const longer = `${line}, ${text}`;
    if (line !== undefined && x + textWidth(longer, font) <= width) lines[lines.length - 1] = longer;
    else lines.push(text);
  }
  return lines.map((line, n) => words(`${key} ${n}`, 'ink-2 halo', [x, y + 1.25 * font * n], 'start', line));
}
