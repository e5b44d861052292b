import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react';
import { type Remark, remarkText } from '../../experiment/link/faults.ts';
import { Group } from '../../kit/button.tsx';
import { NoticeActions, type NoticeContent, NoticeLines, useFocusHandover } from '../../kit/notices.tsx';
import { placeOf } from '../../state/places.ts';
import type { Notice } from '../../state/state.ts';
import { Press, useDispatch, useLab } from '../page.tsx';

/** These are shown wherever one is. */
const OF_THE_PAGE: readonly Notice['about'][] = ['engine', 'version', 'share', 'build', 'recorded'];

/** Notices above the claim, covering nothing. Mere confirmations float. */
export function Notices({ only }: { readonly only?: readonly Notice['about'][] }) {
  const here = useLab((s) => placeOf(s.view).label);
  const notices = useLab((s) => s.notices).filter(
    ({ about, place }) => only?.includes(about) !== false && (place === here || OF_THE_PAGE.includes(about)),
  );
  const dispatch = useDispatch();
  const contents = notices.map(({ id, tone, title, texts, actions }) => ({
    ...{ id, tone, title },
    length: [title, ...texts.map(remarkText)].join(' ').length,
    body: <Body remarks={texts} />,
    acts: actions.map(({ label, event }) => ({ label, onPress: () => dispatch(event) })),
    onDismiss: () => dispatch({ type: 'dismiss', id }),
  }));
  return (
    <>
      <NoticeLines notices={contents} />
      <div className="briefly" role="status">
        {contents
          .filter(({ tone }) => tone === 'brief')
          .map((notice) => (
            <Brief key={notice.id} {...notice} />
          ))}
      </div>
    </>
  );
}

const IN_LINE = 2;

function Body({ remarks }: { readonly remarks: readonly Remark[] }) {
  const first = remarks.length > IN_LINE + 1 ? remarks.slice(0, IN_LINE) : remarks;
  const rest = remarks.slice(first.length);
  return (
    <>
      {first.map((remark) => (
        <Fragment key={remarkText(remark)}>
          {' '}
          <RemarkText>{remark}</RemarkText>
        </Fragment>
      ))}
      {rest.length > 0 && <Rest remarks={rest} />}
    </>
  );
}

/** Duration of a confirmation in ms: a minimum, plus a reading time per character. */
const SEEN = 5000;
const READ = 50;

/** Expires by itself, but not while hovered or focused, behind a panel, or in a hidden tab. */
function Brief({ length, ...notice }: NoticeContent & { readonly length: number }) {
  const { id, title, body } = notice;
  const dispatch = useDispatch();
  const [held, hold] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useFocusHandover(box);
  const behind = useLab((s) => s.panel !== null || s.hidden);
  useEffect(() => {
    if (held || behind) return;
    const timer = window.setTimeout(() => dispatch({ type: 'dismiss', id }), SEEN + READ * length);
    return () => window.clearTimeout(timer);
  }, [held, behind, length, id, dispatch]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what can be pressed is its buttons
    <div
      ref={box}
      className="brief"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <div className="said">
        {title}
        {body}
      </div>
      <NoticeActions {...notice} />
    </div>
  );
}

export function Offer({ about, name }: { readonly about: Notice['about']; readonly name: string }) {
  const offer = useLab((s) => s.notices.find((n) => n.tone === 'quiet' && n.about === about));
  return offer && <Choices offer={offer} name={name} />;
}

function Choices({ offer, name }: { readonly offer: Notice; readonly name: string }) {
  const line = useRef<HTMLDivElement>(null);
  useFocusHandover(line);
  return (
    <Group ref={line} className="offer" aria-label={offer.title} title={offer.title}>
      {name}:
      {offer.actions.map(({ label, event }) => (
        <Press key={label} className="link under" event={event}>
          {label}
        </Press>
      ))}
    </Group>
  );
}

function Rest({ remarks }: { readonly remarks: readonly Remark[] }) {
  return (
    <details>
      <summary>{remarks.length} more</summary>
      <ul>
        {remarks.map((remark) => (
          <li key={remarkText(remark)}>
            <RemarkText>{remark}</RemarkText>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function RemarkText({ children }: { readonly children: Remark }): ReactNode {
  if (typeof children === 'string') return children;
  return (
    <>
      <code>{children.setting}</code>: {children.said}
    </>
  );
}
