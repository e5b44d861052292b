import { differing, param } from '../experiment/experiment.ts';
import { quoted } from '../experiment/faults.ts';
import { parseLink } from '../experiment/link.ts';
import type { Experiment } from '../experiment/params.ts';
import { presets } from '../experiment/presets/index.ts';
import type { EngineChoice } from '../protocol/messages.ts';
import type { PageEvent } from '../state/events.ts';
import { linkNotices } from '../state/notices.ts';

type Opened = Extract<PageEvent, { type: 'opened' }>;

/** No fragment at all opens this. */
const OPENING = 'picture';

/** True where two experiments differ in nothing but the view, a rate that one leaves to the page, or the pace. */
function sameSettings(a: Experiment, b: Experiment): boolean {
  return differing(a, b).every((key) => key === 'lr' || param(key).effect === 'view');
}

/** The event that opens a link: parsed, its drawing decompressed and checked, its faults made into notices. */
export async function openLink(fragment: string): Promise<{ event: Opened; remarks: readonly string[] }> {
  const empty = fragment.replace(/^#/, '') === '';
  const { experiment, faults } = parseLink(empty ? presets.byName(OPENING).link : fragment);
  const all = [...faults];
  let drawing = null;
  let opened = experiment;
  if (experiment.data !== '') {
    const { decodeDrawing } = await import('../experiment/drawing.ts');
    const decoded = await decodeDrawing(experiment.data);
    if ('drawing' in decoded) drawing = decoded.drawing;
    else {
      opened = { ...experiment, data: '' };
      all.push({
        kind: 'value',
        key: 'data',
        value: quoted(experiment.data, 16),
        allowed: decoded.fault,
        kept: 'left out',
      });
    }
  }
  const notices = linkNotices(all);
  const preset = presets.all.find((p) => sameSettings(parseLink(p.link).experiment, opened));
  const remarks = notices.flatMap((n) => (n.tone === 'bad' ? [`${n.title} ${n.texts.join(' ')}`] : n.texts));
  return {
    event: { type: 'opened', experiment: opened, drawing, notices, preset: preset?.name ?? null },
    remarks,
  };
}

/** What was asked for in the query and is not there, as a notice; null where all is well. */
export function choiceNotice(search: string): PageEvent | null {
  const backend = new URLSearchParams(search).get('backend');
  if (backend === null || engineChoice(search).backend !== null) return null;
  const text = `backend=${quoted(backend)}: allowed is webgpu, wasm or cpu, so the page chooses.`;
  return {
    type: 'notice',
    notice: { about: 'version', tone: 'plain', title: 'There is no such back end.', texts: [text], actions: [] },
  };
}

/** The settings of the address's query, before the fragment: `?backend=webgpu|wasm|cpu` and `?stepper=tfjs|direct`. */
export function engineChoice(search: string): EngineChoice {
  const query = new URLSearchParams(search);
  const backend = query.get('backend');
  const stepper = query.get('stepper');
  return {
    backend: backend === 'webgpu' || backend === 'wasm' || backend === 'cpu' ? backend : null,
    stepper: stepper === 'tfjs' || stepper === 'direct' ? stepper : null,
  };
}
