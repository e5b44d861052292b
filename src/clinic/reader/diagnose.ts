import type { CaseName } from '../cases/case.ts';
import type { Tool } from './fields.ts';
import { lookedAt, readPasted } from './read.ts';
import { type ConfigFacts, configFacts } from './rules/config-facts.ts';
import { configFindings } from './rules/config-rules.ts';
import { type RuleFinding, written } from './rules/finding.ts';
import { lossFindings } from './rules/loss-rules.ts';
import type { Span } from './syntax/node.ts';

/** Its evidence is in the order of the text, without overlap. */
export type ComplaintHit = Omit<RuleFinding, 'weight'>;

export type Diagnosis =
  | { readonly kind: 'refused'; readonly why: string }
  /** At most three, the likeliest first; none: nothing here fits. */
  | {
      readonly kind: 'read';
      readonly tool: Tool | null;
      readonly hits: readonly ComplaintHit[];
      readonly looked: readonly string[];
    };

const MOST_HITS = 3;

/**
 * The complaints that fit what was pasted, by rules: each rests on places of the text. Never throws, for any text.
 * A case that two rules name is as likely as the likelier of them, and has both reasons.
 */
export function diagnose(text: string): Diagnosis {
  const run = readPasted(text);
  if ('refused' in run) return { kind: 'refused', why: run.refused };
  const facts = configFacts(run);
  const findings = [...lossFindings(run), ...configFindings(facts, run)];
  const best = new Map<CaseName, RuleFinding>();
  for (const finding of findings) {
    const known = best.get(finding.name);
    best.set(finding.name, known ? together(known, finding) : finding);
  }
  const hits = [...best.values()]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_HITS)
    .map(
      ({ name, sure, reason, expect, evidence }): ComplaintHit => ({
        name,
        sure,
        reason,
        expect,
        evidence: apart(evidence),
      }),
    );
  return { kind: 'read', tool: run.tool, hits, looked: [...lookedAt(run), ...scaleOf(facts)] };
}

/** What α and r make is looked at, too. */
const scaleOf = ({ scale }: ConfigFacts): readonly string[] =>
  scale && !scale.assumed ? [`s = ${written(scale.value)}`] : [];

function together(one: RuleFinding, other: RuleFinding): RuleFinding {
  const [first, second] = other.weight > one.weight ? [other, one] : [one, other];
  return {
    ...first,
    sure: first.sure === 'likely' ? first.sure : second.sure,
    reason: `${first.reason} ${second.reason}`,
    evidence: [...first.evidence, ...second.evidence],
  };
}

function apart(spans: readonly Span[]): readonly Span[] {
  const ordered = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  return ordered
    .filter((span, i) => i === 0 || span.start >= ordered[i - 1].end)
    .map(({ start, end }) => ({ start, end }));
}
