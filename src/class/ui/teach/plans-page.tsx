import './teach.css';
import { type ReactNode, useId } from 'react';
import { optionsOf } from '../../../kit/button.tsx';
import { Notices } from '../../../ui/notices/notices.tsx';
import { Press, useDispatch, useLab } from '../../../ui/page.tsx';
import { REHEARSE } from '../wall/use-wall.ts';
import { clockOf, type LessonPlan, minutesOf, PLANS, planOf, WAYS } from './plans.ts';

/** Plans of lessons to scale, and the chosen one as a timetable. */
export default function PlansPage() {
  const chosen = useLab((s) => planOf(s.teaching.plan));
  const group = useId();
  return (
    <main id="main" tabIndex={-1} className="screen plans-page">
      <Notices />
      <div className="plans">
        <h2 id={group} className="page-title">
          Three lessons that are ready to teach
        </h2>
        <fieldset aria-labelledby={group}>
          {PLANS.map((plan) => (
            <PlanChoice key={plan.name} plan={plan} chosen={plan === chosen} />
          ))}
        </fieldset>
        <p className="acts under-rule">
          {optionsOf(WAYS).map(([way, text]) => (
            <span key={way}>
              <i data-way={way} /> {text}
            </span>
          ))}
        </p>
      </div>
      <Timetable plan={chosen} />
    </main>
  );
}

interface PlanChoiceProps {
  readonly plan: LessonPlan;
  readonly chosen: boolean;
}

/** The longest plan fills the width. */
const LONGEST = Math.max(...PLANS.map(({ lines }) => minutesOf(lines)));
const share = (minutes: number) => `${(100 * minutes) / LONGEST}%`;

function PlanChoice({ plan: { name, title, needs, aim, lines }, chosen }: PlanChoiceProps) {
  const dispatch = useDispatch();
  const id = useId();
  const choose = () => dispatch({ type: 'teaching', teaching: { plan: name, line: null } });
  return (
    <label className="plan" data-chosen={chosen || undefined}>
      <input
        type="radio"
        name="plan"
        checked={chosen}
        onChange={choose}
        aria-labelledby={`${id}title`}
        aria-describedby={`${id}about`}
      />
      <span>
        <span id={`${id}title`} className="entry-title plan-title">
          {title}
        </span>{' '}
        <span id={`${id}about`}>
          <span className="muted needs">
            {minutesOf(lines)} min · {needs}
          </span>
          <span className="soft block">{aim}</span>
        </span>
        <span className="muted space-above to-scale" aria-hidden="true">
          {lines.map(({ minutes, way, link }) => (
            <span key={link} style={{ width: share(minutes) }}>
              <i data-way={way} />
              {minutes}
            </span>
          ))}
        </span>
      </span>
    </label>
  );
}

function Timetable({ plan }: { readonly plan: LessonPlan }) {
  const { name, title, lines, classLink, lessons } = plan;
  const line = useLab((s) => s.teaching.line);
  const dispatch = useDispatch();
  const begin = (at: number) => dispatch({ type: 'teaching', teaching: { plan: name, line: at } });
  const id = useId();
  return (
    <aside aria-labelledby={id}>
      <h3 id={id} className="entry-title">
        {title}
      </h3>
      <ol className="plan-lines space-above far-below">
        {lines.map(({ who, text, opens, link }, i) => (
          <li key={link} aria-current={i === line ? 'step' : undefined}>
            <b>{clockOf(plan, i)}</b>
            <span>
              <span className="muted needs">{who}</span>
              <span className="soft block">{text}</span>
            </span>
            <a className="link under" href={link} aria-label={`${opens}: ${text}`} onClick={() => begin(i)}>
              {opens}
            </a>
          </li>
        ))}
      </ol>
      <p className="row wrap space-below">
        <a className="btn main" href={lines[0].link} onClick={() => begin(0)}>
          Start this lesson
        </a>
        <Press event={REHEARSE}>Rehearse with an example class</Press>
      </p>
      <p className="soft block">
        Start opens the first line. The arrows of the bar above it walk on; on the projector → and ← do, too.
      </p>
      <dl className="under-rule beside-plan">
        <Beside about={classLink.about}>
          <a className="link under" href={`${classLink.link}&view=class`}>
            Class link
          </a>
        </Beside>
        {lessons.map(([number, lesson]) => (
          <Beside key={lesson} about={`lesson ${number}: two pages at most, every answer, and what to ask`}>
            <LessonPage page="handout" lesson={lesson}>
              Handout
            </LessonPage>{' '}
            <LessonPage page="key" lesson={lesson}>
              Answer key
            </LessonPage>{' '}
            <LessonPage page="notes" lesson={lesson}>
              Notes for teachers
            </LessonPage>
          </Beside>
        ))}
      </dl>
      <p className="muted needs">Nothing is sent anywhere: a class works with links and files only.</p>
    </aside>
  );
}

function Beside({ about, children }: { readonly about: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{children}</dt>
      <dd className="muted needs">{about}</dd>
    </div>
  );
}

interface LessonPageProps {
  readonly page: 'handout' | 'key' | 'notes';
  readonly lesson: string;
  readonly children: string;
}

function LessonPage({ page, lesson, children }: LessonPageProps) {
  return (
    <Press
      className="link under"
      event={{ type: 'viewed', changes: { view: 'lab', lesson: `${page}-${lesson}`, step: 1 } }}
    >
      {children}
    </Press>
  );
}
