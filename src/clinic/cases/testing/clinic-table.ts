import { CASES } from '../cases.ts';
import { checkOf } from './case-checks.ts';
import { readRecordedCases, spreadOf } from './recorded-cases.ts';

/** The heading of docs/clinic.md below which the tables stand, up to the next one of its kind. */
const HEADING = '## Symptom, cure and wrong cures';

/** docs/clinic.md with its tables written anew. */
export function withTables(page: string): string {
  const start = page.indexOf(`${HEADING}\n`);
  if (start < 0) throw new Error(`docs/clinic.md has no heading “${HEADING}”`);
  const next = page.indexOf('\n## ', start + HEADING.length);
  const rest = next < 0 ? '' : page.slice(next);
  return `${page.slice(0, start)}${[HEADING, '', ...INTRODUCTION, '', ...MEASURED, '', ...CRITERIA].join('\n')}\n${rest}`;
}

const INTRODUCTION = [
  'Measured with seeds 1 to 5: the median, then the smallest and the largest in brackets if they differ in three digits. `npm test` trains the seed of the',
  'links again and compares the bits of every loss; `ALL_SEEDS=1` trains all five. An error is ‖ΔW − ΔW*‖/‖ΔW*‖.',
];

const cell = (text: string) => (text === '' ? '–' : text.replaceAll('|', '\\|'));

const MEASURED = [
  '| complaint | symptom | cure | wrong cures | further figures |',
  '| --- | --- | --- | --- | --- |',
  ...CASES.map((of) => {
    const { write } = checkOf(of.name);
    const seeds = readRecordedCases()[of.name] ?? [];
    const wrong = of.wrong.map(
      ({ label }, i) =>
        `${label}: ${spreadOf(
          seeds.map((one) => one.wrong[i]),
          write,
        )}`,
    );
    const [symptom, cure, further] = (['symptom', 'cure', 'further'] as const).map((part) =>
      spreadOf(
        seeds.map((one) => one[part]),
        write,
      ),
    );
    const { control, off, on } = of.remedy;
    return `| ${[
      `“${of.complaint}” (\`${of.name}\`)`,
      symptom,
      `${control}: ${off} → ${on}. ${cure}`,
      wrong.join('. '),
      further,
    ]
      .map(cell)
      .join(' | ')} |`;
  }),
];

const CRITERIA = [
  '| complaint | counts as seen, cured and not cured if | holds |',
  '| --- | --- | --- |',
  ...CASES.map(({ name }) => {
    const { criterion, holds } = checkOf(name);
    const seeds = readRecordedCases()[name] ?? [];
    return `| \`${name}\` | ${cell(criterion)} | ${seeds.filter(holds).length} of ${seeds.length} |`;
  }),
];
