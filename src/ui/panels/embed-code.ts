import { frameCellSize, type StripMode, stripSizes } from '../../charts/matrices/strip-sizes.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import type { View } from '../../experiment/settings/view.ts';
import { isVisible, requestedControls } from '../controls/visible-controls.ts';
import { portraitOf } from '../strip/captions.ts';

/** Usual widths of a frame in other pages, in px, and the layout at each. */
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
/** Left and right together, in px. */
const MARGIN = 32;
/** Height of all but strip and controls, in px: the run's buttons, and charts two by two or one at a time. */
const REST: Readonly<Partial<Record<StripMode, number>>> = { phone: 570, tablet: 592, desk: 560 };
/** Height and least width of a control with its slider, in px; those with tiles are higher. */
const CONTROL = { height: 70, width: 246 };
const TILES: { readonly [K in ParamKey]?: number } = { target: 190, init: 150 };

const LESSON = 680;

/** Height in px that fits the frame at every usual width: used until the frame reports its own. */
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

/** Height of controls in rows, each as high as its highest. */
function rowsHeight(controls: readonly ParamKey[], columns: number): number {
  let sum = 0;
  for (let i = 0; i < controls.length; i += columns)
    sum += Math.max(...controls.slice(i, i + columns).map((of) => TILES[of] ?? CONTROL.height));
  return sum;
}

export function embedCode(address: string, height: number): string {
  const source = address.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  return `<iframe src="${source}" title="LoRA Explorer" style="border:0;width:100%;height:${height}px" loading="lazy"></iframe>`;
}

/** Script for the embedding page: sets each frame to the height that it reports. */
export const HEIGHT_SCRIPT = `<script>
addEventListener('message', ({ data, source }) => {
  if (data?.lora !== 1 || data.event !== 'height') return;
  for (const frame of document.querySelectorAll('iframe'))
    if (frame.contentWindow === source) frame.style.height = data.value + 'px';
});
</script>`;
