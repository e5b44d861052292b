import { type InitPicture, initPicture } from '../../charts/matrices/init-picture.ts';
import { type InitName, inits } from '../../experiment/inits/index.ts';

const pictures = new Map<InitName, InitPicture>();

function pictureOf(init: InitName): InitPicture {
  const picture = pictures.get(init) ?? initPicture(inits.byName(init));
  pictures.set(init, picture);
  return picture;
}

const NEGATIVE = { a: 'var(--neg-warm)', b: 'var(--neg-cool)', w0: 'var(--neg-warm)' } as const;

/** The strip's corner in miniature: A above and B left of the place of ΔW, filled as they start. */
export function Corner({ of }: { readonly of: InitName }) {
  const { box, frames, tiles, zeros } = pictureOf(of);
  return (
    <svg className="corner" viewBox={box} aria-hidden="true">
      {tiles.map(({ x, y, width, height, hue, strength }) => (
        <rect
          key={`${hue}${x},${y}`}
          className={hue}
          {...{ x, y, width, height }}
          fill={strength < 0 ? NEGATIVE[hue] : 'currentColor'}
          opacity={Math.abs(strength)}
        />
      ))}
      {zeros.map(({ x, y, hue }) => (
        <text key={hue} className={hue} {...{ x, y }} dy="0.36em" textAnchor="middle" fontSize="8" fill="currentColor">
          0
        </text>
      ))}
      <rect className="a" {...frames.A} fill="none" stroke="currentColor" />
      <rect className="b" {...frames.B} fill="none" stroke="currentColor" />
      <rect {...frames.DW} className="empty" />
    </svg>
  );
}
