import { presetWords } from '../../../ui/experiments/preset-words/words-by-preset.ts';
import { PRESET_GROUPS, presets } from '../../presets.ts';
import { readRecorded } from './check-over-seeds.ts';

/** docs/experiments.md: the claim of each experiment, its measurement, and its limits. */
export function experimentsPage(): string {
  const recorded = readRecorded();
  const sections = Object.entries(PRESET_GROUPS).flatMap(([group, title]) => [
    `## ${title}`,
    '',
    '| experiment | claim | measured over seeds 1 to 5 | holds |',
    '| --- | --- | --- | --- |',
    ...presets.all
      .filter((preset) => preset.group === group)
      .map(({ name, label }) => {
        const { measured, holds } = recorded[name] ?? { measured: 'not yet', holds: '' };
        return `| ${label} | ${presetWords(name).claim} | ${measured} | ${holds} |`;
      }),
    '',
    ...presets.all
      .filter((preset) => preset.group === group)
      .flatMap(({ name, label, link }) => {
        const { watch, limits, source } = presetWords(name);
        return [
          `**${label}.** Watch: ${watch} Limits: ${limits}${source ? ` Source: ${source}.` : ''}`,
          '',
          `    ${link}`,
          '',
        ];
      }),
  ]);
  return `${[...HEAD, ...sections].join('\n').trimEnd()}\n`;
}

const HEAD = [
  '# Experiments that teach',
  '',
  'Every experiment of the page claims one thing. A test trains it with seeds 1 to 5 and fails when the claim does not hold',
  'with all of them. The figures below are from that test: the median, then the smallest and the largest in brackets where',
  'they differ in three digits. An error is ‖ΔW − ΔW*‖/‖ΔW*‖, a floor the smallest one that a matrix of that rank can have.',
  'The same test records the small pictures on the page of experiments. All runs are of the steps that the browser makes on the',
  'processor: in WebAssembly on a matrix and a network, in TypeScript on samples. `npm run bench presets.bench` prints one seed of each',
  'but the networks on WebGPU. Of a network the figures are shares of held-out digits that it reads rightly.',
  '',
];
