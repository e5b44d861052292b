import { count } from '../numbers.ts';
import { cleanText } from '../settings/kinds.ts';
import { type LinkFault, OMISSION_TEXT } from './link.ts';

/** A value from outside, safe to show: cut, and without characters that control others or are invisible. */
export function quote(value: string, longest = 40): string {
  const start = value.slice(0, longest + 1);
  const clean = cleanText(start, '�').replace(/[\u200b-\u200f]/g, '�');
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

type LinkRefusal = Extract<LinkFault, { readonly kind: 'version' | 'too-long' }>;

export function isRefusal(fault: LinkFault): fault is LinkRefusal {
  return fault.kind === 'version' || fault.kind === 'too-long';
}

/** The reason nothing of the link was used, and the setting shown instead. */
export function refusalTexts(fault: LinkRefusal): readonly [why: string, instead: string] {
  const instead = 'The default experiment is open instead';
  if (fault.kind === 'version')
    return [
      `This link needs version ${quote(fault.value, 12)}; this page reads version 1.`,
      `${instead}; nothing from the link was used.`,
    ];
  const length = count(fault.length);
  return [`The link is too long (${length} characters; the limit is 50,000, not counting a matrix).`, `${instead}.`];
}

/** A sentence, or a setting in link form ("rank=900") and a text on it. */
export type Remark = string | { readonly setting: string; readonly said: string };

export function remarkText(remark: Remark): string {
  return typeof remark === 'string' ? remark : `${remark.setting}: ${remark.said}`;
}

/** One fault: its key, its value, the allowed values. */
function remarkOf(fault: LinkFault): Remark {
  switch (fault.kind) {
    case 'version':
    case 'too-long':
      return refusalTexts(fault).join(' ');
    case 'no-version':
      return { setting: 'v', said: 'missing; the link was read as version 1.' };
    case 'unknown':
      return { setting: quote(fault.key) || '(empty)', said: 'unknown setting, ignored.' };
    case 'doubled':
      return { setting: fault.key, said: 'given more than once; the first counts.' };
    case 'inactive':
      return { setting: fault.key, said: 'has no effect on this experiment, ignored.' };
    case 'part':
      return { setting: `${fault.key}=${quote(fault.part)}`, said: fault.said };
    case 'value': {
      const kept = fault.kept === OMISSION_TEXT ? OMISSION_TEXT : `using ${fault.kept}`;
      return { setting: `${fault.key}=${quote(fault.value)}`, said: `must be ${fault.allowed}; ${kept}.` };
    }
  }
}

export function faultRemarks(faults: readonly LinkFault[], max = 12): Remark[] {
  const remarks = faults.slice(0, max).map(remarkOf);
  const left = faults.length - max;
  return left > 0 ? [...remarks, `And ${left === 1 ? 'one more correction' : `${left} more corrections`}.`] : remarks;
}

export function faultTexts(faults: readonly LinkFault[], max?: number): string[] {
  return faultRemarks(faults, max).map(remarkText);
}
