import { quote } from '../../experiment/link/faults.ts';
import { type LinkFault, MAX_FRAGMENT, OMISSION_TEXT, type OpenedLink, parseLink } from '../../experiment/link/link.ts';
import { decodeData, decodeHeld, type HeldDrawings, sizeFault } from '../../experiment/matrix-file/decode-data.ts';
import { count } from '../../experiment/numbers.ts';
import { change, param } from '../../experiment/settings/experiment.ts';
import { targets } from '../../experiment/targets/index.ts';
import { isOwnMatrix } from '../../experiment/targets/target.ts';
import type { ReadyDrawing } from '../../state/state.ts';

interface DecodedLink extends OpenedLink {
  readonly drawing: ReadyDrawing | null;
}

const NEEDED = `another target, since this link holds no matrix (an address holds up to ${count(MAX_FRAGMENT)} characters, a run file any number: open that, or open the matrix again)`;

/** If the `data` is unreadable, it is left out, and the settings that it overrides (an edit, a picture) apply. */
export async function openData(link: string, opened: OpenedLink, held?: HeldDrawings): Promise<DecodedLink> {
  const { experiment } = opened;
  if (isOwnMatrix(targets.byName(experiment.target))) return openMatrix(link, opened, held);
  const decoded = await decodeData(experiment.data);
  if ('drawing' in decoded) return { ...opened, drawing: decoded.drawing };
  const fault = left('data', quote(experiment.data, 16), decoded.fault, OMISSION_TEXT);
  const rest = parseLink(link, 'data');
  return { ...rest, faults: [...rest.faults, fault], drawing: null };
}

/** The matrix in `data` decides d and k: a link with other values gets a notice, and nothing is resampled. */
async function openMatrix(
  link: string,
  { experiment, view, faults }: OpenedLink,
  held?: HeldDrawings,
): Promise<DecodedLink> {
  const { data } = experiment;
  const decoded = data === '' ? null : await decodeHeld(data, held);
  if (!decoded || 'fault' in decoded) {
    const target = param('target').default(experiment) as string;
    const why: LinkFault[] = decoded ? [left('data', quote(data, 16), decoded.fault, OMISSION_TEXT)] : [];
    return {
      view,
      experiment: change(experiment, { target: target as typeof experiment.target, data: '' }),
      faults: [...faults, ...why, left('target', experiment.target, NEEDED, target)],
      drawing: null,
    };
  }
  const { drawing } = decoded;
  if (!sizeFault(experiment, drawing)) return { experiment, view, faults, drawing };
  const { rows: d, cols: k } = drawing;
  const size = `with this matrix of ${d} × ${k}`;
  const given = sizesIn(link);
  const wrong = Object.entries({ d, k })
    .filter(([key, n]) => given.has(key) && given.get(key) !== String(n))
    .map(([key, n]) => left(key, given.get(key) ?? '', `${n} ${size}`, String(n)));
  const sized = parseLink(`${link.replace(/^#/, '').replace(SIZE, '')}&d=${d}&k=${k}`);
  return { experiment: sized.experiment, view, faults: [...sized.faults, ...wrong], drawing };
}

const SIZE = /(?<=^|&)[dk]=[^&]*&?/g;

function sizesIn(link: string): Map<string, string> {
  const pairs = (link.replace(/^#/, '').match(SIZE) ?? []).map((pair) => pair.replace(/&$/, '').split('='));
  return new Map(pairs.reverse().map(([key, value]) => [key, value] as const));
}

function left(key: string, value: string, allowed: string, kept: string): LinkFault {
  return { kind: 'value', key, value, allowed, kept };
}
