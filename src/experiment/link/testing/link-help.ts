import type { ParamKey } from '../../settings/params.ts';
import type { ViewKey } from '../../settings/view.ts';

/** One sentence for docs/links.md on each key of the view; not loaded by the page. */
export const VIEW_HELP: Readonly<Record<ViewKey, string>> = {
  pace: 'Steps per second on screen.',
  run: 'Training starts as soon as the link is opened.',
  show: 'Controls to show, as a comma-separated list of keys. All others are hidden. If left out: all controls, or only the rank in an embedded page.',
  charts: 'Charts to show, as a comma-separated list. If left out: all four.',
  view: 'The place: the first visit (an owl without charts), the lab, its list of runs, runs side by side, a sweep, all experiments, the clinic, plans of lessons for teachers, the class link builder, the class wall, the answers of a class, the handouts, the map of adapters and updates, adapter files and one made smaller (a link never holds a file); or the lab large for a projector, or without toolbars for embedding.',
  lesson:
    'The lesson that is open beside the lab, the contents of all lessons, the glossary, the notes for teachers, the handouts to print, or their answer keys. notes-rank, handout-rank and key-rank are those of one lesson.',
  step: 'The step of the lesson.',
  origin: 'Origins allowed to control the embedded page: a comma-separated list of exact origins, or null.',
  compare:
    'Up to four runs to compare with, separated by semicolons. Each is the settings that differ from this link, as key:value separated by commas; name:… names it.',
  sweep:
    'One, two or three settings to vary (columns, rows, panels), separated by semicolons, each as key:value,value,… At most 400 combinations, at most 4 panels.',
  repeat:
    'How many seeds to run, from the seed of this link on: of each combination of a sweep, or of this experiment alone.',
  experiments:
    'Saved experiments that somebody shares, compressed. Whoever opens the link is asked whether to add them to their own.',
  title: 'The title of an exercise.',
  task: 'What is to be done, in a sentence.',
  lock: 'Controls that are shown but not to be changed, as a comma-separated list of keys.',
  goal: 'An error to reach, with at most so many trained parameters and steps.',
  cost: 'What the calculator of the lesson on costs is set to: the model, the rank of each kind of matrix, formats, optimiser, batch. If left out: a decoder with 7 billion numbers.',
  case: 'The complaint that is open in the clinic (`view=clinic`); if left out: all twelve. In the lab it leads back there.',
  which:
    'Where one is in the map of adapters and updates (`view=which`): the kind of update, the adapter, the rank at which LoRA has as many parameters, `places` if those of SHiRA count, and `sizes` if its runs stand against trained parameters and not against rates. In the lab it leads back there.',
  dials:
    'The panel *Four knobs, two dials* is open: `rule` (`adam`, `sgd`), the turns `p` and `q` or the four knobs `alpha`, `size`, `a` and `b` as multiples, and the two dials `slope` and `turning`.',
  module: 'The matrix that is shown, by its name in the run file. If left out: the first.',
  predict: 'Dashed lines show, before its first step, how the run will go, if a law is known for its settings.',
  done: 'The run is trained to its end before it is shown, if that takes a moment. Share writes it for a finished run.',
  hand: 'Somebody’s adapter for `adapt=hand`, in 8 bits a number: it shows how the network reads after it was adapted to them. Their drawings are never in a link.',
  handin: 'The page offers to hand the run in, as a file or a link.',
  by: 'Who handed the run in.',
  answers:
    'First answers to the questions of lessons, a sheet a lesson, separated by semicolons: the lesson, a mark of its questions after a dot, and after a colon an answer for each: the letter of an option, a number, y or n for a setting that was right or wrong, x if the answer was shown, or nothing.',
};

/** The same for settings whose text there differs from the page's. */
export const SETTING_HELP: { readonly [key in ParamKey]?: string } = {
  alpha: 'Scales the update through s; `scaling` says how.',
  lr: 'Learning rate of A; B uses λ times this. Leave it out to derive it from the experiment. With networks also a comma-separated list, one a matrix.',
  auto: 'The learning rate in this link, or α of a network (`alpha`), was automatic: it keeps this number until a setting is changed, and adapts from then on. Leave it out for a fixed one.',
  data: 'Your drawing (replaces the picture), your paint on the owl, or your own matrix, entry by entry or as the factors of an adapter, also with others to start from; compressed.',
  align:
    'How much of each target direction lies in the leading subspace of W₀. Leave it out for a target independent of W₀.',
  condition: 'Condition number of the covariance of the inputs; 1 is white.',
};
