import { goTo } from '../../state/places.ts';
import './class-page.css';
import { useDeferredValue, useMemo } from 'react';
import { type ClassForm, classLink, classView, formOf } from '../../experiment/plan/class-link.ts';
import { isAutomatic, withAutoRate } from '../../experiment/settings/experiment.ts';
import { withoutAddedSteps } from '../../state/run/begin.ts';
import { Notices } from '../../ui/notices/notices.tsx';
import { Press, useDispatch, useLab, useLabObject } from '../../ui/page.tsx';
import { ClassFormFields } from './form.tsx';
import { HandOut } from './hand-out.tsx';
import { StudentPage } from './student-page.tsx';

/** The link without options of this window only, such as a back end. */
const address = (fragment: string) => new URL(fragment, location.origin + location.pathname).href;

/** Form for a class link: visible and adjustable settings on the left, the student's page and the link on the right. */
export default function ClassPage() {
  const dispatch = useDispatch();
  // Students begin with the lab's initial settings: an automatic rate, the budget without added steps.
  const e = useLabObject((s) => {
    const settings = withoutAddedSteps(s);
    return isAutomatic(settings) ? withAutoRate(settings) : settings;
  });
  const kept = useLab((s) => s.classForm);
  const view = useLab((s) => s.view);
  const form = useMemo(() => kept ?? formOf(view, e), [kept, view, e]);
  // Page, link and code follow the typing in idle time.
  const asked = useDeferredValue(form);
  const made = useMemo(
    () => ({
      view: classView(asked, e),
      link: address(classLink(asked, e)),
      embed: address(classLink({ ...asked, layout: 'embed' }, e)),
    }),
    [asked, e],
  );
  const change = (changes: Partial<ClassForm>) => dispatch({ type: 'class', form: { ...form, ...changes } });
  return (
    <main id="main" tabIndex={-1} className="screen class-page">
      <Notices />
      <section className="making" aria-labelledby="class-title">
        <div className="title-row">
          <h2 id="class-title" className="space-below">
            Make a class link
          </h2>
          <Press className="link" event={goTo('lab')}>
            Back to the lab
          </Press>
        </div>
        <ClassFormFields form={form} e={e} onChange={change} />
      </section>
      <div className="made stack">
        <h3 className="space-below">What students see</h3>
        <StudentPage e={e} view={made.view} />
        <HandOut {...made} e={e} />
      </div>
    </main>
  );
}
