"""The page's fonts, as WOFF2 into src/ui/looks/fonts/: a serif, regular and italic, of TeX Gyre Pagella, and a sans, regular and
bold, of Lato. Each is a subset under a name of its own, as its licence asks.

Needed only to change a font; npm start and npm test never run it. It takes Python 3 with fonttools and brotli, the two OTF
files of TeX Gyre Pagella (https://www.gust.org.pl/projects/e-foundry/tex-gyre/pagella, or Debian's package fonts-texgyre)
and the two TTF files of Lato 2 (https://www.latofonts.com, or Debian's package fonts-lato):

    python3 scripts/font/subset.py FOLDER-WITH-THE-OTF-FILES FOLDER-WITH-THE-TTF-FILES

The same files give the same bytes. Pagella has no small letters and digits below or above the line (₀ ᵢ ⁷ ᵀ), and Lato has not
all of them, though the page's mathematics needs them: they are made here from the font's own letters, as TeX makes them.
"""
import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

OUT = Path(__file__).parents[2] / "src/ui/looks/fonts"
NAME = "LoRA Explorer Serif"
SANS = "LoRA Explorer Sans"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
TEXT = ASCII + "\u00a0±²³·¹×éü" + "ΔΣΩαβγδεζηθλμρστφ" + "–—‖‘’“”†…′" + "←↑→↓∂−√∞≈≠≤≥⋯⌊⌋⟨⟩" + "\u0302"
SYMBOLS = "".join(c for c in TEXT if c.isalnum() and c < "\u00a0" or c > "\u0370" or c in " .,;:·′()[]{}|/+-=<>*^_!?'&\u0302×")
BELOW = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙᵣ", "0123456789ijkmnr"))
ABOVE = dict(zip("⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁱⁿᵀᵖᵗ", "0456789+−inTpt"))
SMALL = 0.66
DROP, RISE = -150, 330


# Of Lato: what is drawn or written without the serif.
SANS_TEXT = ASCII + "\u00a0°±²³´·¹½×÷Û‘’“”–—…†′‖éöü" + "ΔΛΣΩαβγδεζηθλμρστφω" + "←↑→↓∂∑−√∞≈≠≤≥\u0302" + "₀₁₂₃₄₅₆₇₈₉⁰⁴⁵⁶⁷⁸⁹⁺⁻ᵢᵣⁱⁿᵀᵖᵗ"
SANS_BELOW = dict(zip("ⱼₖₘₙ", "jkmn"))
# Signs that Lato lacks, as polygons on its 2,000 units, each with its width.
SIGNS = {
    "▲": (1400, [(100, 80), (700, 1300), (1300, 80)]),
    "▼": (1400, [(100, 1280), (1300, 1280), (700, 60)]),
    "▾": (1080, [(160, 980), (920, 980), (540, 320)]),
    "✓": (1500, [(180, 660), (330, 800), (600, 500), (1160, 1400), (1340, 1290), (640, 160)]),
}
# What the first view of the page shows, by font: a face without the rest of its signs is 6 kB smaller.
WORDS = "".join(c for c in ASCII if c not in "#$@[\\]^_`{|}~<>&")
FIRST = {
    "serif-regular": WORDS + "\u00a0·×–—‘’“”…",
    "serif-italic": "".join(c for c in ASCII if c.isalnum() or c in " '()*,-./=+") + "·×Δασ−₀",
    "sans-regular": WORDS + "\u00a0±²³·¹×‘’“”–—…‖ΔΣασ←→−∂√≈₀₁⁰⁴⁵⁶⁷⁸⁹⁻ᵢ",
}
FIRST["sans-bold"] = FIRST["sans-regular"]
# Pairs nearer to their usual distance than this many units (1 % of the size) are left as they are.
LEAST_KERN = 20


def face(folder: Path, style: str) -> TTFont:
    file = folder / f"texgyrepagella-{style}.otf"
    font = TTFont(file, recalcTimestamp=False)
    options = subset.Options()
    # Symbols and the page's name are set in the italic: no running text that pairs of letters would show in.
    options.layout_features = ["kern"] if style == "regular" else []
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [1, 2, 3, 4, 6]
    options.notdef_outline = True
    worker = subset.Subsetter(options)
    worker.populate(text=TEXT if style == "regular" else SYMBOLS)
    worker.subset(font)
    add_small(font, TTFont(file))
    rename(font, "Italic" if "italic" in style else "Regular")
    return font


def sans_face(folder: Path, style: str) -> TTFont:
    """A style of Lato: figures of one width are its default, so that kerning is the only feature that is kept."""
    file = folder / f"Lato-{style}.ttf"
    font, whole = TTFont(file, recalcTimestamp=False), TTFont(file)
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.name_IDs = [1, 2, 3, 4, 6]
    options.notdef_outline = True
    worker = subset.Subsetter(options)
    worker.populate(text=SANS_TEXT)
    worker.subset(font)
    thin_kern(font, {name for code, name in font.getBestCmap().items() if code < 0x80 or 0x2000 <= code < 0x2030})
    glyphs, cmap = whole.getGlyphSet(), whole.getBestCmap()
    for char, letter in SANS_BELOW.items():
        source = cmap[ord(letter)]
        pen = TTGlyphPen(glyphs)
        glyphs[source].draw(TransformPen(pen, (SMALL, 0, 0, SMALL, 20, 2 * DROP)))
        add_glyph(font, char, pen.glyph(), round(glyphs[source].width * SMALL) + 40)
    for char, (width, points) in SIGNS.items():
        pen = TTGlyphPen(None)
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
        add_glyph(font, char, pen.glyph(), width)
    for record in font["name"].names:
        record.string = {1: SANS, 2: style, 3: f"{SANS} {style}, from Lato", 4: f"{SANS} {style}"}.get(
            record.nameID, f"{SANS.replace(' ', '')}-{style}"
        )
    return font


