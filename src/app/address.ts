import type { EngineChoice } from '../engine/protocol/engine-info.ts';
import { quote, type Remark, remarkText } from '../experiment/link/faults.ts';
import { type LinkFault, OMISSION_TEXT, type OpenedLink, parseLink } from '../experiment/link/link.ts';
import type { HeldDrawings } from '../experiment/matrix-file/decode-data.ts';
import { DEFAULT_PRESET, presetOf, presets } from '../experiment/presets.ts';
import { isHand } from '../experiment/settings/bounds.ts';
import { targets } from '../experiment/targets/index.ts';
import { isOwnMatrix } from '../experiment/targets/target.ts';
import type { OpenedEvent, PageEvent } from '../state/events.ts';
import { linkNotices, noticeEvent } from '../state/notices.ts';

/** `held`: the matrices that the page has, of which a link may hold the name alone. */
export async function openLink(
  fragment: string,
  held?: HeldDrawings,
): Promise<{ event: OpenedEvent; remarks: readonly string[] }> {
  const empty = fragment.replace(/^#/, '') === '';
  const link = empty ? presets.byName(DEFAULT_PRESET).link : fragment;
  const { experiment, view, drawing, faults } = await withHand(
    await withPlan(await withData(link, parseLink(link), held)),
  );
  const notices = linkNotices(faults);
  const remarks = notices.flatMap(({ tone, title, texts }) => {
    const lines = texts.map(remarkText);
    return tone === 'bad' ? [`${title} ${lines.join(' ')}`] : lines;
  });
  return {
    event: { type: 'opened', experiment, view, drawing, notices, preset: presetOf(experiment, false) },
    remarks,
  };
}

/** Most links have no drawing or matrix: its reader is loaded on demand. */
async function withData(
  link: string,
  opened: OpenedLink,
  held?: HeldDrawings,
): Promise<OpenedLink & Pick<OpenedEvent, 'drawing'>> {
  const { target, data } = opened.experiment;
  if (data === '' && !isOwnMatrix(targets.byName(target))) return { ...opened, drawing: null };
  const { openData } = await import('./opening/open-data.ts');
  return openData(link, opened, held);
}

/** Few links hold somebody's adapter to their hand: an unreadable one is left out. */
async function withHand<O extends OpenedLink>(opened: O): Promise<O> {
  const { experiment, view, faults } = opened;
  if (view.hand === '') return opened;
  const { decodeHand } = await import('../experiment/network/hand-adapter.ts');
  const read = decodeHand(view.hand);
  if (isHand(experiment) && 'adapter' in read) return opened;
  const { kind, key } = { kind: 'part', key: 'hand' } as const;
  const fault: LinkFault =
    'fault' in read
      ? { kind, key, part: quote(view.hand, 16), said: `this adapter cannot be read: ${read.fault}; ${OMISSION_TEXT}.` }
      : { kind: 'inactive', key };
  return { ...opened, view: { ...view, hand: '' }, faults: [...faults, fault] };
}

/** Few links ask for more than one run, or set a goal. */
async function withPlan<O extends OpenedLink>(opened: O): Promise<O> {
  const { compare, sweep, goal, cost } = opened.view;
  if (compare === '' && sweep === '' && goal === '' && cost === '') return opened;
  const { openPlan } = await import('./opening/open-plan.ts');
  return { ...opened, ...openPlan(opened) };
}

/** A notice if a choice in the query is not available; otherwise null. */
export function engineChoiceNotice(search: string): PageEvent | null {
  const query = new URLSearchParams(search);
  const choice = engineChoice(search);
  const odd = (key: 'backend' | 'stepper', allowed: string): Remark[] => {
    const value = query.get(key);
    return value === null || choice[key] !== null
      ? []
      : [{ setting: `${key}=${quote(value)}`, said: `must be ${allowed}` }];
  };
  const backend = odd('backend', 'webgpu, wasm or cpu; the page chooses.');
  const stepper = odd('stepper', 'tfjs, or direct on webgpu; left out.');
  const texts = [...backend, ...stepper];
  if (texts.length === 0) return null;
  const what = [...backend.map(() => 'back end'), ...stepper.map(() => 'stepper')].join(' and ');
  return noticeEvent('version', 'plain', `Unknown ${what} in the address.`, texts);
}

/** The settings of the query: `?backend=webgpu|wasm|cpu` and `?stepper=tfjs|direct` (kernels that only WebGPU has). */
export function engineChoice(search: string): EngineChoice {
  const query = new URLSearchParams(search);
  const named = query.get('backend');
  const stepper = query.get('stepper');
  const backend = named === 'webgpu' || named === 'wasm' || named === 'cpu' ? named : null;
  const direct = stepper === 'direct' && (backend === null || backend === 'webgpu');
  return { backend, stepper: stepper === 'tfjs' || direct ? stepper : null };
}
