import '../pane/lessons.css';
import './contents.css';
import { useState } from 'react';
import { useShown } from '../../ui/page.tsx';
import type { TermName } from '../glossary/terms.ts';
import { ContentsPage } from './contents-page.tsx';
import { GlossaryPage } from './glossary-page.tsx';
import { Handout } from './handout/handout.tsx';
import { NotesPage } from './notes-page.tsx';

/** What stands around the lessons: their contents, the glossary, notes for teachers, and what is printed. */
export default function Contents() {
  const open = useShown((s) => s.view.lesson);
  const [term, setTerm] = useState<TermName | null>(null);
  const [, page, of = null] = /^(notes|handout)(?:-(.+))?$/.exec(open) ?? ['', open];
  switch (page) {
    case 'glossary':
      return <GlossaryPage term={term} setTerm={setTerm} />;
    case 'notes':
      return <NotesPage of={of} />;
    case 'handout':
      return <Handout key={open} of={of} />;
    default:
      return <ContentsPage setTerm={setTerm} />;
  }
}