def add_glyph(font: TTFont, char: str, glyph, width: int) -> None:
    name = f"uni{ord(char):04X}"
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, glyph.xMin)
    for part in font["cmap"].tables:
        if part.isUnicode():
            part.cmap[ord(char)] = name


def thin_kern(font: TTFont, letters: set[str]) -> None:
    """Kerning among common letters alone, and only where it shows."""
    advance = lambda value: getattr(value, "XAdvance", 0) or 0
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in (getattr(one, "ExtSubTable", one) for one in lookup.SubTable):
            if table.LookupType != 2:
                continue
            if table.Format == 2:
                for pair in (second for first in table.Class1Record for second in first.Class2Record):
                    if abs(advance(pair.Value1)) < LEAST_KERN and pair.Value1:
                        pair.Value1.XAdvance = 0
                continue
            kept = []
            for first, pairs in zip(table.Coverage.glyphs, table.PairSet):
                records = [
                    pair
                    for pair in pairs.PairValueRecord
                    if first in letters and pair.SecondGlyph in letters and abs(advance(pair.Value1)) >= LEAST_KERN
                ]
                if records:
                    pairs.PairValueRecord, pairs.PairValueCount = records, len(records)
                    kept.append((first, pairs))
            table.Coverage.glyphs = [first for first, _ in kept]
            table.PairSet, table.PairSetCount = [pairs for _, pairs in kept], len(kept)


def add_small(font: TTFont, whole: TTFont) -> None:
    """The letters of BELOW and ABOVE, drawn from those of the whole font."""
    top = font["CFF "].cff.topDictIndex[0]
    glyphs, cmap = whole.getGlyphSet(), whole.getBestCmap()
    for table, shift in ((BELOW, DROP), (ABOVE, RISE)):
        for char, letter in table.items():
            source = cmap[ord(letter)]
            width = round(glyphs[source].width * SMALL) + 20
            pen = T2CharStringPen(width - top.Private.nominalWidthX, None)
            glyphs[source].draw(TransformPen(pen, (SMALL, 0, 0, SMALL, 10, shift)))
            outline = pen.getCharString(private=top.Private, globalSubrs=top.GlobalSubrs)
            bounds = BoundsPen(None)
            glyphs[source].draw(bounds)
            name = f"uni{ord(char):04X}"
            strings = top.CharStrings
            strings.charStringsIndex.append(outline)
            strings.charStrings[name] = len(strings.charStringsIndex) - 1
            top.charset.append(name)
            font["hmtx"][name] = (width, round(bounds.bounds[0] * SMALL) + 10)
            for part in font["cmap"].tables:
                if part.isUnicode():
                    part.cmap[ord(char)] = name
    font.setGlyphOrder(top.charset)


def rename(font: TTFont, style: str) -> None:
    """The font's licence asks that what is made from it has another name."""
    postscript = NAME.replace(" ", "") + "-" + style
    for record in font["name"].names:
        record.string = {1: NAME, 2: style, 3: f"{postscript}, from TeX Gyre Pagella", 4: f"{NAME} {style}"}.get(
            record.nameID, postscript
        )
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName = f"{NAME} {style}", NAME


def save(made: TTFont, name: str, signs: set[int]) -> None:
    whole = BytesIO()
    made.save(whole)
    whole.seek(0)
    part = TTFont(whole, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = ["kern"]
    options.name_IDs = [1, 2, 3, 4, 6]
    options.notdef_outline = True
    worker = subset.Subsetter(options)
    worker.populate(unicodes=signs)
    worker.subset(part)
    part.flavor = "woff2"
    path = OUT / f"{name}.woff2"
    part.save(path)
    print(path.name, path.stat().st_size)


def ranges(signs: set[int]) -> str:
    """As a style sheet lists them."""
    runs: list[list[int]] = []
    for sign in sorted(signs):
        if runs and runs[-1][1] == sign - 1:
            runs[-1][1] = sign
        else:
            runs.append([sign, sign])
    return ", ".join(f"U+{a:x}" if a == b else f"U+{a:x}-{b:x}" for a, b in runs)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    serif, sans = Path(sys.argv[1]), Path(sys.argv[2])
    faces = {f"serif-{style}": face(serif, style) for style in ("regular", "italic")}
    faces |= {f"sans-{style.lower()}": sans_face(sans, style) for style in ("Regular", "Bold")}
    for name, made in faces.items():
        signs = made.getBestCmap().keys()
        first = {sign for sign in signs if chr(sign) in FIRST[name]}
        for part, kept in ((name, first), (f"{name}-rest", signs - first)):
            save(made, part, kept)
        print("unicode-range:", ranges(first))
