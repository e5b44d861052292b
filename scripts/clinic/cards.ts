import { createHash } from 'node:crypto';
import type { ClinicCase } from '../../src/clinic/cases/case.ts';
import { CASES } from '../../src/clinic/cases/cases.ts';
import { CARD_CHART, cardChart, cardMarkup, cardText, listCardMarkup } from './card.ts';
import { LIST_TITLE } from './pages.ts';
import { recordedEvidence } from './recorded-evidence.ts';
import { chartMarkup, thumbnail } from './site.ts';

/** The body of each card by its file's name, without the ending: of each complaint, and of their list. */
export function cardBodies(mark: string): ReadonlyMap<string, string> {
  const one = (of: ClinicCase) => {
    const evidence = recordedEvidence(of.name);
    const chart = cardChart(evidence);
    return cardMarkup(cardText(of, evidence), chart.title, chartMarkup(chart, CARD_CHART, ''), mark);
  };
  const small = CASES.map(({ name }) => thumbnail(name));
  return new Map([
    ...CASES.map((of) => [of.name, one(of)] as const),
    ['index', listCardMarkup(LIST_TITLE, small, mark)],
  ]);
}

/** What tells a card from one that was drawn of other words or figures. */
export const digest = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);
