import type { CaseChart, CaseName } from '../../src/clinic/cases/case.ts';
import { CASES, IN_FILE } from '../../src/clinic/cases/cases.ts';
import { caseChart } from '../../src/clinic/charts/case-chart.ts';
import { casePicture } from '../../src/clinic/charts/case-picture.ts';
import recorded from '../../src/clinic/charts/recorded/small-charts.json' with { type: 'json' };
import { thumbnailMarks } from '../../src/clinic/charts/small-chart.ts';
import type { Size } from '../../src/kit/chart/chart.ts';
import { svgMarkup } from './markup.ts';
import { casePage, listPage, type PageParts } from './pages.ts';
import { recordedEvidence } from './recorded-evidence.ts';

/** Names and numbers keep their size: a phone has a picture of its own. */
const SIZES = {
  large: { wide: { width: 760, height: 300 }, narrow: { width: 358, height: 240 } },
  small: { wide: { width: 760, height: 220 }, narrow: { width: 358, height: 200 } },
} as const;

/** The size of the app's own. */
const THUMBNAIL: Size = { width: 136, height: 96, font: 12, short: true };

const sized = (size: Pick<Size, 'width' | 'height'>, short: boolean): Size => ({ ...size, font: 13, short });

export function chartMarkup(chart: CaseChart, size: Size, className: string): string {
  const scene = { chart, pointed: null };
  return svgMarkup(casePicture(scene, size), size, caseChart.describe(scene), className);
}

/** As the app has it in its list, which recorded it. */
export function thumbnail(name: CaseName): string {
  const chart = (recorded as unknown as Readonly<Record<CaseName, CaseChart>>)[name];
  return svgMarkup(thumbnailMarks(chart), THUMBNAIL, caseChart.describe({ chart, pointed: null }), 'small');
}

/** The files of clinic/ by name: its pages. `site`: the address they are published at, '' if unknown. */
export function clinicSite(policy: string, site: string): Readonly<Record<string, string>> {
  const parts: PageParts = {
    ...{ cases: CASES, inFile: IN_FILE, policy, site },
    evidence: recordedEvidence,
    chart(chart, large) {
      const { wide, narrow } = SIZES[large ? 'large' : 'small'];
      return chartMarkup(chart, sized(wide, false), 'wide') + chartMarkup(chart, sized(narrow, true), 'narrow');
    },
    small: thumbnail,
  };
  return {
    'index.html': listPage(parts),
    ...Object.fromEntries(CASES.map((of) => [`${of.name}.html`, casePage(of, parts)])),
  };
}
