import { count } from '../numbers.ts';
import { LEFT_OUT, type LinkFault } from './link.ts';

/** A value from outside, safe to show: cut, and free of control characters. */
export function quoted(value: string, longest = 40): string {
  const start = value.slice(0, longest + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const clean = start.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '�');
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

type Refusal = Extract<LinkFault, { readonly kind: 'version' | 'too-long' }>;

/** Whether nothing of the link was used. */
export function isRefusal(fault: LinkFault): fault is Refusal {
  return fault.kind === 'version' || fault.kind === 'too-long';
}

/** Why nothing of the link was used, and what is open instead. */
export function refusalTexts(fault: Refusal): readonly [why: string, instead: string] {
  const instead = 'The default experiment is open instead';
  if (fault.kind === 'version')
    return [
      `This link needs version ${quoted(fault.value, 12)}; this page reads version 1.`,
      `${instead}; nothing from the link was used.`,
    ];
  const length = count(fault.length);
  return [`The link is too long (${length} characters; the limit is 50,000, not counting a matrix).`, `${instead}.`];
}

/** One fault as a sentence: which key, what it got, what is allowed. */
function faultText(fault: LinkFault): string {
  switch (fault.kind) {
    case 'version':
    case 'too-long':
      return refusalTexts(fault).join(' ');
    case 'no-version':
      return 'v: missing; the link was read as version 1.';
    case 'unknown':
      return `${quoted(fault.key) || '(empty)'}: unknown setting, ignored.`;
    case 'doubled':
      return `${fault.key}: given more than once; the first counts.`;
    case 'inactive':
      return `${fault.key}: has no effect on this experiment, ignored.`;
    case 'value':
      return `${fault.key}=${quoted(fault.value)}: must be ${fault.allowed}; ${fault.kept === LEFT_OUT ? LEFT_OUT : `using ${fault.kept}`}.`;
  }
}

/** At most `most` sentences, the rest counted. */
export function faultTexts(faults: readonly LinkFault[], most = 12): string[] {
  const texts = faults.slice(0, most).map(faultText);
  const left = faults.length - most;
  return left > 0 ? [...texts, `And ${left === 1 ? 'one more correction' : `${left} more corrections`}.`] : texts;
}
