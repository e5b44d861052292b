/**
 * Holds the recorded charts of the clinic's pages against the runs. By default it trains the quickest; ALL_SEEDS=1 trains all;
 * UPDATE_RECORDED=1 npx vitest run scripts/clinic does so too, and writes them.
 */

import { expect, it } from 'vitest';
import { CASE_NAMES, type CaseName } from '../../src/clinic/cases/case.ts';
import { caseByName } from '../../src/clinic/cases/cases.ts';
import { writeByCase } from '../../src/clinic/cases/testing/recorded-cases.ts';
import { trainCase } from '../../src/clinic/cases/testing/train-case.ts';
import { recordedEvidence } from './recorded-evidence.ts';
import { thinEvidence } from './thin.ts';

const UPDATE = Boolean(process.env.UPDATE_RECORDED);
const QUICK: readonly CaseName[] = ['flat', 'nan'];
const names = UPDATE || process.env.ALL_SEEDS ? CASE_NAMES : QUICK;

it('the recorded charts are those of the runs', async () => {
  const found = new Map<CaseName, ReturnType<typeof thinEvidence>>();
  for (const name of names) {
    const of = caseByName(name);
    found.set(name, thinEvidence(of.evidence(await trainCase(of, (run) => of.runs.includes(run)), true)));
  }
  if (UPDATE) {
    writeByCase(new URL('recorded/evidence.json', import.meta.url), Object.fromEntries(found));
    return;
  }
  for (const [name, { headline, charts }] of found) {
    const recorded = recordedEvidence(name);
    expect(recorded.headline, name).toBe(headline);
    const labels = (all: typeof charts) =>
      all.map(({ title, lines, bars }) => [title, lines.map(({ label }) => label), bars]);
    expect(labels(recorded.charts), name).toEqual(labels(charts));
  }
});

it('every case has its figures, none still to come', () => {
  for (const name of CASE_NAMES) {
    const { headline, charts } = recordedEvidence(name);
    expect(headline, name).toMatch(/\d.*\.$/);
    expect(JSON.stringify({ headline, charts })).not.toContain('…');
    expect(charts.length, name).toBeGreaterThan(0);
    const looks = charts.flatMap(({ lines, bars = [] }) => [...lines, ...bars]).map(({ look }) => look);
    expect(looks, name).toEqual(expect.arrayContaining(['symptom', 'cure']));
  }
});
