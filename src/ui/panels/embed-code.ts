import { frameCellSize, type StripMode, stripSizes } from '../../charts/matrices/strip-sizes.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import type { View } from '../../experiment/settings/view.ts';
import { isVisible, requestedControls } from '../controls/visible-controls.ts';
import { portraitOf } from '../strip/portrait.ts';

/** Widths of a frame that are usual in other pages, in px, and how the page is laid out there. */
const WIDTHS: readonly (readonly [px: number, mode: StripMode])[] = [
  [320, 'phone'],
  [360, 'phone'],
  [480, 'phone'],
  [560, 'phone'],
  [600, 'tablet'],
  [768, 'tablet'],
  [1024, 'tablet'],
  [1280, 'desk'],
];
/** Left and right of everything, in px. */
const MARGIN = 32;
/** The height of all but strip and controls, in px: the run's buttons and charts, two by two or one at a time. */
const REST: Readonly<Partial<Record<StripMode, number>>> = { phone: 512, tablet: 592, desk: 560 };
/** A control with its slider, and the room that it takes at least, in px; those with tiles are higher. */
const CONTROL = { height: 70, width: 246 };
const TILES: { readonly [K in ParamKey]?: number } = { target: 190, init: 150 };

/** What the text of a lesson adds above the lab, in px. */
const LESSON = 680;

/** The height in px that shows a whole frame, however wide it is: what is said before the frame can tell its own. */
export function embedHeight(e: Experiment, view: Pick<View, 'show'> & Partial<Pick<View, 'lesson'>>): number {
  const framed = { ...view, view: 'embed' } as const;
  const controls = (requestedControls(framed) ?? []).filter((of) => isVisible(of, e, framed));
  const heights = WIDTHS.map(([px, mode]) => {
    const width = px - MARGIN;
    const request = { width, d: e.d, k: e.k, rank: e.rank, mode };
    const pictured = portraitOf(e) !== null;
    const { height } = stripSizes(pictured ? { ...request, pictured, most: frameCellSize(width) } : request);
    return height + (REST[mode] ?? 0) + rowsHeight(controls, Math.max(1, Math.floor(width / CONTROL.width)));
  });
  return 10 * Math.ceil(Math.max(...heights) / 10) + (view.lesson ? LESSON : 0);
}

/** Of controls in rows, each as high as its highest. */
function rowsHeight(controls: readonly ParamKey[], columns: number): number {
  let sum = 0;
  for (let i = 0; i < controls.length; i += columns)
    sum += Math.max(...controls.slice(i, i + columns).map((of) => TILES[of] ?? CONTROL.height));
  return sum;
}

/** The frame as HTML; `address` is that of its page. */
export function embedCode(address: string, height: number): string {
  const source = address.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  return `<iframe src="${source}" title="LoRA Explorer" style="border:0;width:100%;height:${height}px" loading="lazy"></iframe>`;
}

/** What a page runs, once, so that each of its frames becomes as high as it says that it is. */
export const HEIGHT_SCRIPT = `<script>
addEventListener('message', ({ data, source }) => {
  if (data?.lora !== 1 || data.event !== 'height') return;
  for (const frame of document.querySelectorAll('iframe'))
    if (frame.contentWindow === source) frame.style.height = data.value + 'px';
});
</script>`;
